"""How alike two texts are in what few other texts have.

Records made from a template have most of their shingles in common: a tool's specification before every question about
it says nothing of which question it is. Ordinary texts share next to nothing, and are judged as by plain similarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.neighbors import DEFAULT_DUPLICATES
from diversity.neighbors.near import shingle_sets
from diversity.neighbors.shingles import Shingles

# Texts a version that say how common a shingle is: a template of one record in two hundred is seen ten times.
LOOKED_AT = 2_000
_PAIRS_AT_ONCE = 4_096


class Particular:
    """What is common in two versions, by which pairs of their texts are judged."""

    def __init__(self, *versions: Sequence[str]) -> None:
        """`versions` hold up to LOOKED_AT texts of each, drawn at random."""
        counted = [np.unique(_sets(texts).hashes, return_counts=True) for texts in versions if len(texts)]
        self._hashes, place = np.unique(
            np.concatenate([np.empty(0, np.int64), *(hashes for hashes, _ in counted)]), return_inverse=True
        )
        # An edited record stands in both versions: that is no second record which has the same.
        most = np.ones(len(self._hashes))
        np.maximum.at(most, place, np.concatenate([np.empty(0), *(counts for _, counts in counted)]))
        self._weights = most**-0.5

    def similarities(self, left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
        """(n,) Jaccard similarity of the texts beside each other, each shingle weighed by one over the root of the
        number of texts that have it; 1 where neither has anything in it."""
        parts = [
            self._of_sets(*(_sets(texts[start : start + _PAIRS_AT_ONCE]) for texts in (left, right)))
            for start in range(0, len(left), _PAIRS_AT_ONCE)
        ]
        return np.concatenate([np.empty(0), *parts])

    def _of_sets(self, left: Shingles, right: Shingles) -> NDArray[np.float64]:
        from scipy.sparse import csr_array

        first, second = (
            csr_array((self._weigh(one.hashes), one.hashes, one.offsets), shape=(len(one.offsets) - 1, 2**31 - 1))
            for one in (left, right)
        )
        shared = np.asarray(first.minimum(second).sum(axis=1)).ravel()
        either = np.asarray(first.sum(axis=1)).ravel() + np.asarray(second.sum(axis=1)).ravel() - shared
        return np.asarray(np.divide(shared, either, out=np.ones(len(shared)), where=either > 0))

    def _weigh(self, hashes: NDArray[Any]) -> NDArray[np.float64]:
        if not len(self._hashes):
            return np.ones(len(hashes))
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.asarray(np.where(self._hashes[at] == hashes, self._weights[at], 1.0))


def _sets(texts: Sequence[str]) -> Shingles:
    return shingle_sets(texts, np.arange(len(texts)), DEFAULT_DUPLICATES)
