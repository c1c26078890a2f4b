"""Is a text nearer to one version's texts than to the other's? What MMD looks at, as a classifier of single texts.

A straight line, as the domain classifier draws it, does not see versions that differ in spread alone: answers that drew
together around one place lie in the middle of those they replaced.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diversity.comparison.domain import FOLDS, DomainScores
from diversity.comparison.mmd import squared_distances, width_of


def nearness_scores(
    changed: NDArray[np.float32], shared: NDArray[np.float32], folds: NDArray[np.int64], later: NDArray[np.bool_]
) -> DomainScores:
    """The witness function of MMD: mean kernel with later texts less that with earlier ones, of other folds alone.

    Args:
        changed: (2k, d) vectors of what only one version has.
        shared: (s, d) vectors of what both have.
        folds: (2k + s,) fold of each of those rows.
        later: (2k,) which of `changed` are the later version's.
    """
    inside = squared_distances(changed, changed)
    width = width_of(inside)
    scores = np.zeros(len(changed), dtype=np.float32)
    of_shared = np.zeros(len(shared), dtype=np.float32)
    for fold in range(FOLDS):
        held, held_shared = folds[: len(changed)] == fold, folds[len(changed) :] == fold
        weights = _weights(later, ~held)
        scores[held] = np.exp(-inside[held] / width) @ weights
        of_shared[held_shared] = np.exp(-squared_distances(shared[held_shared], changed) / width) @ weights
    return DomainScores(scores[:, None], of_shared)


def _weights(later: NDArray[np.bool_], seen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """What each row adds to the difference of the two means, of the rows that may be seen."""
    new, old = later & seen, ~later & seen
    return (new / max(int(new.sum()), 1) - old / max(int(old.sum()), 1)).astype(np.float32)
