"""Effective numbers: how many equally common kinds would be as diverse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def hill_numbers(counts: NDArray[np.int64]) -> dict[str, float]:
    """Effective numbers of types of order 0, 1 and 2 (Hill 1973): how many equally common types would be as diverse.

    Order 0 counts the types, order 1 is exp(Shannon entropy), order 2 is 1 / sum p². All are 0 for no types.
    """
    present = counts[counts > 0]
    if not len(present):
        return {"q0": 0.0, "q1": 0.0, "q2": 0.0}
    share = present / present.sum()
    return {
        "q0": float(len(present)),
        "q1": float(np.exp(-(share * np.log(share)).sum())),
        "q2": float(1 / (share**2).sum()),
    }


def rarefied(counts: NDArray[np.int64], draw: int) -> float:
    """Expected number of different kinds among `draw` drawn without replacement (Hurlbert 1971), which doesn't depend
    on how many there are in all: sum over kinds of 1 - C(N - n, draw) / C(N, draw). `draw` is at most N.
    """
    from scipy.special import gammaln

    present = counts[counts > 0].astype(np.float64)
    total = present.sum()
    rest = total - present
    missed = np.zeros(len(present))
    can = rest >= draw
    log_missed = gammaln(rest[can] + 1) - gammaln(rest[can] - draw + 1) - gammaln(total + 1) + gammaln(total - draw + 1)
    missed[can] = np.exp(log_missed)
    return float((1 - missed).sum())
