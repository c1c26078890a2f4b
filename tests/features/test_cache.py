from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from diversity.features.cache import MAX_SHARDS, FeatureCache, content_keys


class Squares:
    """Squares of numbers, remembering which positions were asked for."""

    def __init__(self, numbers: list[int], batch: int = 2) -> None:
        self.numbers = numbers
        self.batch = batch
        self.asked: list[int] = []

    def __call__(self, positions: NDArray[np.int64]) -> Iterator[pa.Table]:
        for start in range(0, len(positions), self.batch):
            part = positions[start : start + self.batch]
            self.asked += part.tolist()
            yield pa.table({"square": [self.numbers[at] ** 2 for at in part]})


def keys(numbers: list[int]) -> list[bytes]:
    return content_keys([map(str, numbers)])


def test_rows_come_back_in_order_and_repeats_are_computed_once(tmp_path: Path) -> None:
    numbers = [3, 1, 3, 2, 1]
    squares = Squares(numbers)
    assert FeatureCache(tmp_path).compute(keys(numbers), squares)["square"].to_pylist() == [9, 1, 9, 4, 1]
    assert squares.asked == [0, 1, 3]


def test_known_rows_are_not_computed_again(tmp_path: Path) -> None:
    FeatureCache(tmp_path).compute(keys([1, 2]), Squares([1, 2]))
    numbers = [2, 5, 1]
    squares = Squares(numbers)
    assert FeatureCache(tmp_path).compute(keys(numbers), squares)["square"].to_pylist() == [4, 25, 1]
    assert squares.asked == [1]


def test_an_interrupted_run_keeps_what_it_had(tmp_path: Path) -> None:
    numbers = [1, 2, 3, 4]

    def stops(positions: NDArray[np.int64]) -> Iterator[pa.Table]:
        yield pa.table({"square": [1, 4]})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        FeatureCache(tmp_path).compute(keys(numbers), stops)
    squares = Squares(numbers)
    assert FeatureCache(tmp_path).compute(keys(numbers), squares)["square"].to_pylist() == [1, 4, 9, 16]
    assert squares.asked == [2, 3]


def test_a_broken_shard_is_left_out(tmp_path: Path) -> None:
    FeatureCache(tmp_path).compute(keys([1]), Squares([1]))
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 not really")
    assert FeatureCache(tmp_path).compute(keys([1, 2]), Squares([1, 2]))["square"].to_pylist() == [1, 4]


@pytest.mark.parametrize("place", [0.02, 0.1, 0.5, 0.9, 1.0])
def test_a_shard_with_a_flipped_bit_is_measured_anew_once(tmp_path: Path, place: float) -> None:
    numbers = list(range(40))
    FeatureCache(tmp_path).compute(keys(numbers[:20]), Squares(numbers, batch=20))
    [shard] = tmp_path.glob("*.parquet")
    FeatureCache(tmp_path).compute(keys(numbers[20:]), Squares(numbers[20:], batch=20))
    content = bytearray(shard.read_bytes())
    content[int(place * (len(content) - 1))] ^= 8
    shard.write_bytes(content)
    for asked in (list(range(20)), []):
        squares = Squares(numbers)
        found = FeatureCache(tmp_path).compute(keys(numbers), squares)
        assert found["square"].to_pylist() == [number**2 for number in numbers]
        assert squares.asked == asked
    assert not shard.exists()


def test_many_shards_become_one(tmp_path: Path) -> None:
    numbers = list(range(MAX_SHARDS + 2))
    for number in numbers:
        FeatureCache(tmp_path).compute(keys([number]), Squares([number]))
    assert FeatureCache(tmp_path).compute(keys(numbers), Squares(numbers))["square"].to_pylist() == [
        n * n for n in numbers
    ]
    assert len(list(tmp_path.glob("*.parquet"))) < MAX_SHARDS


def test_keys_tell_columns_apart() -> None:
    assert content_keys([["ab"], ["c"]]) != content_keys([["a"], ["bc"]])
