"""Token counts in the log-spaced buckets that people who train models think in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Upper edges, inclusive; the last bucket is open.
EDGES = (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
LABELS = ("≤32", "33-64", "65-128", "129-256", "257-512", "513-1k", "1k-2k", "2k-4k", "4k-8k", ">8k")


def bucket(tokens: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) bucket number of each count, 0 to len(LABELS) - 1."""
    return np.searchsorted(np.asarray(EDGES), tokens, side="left").astype(np.int64)


def bucket_counts(tokens: NDArray[np.int64]) -> NDArray[np.int64]:
    """(len(LABELS),) how many counts fall into each bucket."""
    return np.bincount(bucket(tokens), minlength=len(LABELS)).astype(np.int64)
