from __future__ import annotations

import math

import numpy as np
import pytest
from set_samples import random_rows

from diversity.metrics.log_det import RIDGE, mean_log_det


@pytest.mark.parametrize(("count", "width"), [(30, 8), (8, 30), (20, 20)])
def test_against_the_determinant_of_the_kernel(count: int, width: int) -> None:
    rows = random_rows(count, width)
    kernel = (rows @ rows.T + RIDGE * np.eye(count)) / (1 + RIDGE)
    sign, plain = np.linalg.slogdet(kernel.astype(np.float64))
    assert sign == 1
    assert mean_log_det(rows) == pytest.approx(plain / count, rel=1e-4)


def test_by_hand() -> None:
    """At right angles the kernel is the unit matrix; of two copies it is (1.1² - 1) / 1.1²."""
    axes = np.eye(4, dtype=np.float32)
    assert mean_log_det(axes) == pytest.approx(0, abs=1e-6)
    assert mean_log_det(axes[[0, 0]]) == pytest.approx(math.log((1.1**2 - 1) / 1.1**2) / 2, rel=1e-5)


def test_many_copies_tend_to_the_lowest_value() -> None:
    assert mean_log_det(np.tile(np.eye(3, dtype=np.float32)[0], (5000, 1))) == pytest.approx(
        math.log(RIDGE / (1 + RIDGE)), abs=0.01
    )
