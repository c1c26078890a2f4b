"""How large a share surely is, where the largest of many was picked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CHANCE = 0.05
_STEPS = 60


def largest_share(kinds: NDArray[np.int64], first: int = 0) -> float:
    """The share that the largest of the kinds `first` and above has in all."""
    return float(np.bincount(kinds)[first:].max(initial=0) / len(kinds))


def surely(count: int, of: int, groups: int = 1) -> float:
    """Lower 95% bound of the share that a group's most frequent kind has in what the group was drawn from, when it is
    `count` of the `of` members, and this group may be the one picked as the worst of `groups`.

    It is the smallest share t at which chance would still show such a count in one of the groups with a probability of
    5%. At most 1 / t kinds can have the share t, so that probability is at most groups × P(Binomial(of, t) ≥ count) / t
    (the union bound; for one kind in one group without the 1 / t this is the bound of Clopper and Pearson 1934). 0 for
    a kind that came up once.
    """
    from scipy.special import betainc

    if count < 2:
        return 0.0
    low, high = 0.0, count / of
    for _ in range(_STEPS):
        middle = (low + high) / 2
        # The tail of the binomial is the incomplete beta function.
        by_chance = groups * float(betainc(count, of - count + 1, middle)) / middle
        low, high = (low, middle) if by_chance >= CHANCE else (middle, high)
    return low
