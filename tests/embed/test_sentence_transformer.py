from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diversity.embed import embed_texts, open_embedder
from diversity.embed.sentence_transformer import SentenceTransformerEmbedder
from diversity.errors import DiversityError, UsageError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", ":", "hello", "world", "good", "你", "好", "世", "界"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small BERT with random weights, saved as sentence-transformers does."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    base, saved = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("model")
    BertModel(
        BertConfig(
            vocab_size=len(WORDS),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            max_position_embeddings=64,
        )
    ).save_pretrained(base)
    BertTokenizerFast(vocab={word: i for i, word in enumerate(WORDS)}).save_pretrained(base)
    transformer = Transformer(str(base))
    model = SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu")
    model.save_pretrained(str(saved), create_model_card=False)
    return saved


@pytest.fixture(scope="module")
def embedder(folder: Path) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(str(folder), device="cpu")


def test_unit_rows_in_order(embedder: SentenceTransformerEmbedder) -> None:
    texts = ["你好", "hello world good", "hello", "世界 good good good"]
    vectors = embedder.encode(texts)
    assert vectors.shape == (4, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(embedder.encode(texts[::-1])[::-1], vectors, atol=1e-5)
    assert embedder.dimension == 16


def test_prefix_and_limit_change_vectors_and_key(folder: Path, embedder: SentenceTransformerEmbedder) -> None:
    prefixed = SentenceTransformerEmbedder(str(folder), device="cpu", prefix="query: ")
    np.testing.assert_allclose(prefixed.encode(["hello"]), embedder.encode(["query: hello"]), atol=1e-5)
    short = SentenceTransformerEmbedder(str(folder), device="cpu", max_seq_length=3)
    np.testing.assert_allclose(short.encode(["hello world"]), short.encode(["hello good"]), atol=1e-5)
    assert len({embedder.key, prefixed.key, short.key}) == 3


def test_precision_and_batch_size(folder: Path, embedder: SentenceTransformerEmbedder) -> None:
    coarse = SentenceTransformerEmbedder(str(folder), device="cpu", precision="bfloat16", batch_size=1)
    exact = embedder.encode(["hello world", "你好 世界"])
    rounded = coarse.encode(["hello world", "你好 世界"])
    assert not np.array_equal(exact, rounded)
    assert (exact * rounded).sum(axis=1).min() > 0.99
    assert coarse.key != embedder.key
    assert SentenceTransformerEmbedder(str(folder), batch_size=7).key == embedder.key


def test_key_follows_the_folders_content(folder: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    import shutil

    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    assert SentenceTransformerEmbedder(str(copy)).key == embedder.key
    weights = next(copy.rglob("*.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(bytes(data))
    assert SentenceTransformerEmbedder(str(copy)).key != embedder.key


def test_cached_run_does_not_load_the_model(folder: Path, tmp_path: Path) -> None:
    first = embed_texts(["hello", "你好"], SentenceTransformerEmbedder(str(folder), device="cpu"), tmp_path)
    fresh = SentenceTransformerEmbedder(str(folder), device="cpu")
    second = embed_texts(["hello", "你好"], fresh, tmp_path)
    assert second.from_cache == 2
    np.testing.assert_array_equal(first.unique, second.unique)
    assert "_model" not in fresh.__dict__


def test_missing_folder_is_said() -> None:
    with pytest.raises(UsageError, match="no embedder folder"):
        open_embedder("./no/such/folder")


def test_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(DiversityError, match="cannot be opened"):
        SentenceTransformerEmbedder(str(tmp_path)).encode(["hello"])


def test_no_network_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionError("Name or service not known")

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", unreachable)
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_, **__: None)
    with pytest.raises(DiversityError, match="cannot be reached"):
        _ = SentenceTransformerEmbedder("organisation/model").key


def test_downloaded_model_needs_no_network_for_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    path = "hub/models--sentence-transformers--small/snapshots/abc123/config.json"
    asked: list[str] = []

    def look(repository: str, file: str) -> str:
        asked.append(repository)
        return path

    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", look)
    assert "abc123" in SentenceTransformerEmbedder("small").key
    assert asked == ["sentence-transformers/small"]
