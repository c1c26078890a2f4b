from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from comparison.toy import apart, keys
from hypothesis import given
from hypothesis import strategies as st

from diversity.comparison.sides import Sides, draw_sides, p_value


def named(rows: pd.Series, places: np.ndarray) -> list[str]:
    return sorted(rows.iloc[places])


def test_rows_that_both_have_are_drawn_in_both() -> None:
    old, new = keys("a", "b", "c", "d"), keys("b", "c", "x", "y")
    sides = draw_sides(old, new, 100)
    assert named(old, sides.shared_old) == named(new, sides.shared_new) == ["b", "c"]
    assert named(old, sides.old) == ["a", "d"]
    assert named(new, sides.new) == ["x", "y"]
    assert (sides.size, sides.changed, sides.changed_share) == (4, 2, 0.5)


def test_a_row_is_shared_as_often_as_both_have_it() -> None:
    old, new = keys("a", "a", "a", "b"), keys("a", "b", "b", "b")
    sides = draw_sides(old, new, 100)
    assert named(old, sides.shared_old) == ["a", "b"]
    assert named(old, sides.old) == ["a", "a"]
    assert named(new, sides.new) == ["b", "b"]
    # The two copies of "a" are one thing that happened, and so are those of "b".
    assert len(set(sides.groups[:2])) == len(set(sides.groups[2:])) == 1


@given(st.lists(st.integers(0, 30), max_size=60), st.lists(st.integers(0, 30), max_size=60), st.integers(1, 20))
def test_sides_are_equal_and_within_bounds(old: list[int], new: list[int], most: int) -> None:
    first, second = keys(*old), keys(*new)
    sides = draw_sides(first, second, most)
    assert len(sides.old) == len(sides.new) <= most
    assert sides.size <= min(len(old), len(new))
    assert named(first, sides.shared_old) == named(second, sides.shared_new)
    for places, rows in ((sides.old, first), (sides.new, second)):
        assert len(set(places)) == len(places)
        assert not len(places) or places.max() < len(rows)


def test_the_order_of_the_records_does_not_matter() -> None:
    old, new = keys(*range(300)), keys(*range(200, 500))
    mixed = np.random.default_rng(0).permutation(300)
    first, second = draw_sides(old, new, 50), draw_sides(old.iloc[mixed], new.iloc[mixed[::-1]], 50)
    assert named(old, first.old) == named(old.iloc[mixed], second.old)
    assert named(new, first.shared_new) == named(new.iloc[mixed[::-1]], second.shared_new)


def test_one_version_against_itself_has_nothing_that_changed() -> None:
    sides = draw_sides(keys(*range(9)), keys(*range(9)), 5)
    assert (sides.size, sides.changed) == (9, 0)
    assert sides.shuffles(7, 3).shape == (0, 3)


def test_shuffles_deal_halves_and_keep_groups_together() -> None:
    only = np.ones(4, bool)
    sides = Sides(*(np.arange(4) for _ in range(4)), only, only, groups=np.array([0, 0, 1, 2, 3, 3, 4, 5]))
    dealt = sides.shuffles(7, 400)
    assert dealt.shape == (8, 400)
    assert (dealt[0] == dealt[1]).all()
    assert (dealt[4] == dealt[5]).all()
    assert set(dealt.sum(axis=0)) <= {3, 4, 5}
    assert dealt.mean(axis=1) == pytest.approx([0.5] * 8, abs=0.1)
    assert (dealt == sides.shuffles(7, 400)).all()
    assert (dealt != sides.shuffles(8, 400)).any()


def test_single_rows_are_dealt_into_exact_halves() -> None:
    assert set(apart(20).shuffles(7, 100).sum(axis=0)) == {20}


def test_the_observed_case_counts_as_one_of_the_shuffles() -> None:
    assert p_value(2.0, np.array([1.0, 1.0, 1.0])) == 0.25
    assert p_value(1.0, np.array([1.0, 2.0, 0.0])) == 0.75


def test_what_was_not_drawn_from_the_larger_version_is_not_only_in_the_smaller() -> None:
    old = pd.Series([f"text {n}" for n in range(1000)])
    new = pd.Series([f"text {n}" for n in range(900, 1100)])
    sides = draw_sides(old, new, 2000)
    assert sides.size == 200
    # Every row of the smaller version is drawn; a hundred of them are news.
    assert sorted(new.iloc[sides.new[sides.only_new]]) == sorted(f"text {n}" for n in range(1000, 1100))
    assert sides.changed > 100
    assert set(old.iloc[sides.old[sides.only_old]]) <= {f"text {n}" for n in range(900)}
    assert int(sides.only_old.sum()) + len(set(old.iloc[sides.old[~sides.only_old]])) == sides.changed


def test_a_further_copy_is_not_only_in_one_version() -> None:
    sides = draw_sides(pd.Series(["a", "a", "b"]), pd.Series(["a", "b", "c"]), 10)
    assert sides.changed == 1
    assert (sides.only_old.tolist(), sides.only_new.tolist()) == ([False], [True])


def blocks(old: list[object], new: list[object]) -> list[int]:
    """Sizes of what changes sides together, the largest first."""
    sides = draw_sides(keys(*old), keys(*new), 1000)
    return sorted(np.unique(sides.groups, return_counts=True)[1].tolist(), reverse=True)


def test_copies_that_came_together_by_chance_stay_together() -> None:
    # 60 copies against 40 are two standard deviations apart (√100 = 10): one throw of chance.
    assert blocks(["a"] * 60, ["a"] * 40 + [f"b{n}" for n in range(20)])[0] == 20


def test_copies_beyond_chance_change_sides_in_blocks() -> None:
    # 100 copies against none: blocks of four leave Σ size² at 4 · 100, twice chance's standard deviation.
    assert blocks([f"a{n}" for n in range(100)], ["b"] * 100) == [4] * 25 + [1] * 100
    assert blocks([f"a{n}" for n in range(7)], ["b"] * 7) == [7] + [1] * 7


@pytest.mark.parametrize("repeats", [2, 25])
def test_halves_of_a_set_full_of_repeats_raise_few_alarms(repeats: int) -> None:
    """The mean length in halves of a set of copies, tested at 5%: blocks too small call chance news."""
    lengths = np.random.default_rng(1).normal(size=400)
    alarms = 0
    for seed in range(120):
        mixed = np.random.default_rng(seed).permutation(np.arange(400) // repeats)
        old, new = mixed[:200], mixed[200:]
        sides = draw_sides(keys(*old), keys(*new), 1000)
        x = np.concatenate([lengths[old][sides.old], lengths[new][sides.new]])
        later = np.column_stack([sides.observed, sides.shuffles(seed, 99)])
        means = (x @ later) / later.sum(axis=0) - (x @ ~later) / (~later).sum(axis=0)
        alarms += p_value(abs(means[0]), abs(means[1:])) <= 0.05
    # Binomial(120, 0.05) is at most 13 in 99.7% of cases.
    assert alarms <= 13
