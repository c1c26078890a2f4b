"""NovelSum against its definition in plain loops, and without the faults of the published code."""

from __future__ import annotations

import numpy as np
import pytest
from set_samples import random_rows

from diversity.metrics.novelsum import DENSITY, NEIGHBORS, PROXIMITY, density, novelty


def by_definition(rows: np.ndarray, pool: np.ndarray) -> float:
    """Yang et al. 2025: the mean over i of sum_j w_ij σ_j d_ij, the weights of each i brought to a sum of 1."""
    total = 0.0
    for i, one in enumerate(rows):
        others = sorted((1 - float(one @ other), j) for j, other in enumerate(rows) if j != i)
        weights = [1 / rank**PROXIMITY for rank in range(1, len(others) + 1)]
        crowds = []
        for _, j in others:
            near = sorted(1 - float(rows[j] @ text) for text in pool)[:NEIGHBORS]
            crowds.append(1 / sum(near) ** DENSITY)
        summed = sum(w * crowd * d for w, crowd, (d, _) in zip(weights, crowds, others, strict=True))
        total += summed / sum(weights)
    return total / len(rows)


def found(rows: np.ndarray, pool: np.ndarray) -> float:
    return float(novelty(rows @ rows.T, density(rows @ pool.T)).mean())


@pytest.mark.parametrize("count", [2, 7, 40])
def test_against_the_definition(count: int) -> None:
    rows, pool = random_rows(count, 16, seed=1), random_rows(25, 16, seed=2)
    assert found(rows, pool) == pytest.approx(by_definition(rows, pool), rel=1e-5)


def test_by_hand() -> None:
    """Two texts at right angles, a pool of ten at distance 1 of the first and 0.2 of the second."""
    rows = np.eye(2, dtype=np.float32)
    pool = np.tile(np.array([[0.0, 0.8]], np.float32), (10, 1))
    crowd = density(rows @ pool.T)
    assert crowd == pytest.approx([10**-0.5, 2**-0.5])
    assert novelty(rows @ rows.T, crowd) == pytest.approx([2**-0.5, 10**-0.5])


def test_a_copy_is_a_neighbour_at_distance_nought_and_the_text_itself_is_none() -> None:
    """Of three texts at right angles each has two others, weighed 1 and 1/2; with a copy the nearest is at 0."""
    rows = np.eye(3, dtype=np.float32)
    even = np.ones(4)
    assert novelty(rows @ rows.T, even) == pytest.approx(np.ones(3))
    rows = rows[[0, 0, 1, 2]]
    weights = np.array([1, 1 / 2, 1 / 3])
    assert novelty(rows @ rows.T, even)[0] == pytest.approx((weights[1] + weights[2]) / weights.sum())


def test_a_text_that_is_the_pool_s_own_has_a_finite_density() -> None:
    rows = np.eye(2, dtype=np.float32)
    assert np.isfinite(density(rows @ np.repeat(rows, 20, axis=0).T)).all()
