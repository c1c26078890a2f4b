"""Effective numbers: how many equally common kinds would be as diverse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def hill_numbers(counts: NDArray[np.int64]) -> dict[str, float]:
    """Effective numbers of types of order 0, 1 and 2 (Hill 1973): how many equally common types would be as diverse.

    Order 0 counts the types, order 1 is exp(Shannon entropy), order 2 is 1 / sum p². All are 0 for no types.
    """
    # Sorted, so that the last digits of a sum do not depend on the order of the records.
    present = np.sort(counts[counts > 0])
    if not len(present):
        return {"q0": 0.0, "q1": 0.0, "q2": 0.0}
    share = present / present.sum()
    return {
        "q0": float(len(present)),
        "q1": float(np.exp(-(share * np.log(share)).sum())),
        "q2": float(1 / (share**2).sum()),
    }


def rarefied_entropy(counts: NDArray[np.int64], draw: int) -> float:
    """Expected Shannon entropy, in nats, of `draw` drawn without replacement, at most as many as there are."""
    counts = counts[counts > 0]
    total = int(counts.sum())
    sizes, kinds = np.unique(counts, return_counts=True)
    size, kind = np.repeat(sizes, sizes), np.repeat(kinds, sizes)
    drawn = np.arange(len(size)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
    can = (drawn <= draw) & (draw - drawn <= total - size)
    size, kind, drawn = size[can], kind[can], drawn[can]
    log = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])
    chance = np.exp(
        _log_choose(log, size, drawn) + _log_choose(log, total - size, draw - drawn) - _log_choose(log, total, draw)
    )
    share = drawn / draw
    return float(-(kind * chance * share * np.log(share)).sum())


def _log_choose(log: NDArray[np.float64], of: Ints | int, some: Ints | int) -> NDArray[np.float64]:
    """Logarithm of the number of ways to choose `some` of `of`; `log` are those of the factorials."""
    return np.asarray(log[of] - log[some] - log[of - some])


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
