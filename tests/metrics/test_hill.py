from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.metrics.hill import hill_numbers

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
