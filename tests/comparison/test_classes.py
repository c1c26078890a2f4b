from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from comparison.toy import apart, keys
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.distance import jensenshannon

from diversity.comparison import classes
from diversity.comparison.classes import class_drift, js_divergence
from diversity.comparison.sides import draw_sides

counts = st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(any)


@given(counts, counts)
def test_it_is_the_square_of_scipy_s_distance(first: list[int], second: list[int]) -> None:
    p, q = (np.array(one, dtype=float)[:, None] / sum(one) for one in (first, second))
    assert js_divergence(p, q)[0] == pytest.approx(jensenshannon(p[:, 0], q[:, 0], base=2) ** 2, abs=1e-9)


def test_by_hand() -> None:
    """Half against all: mean 3/4, so ½·(½·log2(½ / ¾) + ½·log2(½ / ¼)) + ½·log2(1 / ¾)."""
    old, new = pd.Series(["x", "x", "y", "y"] * 5), pd.Series(["x"] * 20)
    found = class_drift(old, new, apart(20), 7)
    assert found.divergence == pytest.approx((0.5 * np.log2(2 / 3) + 0.5 + np.log2(4 / 3)) / 2)
    assert found.variation == 0.5
    assert found.moved == [("x", 0.5, 1.0), ("y", 0.5, 0.0)]
    assert found.p < 0.01


def test_the_same_labels_are_no_drift() -> None:
    labels = pd.Series(["x", "y"] * 20)
    found = class_drift(labels, labels, draw_sides(labels, labels, 100), 7)
    assert (found.divergence, found.variation, found.p, found.moved) == (0.0, 0.0, 1.0, [])


def test_nothing_in_common_is_one_bit() -> None:
    found = class_drift(pd.Series(["x"] * 30), pd.Series(["y"] * 30), apart(30), 7)
    assert found.divergence == pytest.approx(1.0)
    assert found.variation == 1.0


def test_what_both_have_is_part_of_the_shares() -> None:
    """Nine of ten rows are shared: the others change everything, and the whole a tenth."""
    old = [f"k{n}" for n in range(100)]
    new = [*old[:90], *(f"n{n}" for n in range(10))]
    labels = pd.Series(["x"] * 100), pd.Series(["x"] * 90 + ["y"] * 10)
    found = class_drift(*labels, draw_sides(keys(*old), keys(*new), 100), 7)
    assert found.variation == pytest.approx(0.1)
    assert found.p < 0.01


def test_thousands_of_labels_cost_no_more_memory_and_new_ones_still_show(monkeypatch: pytest.MonkeyPatch) -> None:
    widths: list[int] = []
    real = classes.js_divergence

    def seen(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
        widths.append(len(p))
        return real(p, q)

    monkeypatch.setattr(classes, "js_divergence", seen)
    old = pd.Series([f"type{n % 4000}" for n in range(8000)])
    new = old + pd.Series(["x" if n % 2 else "" for n in range(8000)])
    sides = draw_sides(keys(*(f"k{n}" for n in range(8000))) + old, keys(*(f"k{n}" for n in range(8000))) + new, 1000)
    found = class_drift(old, new, sides, 7)
    assert max(widths) <= 2 * classes.MOST
    assert found.p < 0.01
    assert {name.endswith("x") for name, before, _ in found.moved if before == 0} == {True}


def test_labels_that_are_all_rare_and_come_by_chance_are_no_drift() -> None:
    chance = np.random.default_rng(0)
    low = 0
    for seed in range(20):
        old, new = (pd.Series([f"type{n}" for n in chance.integers(0, 3000, 600)]) for _ in range(2))
        low += class_drift(old, new, apart(600), seed).p <= 0.05
    assert low <= 4
