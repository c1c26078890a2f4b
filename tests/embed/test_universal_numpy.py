from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from diversity.embed import universal_numpy
from diversity.embed.universal_numpy import NumpyEncoder, _micro_batches


@pytest.fixture(scope="module")
def encoder() -> NumpyEncoder:
    return NumpyEncoder(threads=1)


def test_threads_change_nothing(encoder: NumpyEncoder, texts: list[str]) -> None:
    many = NumpyEncoder(threads=3)
    np.testing.assert_array_equal(many.encode(texts * 20), encoder.encode(texts * 20))


def test_runs_hold_whole_texts_and_every_token_once() -> None:
    lengths = np.array([3, 1000, 50, 4000, 2, 2])
    runs = list(_micro_batches(lengths))
    assert [(texts.start, texts.stop) for texts, _ in runs] == [(0, 2), (2, 3), (3, 4), (4, 6)]
    for texts, tokens in runs:
        assert tokens.stop - tokens.start == lengths[texts].sum()
    assert runs[0][1].start == 0
    assert runs[-1][1].stop == lengths.sum()


def test_an_empty_text_has_a_vector_and_no_text_has_none(encoder: NumpyEncoder) -> None:
    assert encoder.encode([]).shape == (0, 512)
    found = encoder.encode(["", "好"])
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_a_text_in_pieces_has_the_vector_of_the_whole(
    encoder: NumpyEncoder, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = [" ".join(texts), "", "".join(reversed(texts[0])), "好" * 400, " ".join(texts[:5])]
    monkeypatch.setattr(universal_numpy, "_MICRO_TOKENS", 10**6)
    whole = encoder.encode(long)
    monkeypatch.setattr(universal_numpy, "_MICRO_TOKENS", 37)
    np.testing.assert_allclose(encoder.encode(long), whole, atol=2e-6)


def test_memory_is_that_of_a_piece(encoder: NumpyEncoder) -> None:
    text = "The weather is fine and nothing happens today. " * 20_000
    encoder.encode([text[:1000]])
    tracemalloc.start()
    encoder.encode([text])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Features of all its 180,000 tokens at once take more than a gigabyte.
    assert peak < 120e6
