from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from diversity.metrics.hill import hill_numbers, rarefied_entropy

counts = st.lists(st.integers(0, 1000), max_size=30).map(lambda values: np.array(values, dtype=np.int64))


def test_by_hand() -> None:
    assert hill_numbers(np.array([5, 5, 5, 5])) == pytest.approx({"q0": 4, "q1": 4, "q2": 4})
    # p = (1/2, 1/4, 1/4): entropy 1.5 bits, so 2 ** 1.5; sum p² = 3/8.
    assert hill_numbers(np.array([2, 1, 1, 0])) == pytest.approx({"q0": 3, "q1": 2**1.5, "q2": 8 / 3})
    assert hill_numbers(np.array([], dtype=np.int64)) == {"q0": 0, "q1": 0, "q2": 0}


@given(counts)
def test_orders_fall_and_stay_between_one_and_the_number_of_kinds(values) -> None:
    hill = hill_numbers(values)
    assert hill["q0"] == (values > 0).sum()
    assert hill["q2"] <= hill["q1"] + 1e-9
    assert hill["q1"] <= hill["q0"] + 1e-9
    assert hill["q2"] >= (1 - 1e-9 if (values > 0).any() else 0)


@given(counts, st.integers(2, 5))
def test_doubling_every_count_changes_nothing(values, times: int) -> None:
    assert hill_numbers(values * times) == pytest.approx(hill_numbers(values))


def test_the_expected_entropy_is_that_of_all_draws() -> None:
    """Of two of (2, 1): the pairs aa, ab, ab, so one bit twice in three times."""
    assert rarefied_entropy(np.array([2, 1]), 2) == pytest.approx(np.log(2) * 2 / 3)
    kinds = np.repeat(np.arange(4), [7, 3, 2, 1])
    random = np.random.default_rng(0)
    drawn = [np.log(hill_numbers(np.bincount(random.choice(kinds, 6, replace=False)))["q1"]) for _ in range(4000)]
    assert rarefied_entropy(np.array([7, 3, 0, 2, 1]), 6) == pytest.approx(np.mean(drawn), abs=0.02)


@given(counts.filter(lambda one: one.sum() > 0))
def test_the_entropy_of_everything_is_the_entropy(values: NDArray[np.int64]) -> None:
    assert np.exp(rarefied_entropy(values, int(values.sum()))) == pytest.approx(hill_numbers(values)["q1"])


def test_the_order_of_types_moves_not_one_digit() -> None:
    counts = np.random.default_rng(0).integers(1, 90, 400)
    assert hill_numbers(counts) == hill_numbers(counts[::-1])
