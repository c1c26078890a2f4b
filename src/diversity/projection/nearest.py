"""Nearest rows by cosine, exact, in blocks of bounded memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 2048


def nearest(
    queries: NDArray[np.float32], anchors: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each unit row of `queries` (q, d) its `k` most similar rows of `anchors` (a, d).

    Positions and cosines, both (q, k), best first.
    """
    k = min(k, len(anchors))
    index = np.empty((len(queries), k), dtype=np.int64)
    cosine = np.empty((len(queries), k), dtype=np.float32)
    for start in range(0, len(queries), BLOCK):
        similarity = queries[start : start + BLOCK] @ anchors.T
        best = np.argpartition(similarity, -k, axis=1)[:, -k:]
        values = np.take_along_axis(similarity, best, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        index[start : start + BLOCK] = np.take_along_axis(best, order, axis=1)
        cosine[start : start + BLOCK] = np.take_along_axis(values, order, axis=1)
    return index, cosine
