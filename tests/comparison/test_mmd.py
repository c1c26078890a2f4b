from __future__ import annotations

from itertools import product
from math import exp

import numpy as np
import pytest

from diversity.comparison.mmd import rbf_kernel, unbiased_mmd2


def plain(x: list[np.ndarray], y: list[np.ndarray], median: float) -> float:
    """Gretton et al. 2012, equation 3, pair by pair."""

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return exp(-float(((a - b) ** 2).sum()) / (2 * median**2))

    m, n = len(x), len(y)
    within_x = sum(k(x[i], x[j]) for i, j in product(range(m), repeat=2) if i != j) / (m * (m - 1))
    within_y = sum(k(y[i], y[j]) for i, j in product(range(n), repeat=2) if i != j) / (n * (n - 1))
    return within_x + within_y - 2 * sum(k(a, b) for a in x for b in y) / (m * n)


@pytest.mark.parametrize(("m", "n", "shift"), [(7, 7, 0.0), (9, 5, 0.5), (6, 8, 2.0)])
def test_it_is_the_plain_double_loop(m: int, n: int, shift: float) -> None:
    rng = np.random.default_rng(m)
    rows = rng.normal(size=(m + n, 4)).astype(np.float32)
    rows[m:] += shift
    distances = [float(np.linalg.norm(a - b)) for i, a in enumerate(rows) for b in rows[i + 1 :]]
    # The median of an even number of squares is the mean of two of them.
    middle = float(np.median(np.square(distances))) ** 0.5
    later = (np.arange(m + n) >= m)[:, None]
    found = unbiased_mmd2(rbf_kernel(rows), later)[0]
    assert found == pytest.approx(plain(list(rows[:m]), list(rows[m:]), middle), abs=1e-5)


def test_many_labellings_at_once_are_each_one_alone() -> None:
    rng = np.random.default_rng(0)
    kernel = rbf_kernel(rng.normal(size=(30, 5)).astype(np.float32))
    later = rng.random((30, 9)) < 0.5
    assert unbiased_mmd2(kernel, later) == pytest.approx(
        [unbiased_mmd2(kernel, later[:, [column]])[0] for column in range(9)], abs=1e-6
    )


def test_it_is_zero_on_average_for_parts_drawn_alike() -> None:
    rng = np.random.default_rng(1)
    kernel = rbf_kernel(rng.normal(size=(60, 3)).astype(np.float32))
    later = np.array([rng.permutation(60) < 30 for _ in range(2000)]).T
    found = unbiased_mmd2(kernel, later)
    assert abs(found.mean()) < 4 * found.std() / 2000**0.5


def test_equal_vectors_are_no_distance_and_no_crash() -> None:
    kernel = rbf_kernel(np.ones((10, 3), dtype=np.float32))
    assert unbiased_mmd2(kernel, (np.arange(10) > 4)[:, None])[0] == pytest.approx(0.0)
