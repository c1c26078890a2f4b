"""Nearest rows by cosine, exact, in bounded memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


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
