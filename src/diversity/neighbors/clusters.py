"""Clusters as stars: every member is a verified partner of its representative.

Connected components chain: a ~ b ~ c ~ d puts a and d together although they share nothing. Here a cluster is a
representative and texts that are pairs with it, and every text that has any pair is in some cluster (a graph without
lone nodes always splits into such stars).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diversity.neighbors.pairs import Pairs


@dataclass(frozen=True, slots=True)
class Stars:
    """A star for every node: `center` (n,) its representative (itself where it is one or has no partner),
    `similarity` (n,) to it.
    """

    center: NDArray[np.int64]
    similarity: NDArray[np.float32]


def stars(pairs: Pairs, weight: NDArray[np.int64], fixed: NDArray[np.bool_] | None = None) -> Stars:
    """Splits n nodes into stars along `pairs`, those with most partners first.

    `weight` (n,): among nodes with as many partners, the heavier becomes the representative (then the lower number).
    `fixed` (n,): nodes that may be a representative but never a member. Deterministic. O(pairs log pairs).
    """
    graph = _Graph(pairs, weight, np.zeros(len(weight), bool) if fixed is None else fixed)
    left_over = [node for node in graph.by_degree() if not graph.gather(node)]
    for node in left_over:
        graph.attach(node)
    return graph.stars()


class _Graph:
    """The partners of every node as compressed rows, and the stars made so far."""

    def __init__(self, pairs: Pairs, weight: NDArray[np.int64], fixed: NDArray[np.bool_]) -> None:
        count = len(weight)
        source = np.concatenate([pairs.left, pairs.right])
        order = np.argsort(source, kind="stable")
        self.degree = np.bincount(source, minlength=count)
        self.heads = np.concatenate([[0], np.cumsum(self.degree)])
        self.partners = np.concatenate([pairs.right, pairs.left])[order]
        self.values = np.tile(pairs.similarity, 2)[order]
        self.weight, self.fixed = weight, fixed
        self.center = np.full(count, -1, np.int64)
        self.similarity = np.ones(count, np.float32)
        self.members = np.zeros(count, np.int64)

    def by_degree(self) -> list[int]:
        nodes = np.flatnonzero(self.degree)
        ranked: list[int] = nodes[np.lexsort((nodes, -self.weight[nodes], -self.degree[nodes]))].tolist()
        return ranked

    def gather(self, node: int) -> bool:
        """Makes `node` the center of its partners that are still free; False when it is free itself and none of
        them is.
        """
        if self.center[node] >= 0:
            return True
        row = slice(self.heads[node], self.heads[node + 1])
        partners = self.partners[row]
        free = (self.center[partners] < 0) & ~self.fixed[partners]
        if not free.any():
            return False
        self.center[node] = node
        self.center[partners[free]] = node
        self.similarity[partners[free]] = self.values[row][free]
        self.members[node] = np.count_nonzero(free)
        return True

    def attach(self, node: int) -> None:
        """Gives a node whose partners all joined others a star around the nearest of them that can be had."""
        if self.fixed[node]:
            return
        row = slice(self.heads[node], self.heads[node + 1])
        for at in np.argsort(-self.values[row], kind="stable").tolist():
            partner = int(self.partners[row][at])
            if self._made_center(partner):
                self.center[node], self.similarity[node] = partner, self.values[row][at]
                self.members[partner] += 1
                return

    def _made_center(self, node: int) -> bool:
        """Takes `node` out of a larger star, or turns a star of two around, so that others can join it."""
        owner = int(self.center[node])
        if owner in (node, -1):
            self.center[node] = node
            return True
        if self.members[owner] == 1:
            if self.fixed[owner]:
                return False
            self.center[owner], self.similarity[owner] = node, self.similarity[node]
            self.members[node] = 1
        self.members[owner] -= 1
        self.center[node], self.similarity[node] = node, 1.0
        return True

    def stars(self) -> Stars:
        return Stars(np.where(self.center >= 0, self.center, np.arange(len(self.center))), self.similarity)
