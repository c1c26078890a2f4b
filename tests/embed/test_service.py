from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from diversity.embed import embed_texts
from diversity.embed.cache import pack, unpack


def _expected(fake: Any, texts: list[str]) -> np.ndarray:
    return unpack(pack(np.stack([fake.vector(text) for text in texts]).astype(np.float32)))


def test_order_duplicates_and_empties(fake: Any) -> None:
    result = embed_texts(["b", "", "a", "b", " \n\u3000", "a "], fake, None)
    assert result.index.tolist() == [0, -1, 1, 0, -1, 2]
    assert result.valid.tolist() == [True, False, True, True, False, True]
    assert sorted(fake.seen) == ["a", "a ", "b"]
    np.testing.assert_array_equal(result.unique, _expected(fake, ["b", "a", "a "]))
    np.testing.assert_array_equal(result.rows()[[1, 4]], 0)
    np.testing.assert_array_equal(result.rows()[3], result.unique[0])
    assert (result.computed, result.from_cache) == (3, 0)


@pytest.mark.parametrize("texts", [[], ["", "  "]])
def test_nothing_to_embed(fake: Any, tmp_path: Path, texts: list[str]) -> None:
    result = embed_texts(texts, fake, tmp_path)
    assert result.unique.shape == (0, 16)
    assert result.index.tolist() == [-1] * len(texts)
    assert fake.seen == []


def test_second_run_computes_nothing_and_agrees_to_the_bit(fake: Any, tmp_path: Path) -> None:
    texts = [f"文本 {i % 700}" for i in range(1000)]
    first = embed_texts(texts, fake, tmp_path, chunk=64)
    fake.seen.clear()
    second = embed_texts(texts, fake, tmp_path)
    assert fake.seen == []
    assert (second.computed, second.from_cache) == (0, 700)
    np.testing.assert_array_equal(first.unique, second.unique)
    np.testing.assert_array_equal(first.index, second.index)


def test_only_new_texts_are_computed(fake: Any, tmp_path: Path) -> None:
    embed_texts(["a", "b"], fake, tmp_path)
    fake.seen.clear()
    result = embed_texts(["c", "b", "a"], fake, tmp_path)
    assert fake.seen == ["c"]
    assert (result.computed, result.from_cache) == (1, 2)
    np.testing.assert_array_equal(result.unique, _expected(fake, ["c", "b", "a"]))


def test_other_key_shares_nothing(make_fake: Any, tmp_path: Path) -> None:
    embed_texts(["a"], make_fake("one"), tmp_path)
    other = make_fake("two")
    embed_texts(["a"], other, tmp_path)
    assert other.seen == ["a"]


def test_interrupted_run_goes_on_where_it_stood(fake: Any, tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(100)]

    def stop_after_half(done: int, total: int) -> None:
        assert total == 100
        if done >= 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed_texts(texts, fake, tmp_path, progress=stop_after_half, chunk=10)
    assert len(fake.seen) == 50
    result = embed_texts(texts, fake, tmp_path, chunk=10)
    assert len(fake.seen) == len(set(fake.seen)) == 100
    np.testing.assert_array_equal(result.unique, _expected(fake, texts))


def test_progress_rises_to_the_total(fake: Any, tmp_path: Path) -> None:
    embed_texts(["a", "b"], fake, tmp_path)
    seen: list[tuple[int, int]] = []
    embed_texts(["a", "b", "c", "d", "", "d"], fake, tmp_path, progress=lambda *at: seen.append(at), chunk=1)
    assert seen == [(2, 4), (3, 4), (4, 4)]


def test_result_does_not_depend_on_the_order_of_texts(fake: Any) -> None:
    texts = ["x" * (i % 17 + 1) + str(i) for i in range(300)]
    shuffled = np.random.default_rng(0).permutation(300)
    straight = embed_texts(texts, fake, None, chunk=7).rows()
    mixed = embed_texts([texts[i] for i in shuffled], fake, None, chunk=11).rows()
    np.testing.assert_array_equal(straight[shuffled], mixed)


def test_arrow_column_is_the_same_as_a_list(fake: Any, tmp_path: Path) -> None:
    texts = ["一", "two", "", "一", "three " * 50]
    column = pa.chunked_array([pa.array(texts[:2], pa.large_string()), pa.array(texts[2:], pa.large_string())])
    from_column, from_list = embed_texts(column, fake, None), embed_texts(texts, fake, None)
    np.testing.assert_array_equal(from_column.index, from_list.index)
    np.testing.assert_array_equal(from_column.unique, from_list.unique)


def test_lone_surrogates_are_texts_like_others(fake: Any, tmp_path: Path) -> None:
    assert embed_texts(["\ud83d", "\ud83e"], fake, tmp_path).computed == 2
