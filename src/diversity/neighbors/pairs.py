"""Verified pairs of distinct texts: what the near and the semantic search hand on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Pairs:
    """`left` < `right` (p,) number the two texts of each pair, `similarity` (p,) lies in 0-1. No pair stands twice."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    similarity: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.left)

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Pairs:
        """The pairs flagged in `chosen` (p,), or those at its places, in its order."""
        return Pairs(self.left[chosen], self.right[chosen], self.similarity[chosen])

    def renumbered(self) -> tuple[NDArray[np.int64], Pairs]:
        """(m,) the texts that stand in a pair, ascending, and the pairs numbered by their place among them."""
        involved, local = np.unique(np.concatenate([self.left, self.right]), return_inverse=True)
        return involved, Pairs(local[: len(self)], local[len(self) :], self.similarity)

    def and_(self, others: Pairs) -> Pairs:
        """These pairs and then `others`, none of which is among them."""
        return Pairs(
            np.concatenate([self.left, others.left]),
            np.concatenate([self.right, others.right]),
            np.concatenate([self.similarity, others.similarity]),
        )


def no_pairs() -> Pairs:
    """An empty set of pairs."""
    return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
