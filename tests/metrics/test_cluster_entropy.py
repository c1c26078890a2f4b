from __future__ import annotations

import math

import numpy as np
import pytest
from set_samples import random_rows

from diversity.metrics.cluster_entropy import CELLS, cells, entropy

PINNED = [127, 122, 78, 92, 5, 113]


def test_entropy_by_hand() -> None:
    assert entropy(np.array([3, 3, 3])) == 0
    assert entropy(np.array([0, 1, 2, 3])) == pytest.approx(2)
    assert entropy(np.array([5, 5, 9])) == pytest.approx(-(2 / 3) * math.log2(2 / 3) - (1 / 3) * math.log2(1 / 3))


def test_the_cells_do_not_depend_on_the_data() -> None:
    rows = random_rows(300, 24)
    together = cells(rows)
    assert np.array_equal(together[100:130], cells(rows[100:130]))
    assert together.min() >= 0
    assert together.max() < CELLS


def test_the_cells_stay_what_they_were() -> None:
    """A pinned case: with other directions no two reports could be compared."""
    assert cells(np.eye(6, dtype=np.float32)).tolist() == PINNED


def test_a_direction_and_its_opposite_are_different_cells() -> None:
    rows = random_rows(50, 24)
    assert (cells(rows) // 2).tolist() == (cells(-rows) // 2).tolist()
    assert (cells(rows) != cells(-rows)).all()


def test_directions_in_all_ways_fill_the_cells_evenly() -> None:
    assert entropy(cells(random_rows(20_000, 64))) > math.log2(CELLS) - 0.1
    assert entropy(cells(random_rows(2_000, 64))) <= math.log2(CELLS)
