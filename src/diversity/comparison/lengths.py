"""How far two versions' lengths are apart: Kolmogorov-Smirnov and Wasserstein distances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diversity.comparison.sides import Sides, p_value


@dataclass(frozen=True, slots=True)
class LengthDrift:
    """`ks` is the largest difference of the two shares "at most so long", 0-1; `tokens` and `doublings` how far the
    mean text would have to be moved to turn one distribution into the other (Wasserstein-1), the second on log2."""

    ks: float
    tokens: float
    doublings: float
    ks_p: float
    doublings_p: float


def length_drift(old: NDArray[np.float64], new: NDArray[np.float64], sides: Sides, seed: int) -> LengthDrift:
    """The drift of one length in tokens a row, between rows drawn at equal size."""
    tokens = np.concatenate([old[sides.old], new[sides.new]])
    doublings = np.log2(np.maximum(tokens, 1))
    share = sides.changed_share
    ks, far = distances(doublings, sides.observed[:, None], share)
    chance = distances(doublings, sides.shuffles(seed), share)
    return LengthDrift(
        ks=float(ks[0]),
        tokens=float(distances(tokens, sides.observed[:, None], share)[1][0]),
        doublings=float(far[0]),
        ks_p=p_value(ks[0], chance[0]),
        doublings_p=p_value(far[0], chance[1]),
    )


def distances(
    values: NDArray[np.float64], later: NDArray[np.bool_], changed_share: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Kolmogorov-Smirnov and Wasserstein-1 distances of two whole versions from the rows that differ, for each column.

    What both versions share lies under both distribution functions and cancels: the whole versions are as far apart as
    the changed rows `values` (2k,), times their share.
    """
    if not len(values):
        return np.zeros(later.shape[1]), np.zeros(later.shape[1])
    order = np.argsort(values, kind="stable")
    ordered, of_later = values[order], later[order]
    sizes = of_later.sum(axis=0)
    step = np.where(of_later, 1 / np.maximum(sizes, 1), -1 / np.maximum(len(values) - sizes, 1))
    apart = np.abs(np.cumsum(step, axis=0))
    gaps = np.diff(ordered)
    ends = np.append(gaps > 0, True)
    return apart[ends].max(axis=0) * changed_share, (gaps @ apart[:-1]) * changed_share
