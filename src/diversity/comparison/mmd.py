"""Maximum mean discrepancy: are two sets of vectors drawn alike, in whatever way they may differ?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Kernel = NDArray[np.float32]


def rbf_kernel(vectors: NDArray[np.float32]) -> Kernel:
    """(u, u) exp(-|x - y|² / 2σ²) with σ the median distance between two rows, 0 on the diagonal.

    σ: the median heuristic (Gretton et al. 2012). The diagonal is left out of every unbiased sum.
    """
    squared = squared_distances(vectors, vectors)
    kernel: Kernel = np.exp(-squared / width_of(squared)).astype(np.float32)
    np.fill_diagonal(kernel, 0)
    return kernel


def squared_distances(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """(a, b) squared Euclidean distances of two sets of rows."""
    sizes = [np.einsum("ij,ij->i", one, one) for one in (first, second)]
    return np.asarray(np.maximum(sizes[0][:, None] + sizes[1] - 2 * (first @ second.T), 0), dtype=np.float32)


def width_of(squared: NDArray[np.float32]) -> float:
    """2σ² by the median heuristic, from the squared distances of all rows to each other."""
    median = float(np.median(squared[np.triu_indices(len(squared), 1)])) if len(squared) > 1 else 1.0
    return 2 * median if median > 0 else 1.0


def unbiased_mmd2(kernel: Kernel, later: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(n,) unbiased squared MMD (Gretton et al. 2012, eq. 3) between the two parts that each column of `later` (u, n)
    makes; about 0 for parts drawn alike, and below it half of the time."""
    rows = len(kernel)
    # Any constant cancels, and sums around zero lose no digits.
    level = np.float32(kernel.sum(dtype=np.float64) / max(rows * (rows - 1), 1))
    centred = kernel - level
    np.fill_diagonal(centred, 0)
    member = later.astype(np.float32)
    to_later = centred @ member
    inside = np.einsum("ij,ij->j", member, to_later, dtype=np.float64)
    across = to_later.sum(axis=0, dtype=np.float64) - inside
    rest = centred.sum(dtype=np.float64) - inside - 2 * across
    after = later.sum(axis=0).astype(np.float64)
    before = rows - after
    pairs = [np.maximum(count, 1) for count in (after * (after - 1), before * (before - 1), after * before)]
    return np.asarray(inside / pairs[0] + rest / pairs[1] - 2 * across / pairs[2])
