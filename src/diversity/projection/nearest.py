"""Nearest rows by cosine in bounded memory: exact, or nearly so for many rows at less cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Leading directions that rows are compared by at first, and how many of the nearest by those are compared in full: 99
# of 100 texts find the nearest of 5,000, the others one next to as near (benchmarks/map_placement.py).
HEADS, SHORTLIST = 128, 16
BLOCK = 512


def nearest(
    queries: NDArray[np.float32], anchors: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each unit row of `queries` (q, d) its `k` most similar rows of `anchors` (a, d).

    Positions and cosines, both (q, k), best first.
    """
    import faiss

    index = faiss.IndexFlatIP(anchors.shape[1])
    index.add(np.ascontiguousarray(anchors))
    cosine, found = index.search(np.ascontiguousarray(queries), min(k, len(anchors)))
    return found, cosine


def nearly_nearest(
    queries: NDArray[np.float32], anchors: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """What `nearest` gives, of the SHORTLIST rows that are nearest by the anchors' leading directions."""
    if anchors.shape[1] <= HEADS or len(anchors) <= SHORTLIST:
        return nearest(queries, anchors, k)
    directions = np.ascontiguousarray(np.linalg.eigh(anchors.T @ anchors)[1][:, -HEADS:])
    listed, _ = nearest(queries @ directions, anchors @ directions, max(k, SHORTLIST))
    cosine = np.empty(listed.shape, np.float32)
    for start in range(0, len(queries), BLOCK):
        block = slice(start, start + BLOCK)
        cosine[block] = np.matmul(anchors[listed[block]], queries[block, :, None])[:, :, 0]
    order = np.argsort(-cosine, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(listed, order, axis=1), np.take_along_axis(cosine, order, axis=1)
