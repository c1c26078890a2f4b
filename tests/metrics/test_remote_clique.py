from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from set_samples import random_rows

from diversity.metrics.remote_clique import mean_distance


@settings(max_examples=25)
@given(st.integers(2, 60), st.integers(0, 1000))
def test_against_all_pairs(count: int, seed: int) -> None:
    rows = random_rows(count, 9, seed)
    plain = np.mean([1 - float(first @ second) for first, second in combinations(rows, 2)])
    assert mean_distance(rows) == pytest.approx(plain, abs=1e-5)


def test_by_hand() -> None:
    """Right angles: 1. Two copies and one at a right angle: distances 0, 1, 1. Opposites: 2."""
    axes = np.eye(3, dtype=np.float32)
    assert mean_distance(axes) == pytest.approx(1)
    assert mean_distance(axes[[0, 0, 1]]) == pytest.approx(2 / 3)
    assert mean_distance(np.array([[1, 0], [-1, 0]], np.float32)) == pytest.approx(2)
