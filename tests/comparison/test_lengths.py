from __future__ import annotations

import numpy as np
import pytest
from comparison.toy import apart, keys
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp, wasserstein_distance

from diversity.comparison.lengths import distances, length_drift
from diversity.comparison.sides import draw_sides

tokens = st.lists(st.integers(0, 200), min_size=12, max_size=12)


@given(tokens, tokens)
def test_they_are_scipy_s(first: list[int], second: list[int]) -> None:
    values = np.array([*first, *second], dtype=float)
    ks, far = distances(values, (np.arange(24) >= 12)[:, None], 1.0)
    assert ks[0] == pytest.approx(ks_2samp(first, second).statistic)
    assert far[0] == pytest.approx(wasserstein_distance(first, second))


@given(st.lists(st.integers(1, 500), min_size=30, max_size=30), st.lists(st.integers(1, 500), min_size=30, max_size=30))
def test_of_the_whole_versions_though_only_changed_rows_are_looked_at(first: list[int], second: list[int]) -> None:
    """20 of 50 rows are in both versions."""
    both = [7 * n for n in range(20)]
    old, new = (np.array([*one, *both], dtype=float) for one in (first, second))
    names = [keys(*(f"{side}{n}" for n in range(30)), *(f"both{n}" for n in range(20))) for side in "ab"]
    found = length_drift(old, new, draw_sides(*names, 1000), 7)
    assert found.ks == pytest.approx(ks_2samp(old, new).statistic)
    assert found.tokens == pytest.approx(wasserstein_distance(old, new))
    doublings = wasserstein_distance(np.log2(np.maximum(old, 1)), np.log2(np.maximum(new, 1)))
    assert found.doublings == pytest.approx(doublings)


def test_twice_as_long_is_one_doubling() -> None:
    lengths = np.random.default_rng(0).integers(10, 1000, 200).astype(float)
    found = length_drift(lengths, 2 * lengths, apart(200), 7)
    assert found.doublings == pytest.approx(1.0)
    assert found.doublings_p < 0.01
    assert found.ks_p < 0.01


def test_one_version_against_itself() -> None:
    lengths, names = np.arange(50, dtype=float), keys(*range(50))
    found = length_drift(lengths, lengths, draw_sides(names, names, 100), 7)
    assert (found.ks, found.tokens, found.doublings, found.ks_p, found.doublings_p) == (0, 0, 0, 1, 1)
