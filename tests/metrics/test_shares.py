"""A share that is sure: below the share drawn, right as often as it says, whatever the number of groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from diversity.metrics.shares import surely


def test_all_of_a_group() -> None:
    # groups · tⁿ / t = 0.05
    assert surely(20, 20) == pytest.approx(0.05 ** (1 / 19))
    assert surely(20, 20, 20) == pytest.approx(0.0025 ** (1 / 19))


def test_chance_reaches_it_in_five_cases_of_a_hundred() -> None:
    share = surely(300, 1000, 20)
    assert 20 * binom.sf(299, 1000, share) / share == pytest.approx(0.05)


@given(st.integers(2, 300), st.integers(2, 300), st.integers(1, 500))
def test_it_lies_below_what_was_seen_and_falls_with_the_groups(count: int, of: int, groups: int) -> None:
    count = min(count, of)
    share = surely(count, of, groups)
    assert 0 <= share <= count / of
    assert surely(count, of, groups + 1) <= share
    assert surely(1, of, groups) == 0
    assert surely(min(count + 1, of), of, groups) >= share


@pytest.mark.parametrize("types", [1, 5, 20, 100])
@pytest.mark.parametrize("shares", [[0.25] * 4, [0.25] + [0.025] * 30])
def test_a_share_at_the_limit_seldom_passes_it(types: int, shares: list[float]) -> None:
    """The worst of many groups, each a draw of twenty, is above the share of all in at most 5% of sets."""
    random = np.random.default_rng(1)
    counts = random.multinomial(20, shares, (400, types)).max(axis=2)
    above = [max(surely(int(one), 20, types) for one in np.unique(row)) > 0.25 for row in counts]
    assert np.mean(above) <= 0.075
