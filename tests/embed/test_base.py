from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.embed.base import center, unit_rows


def test_center_subtracts_the_mean_and_scales_to_unit_length() -> None:
    vectors = np.array([[1, 0], [0, 1]], dtype=np.float32)
    centred, mean = center(vectors)
    np.testing.assert_allclose(mean, [0.5, 0.5])
    np.testing.assert_allclose(centred, [[0.70710678, -0.70710678], [-0.70710678, 0.70710678]], rtol=1e-6)


def test_center_uses_the_mean_it_is_given() -> None:
    centred, mean = center(np.array([[1, 0]], dtype=np.float32), np.array([0, 1], dtype=np.float32))
    np.testing.assert_allclose(mean, [0, 1])
    np.testing.assert_allclose(centred, [[0.70710678, -0.70710678]], rtol=1e-6)


@pytest.mark.parametrize("n", [1, 2, 1000])
def test_rows_without_a_direction_become_zeros(n: int) -> None:
    row = unit_rows(np.random.default_rng(0).normal(size=(1, 512)).astype(np.float32))
    centred, _ = center(np.repeat(row, n, axis=0))
    assert not centred.any()


def test_center_of_nothing() -> None:
    centred, mean = center(np.empty((0, 4), dtype=np.float32))
    assert centred.shape == (0, 4)
    assert mean.tolist() == [0, 0, 0, 0]


@given(st.integers(1, 40), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_rows_are_of_unit_length_or_zero(n: int, d: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    lengths = np.linalg.norm(center(vectors)[0], axis=1)
    assert np.all((np.abs(lengths - 1) < 1e-5) | (lengths == 0))
