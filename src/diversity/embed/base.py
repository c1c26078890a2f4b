"""What an embedder is, to everything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_NO_DIRECTION = 1e-6


class Embedder(Protocol):
    """Texts to unit vectors. `key` is known without loading the model, so that a cached run never loads it."""

    @property
    def name(self) -> str:
        """What the user sees."""
        ...

    @property
    def key(self) -> str:
        """Identity of the vectors: model, weights, code, whatever else changes them; not batch size or device."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers per vector."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dimension) rows of unit length, in the order of `texts`, none of which is empty."""
        ...


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows scaled to unit length; rows too short to have a direction become zeros."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    scale = np.where(norms > _NO_DIRECTION, 1.0 / np.maximum(norms, _NO_DIRECTION), 0.0)
    return vectors * scale.astype(np.float32)[:, None]


def center(
    vectors: NDArray[np.float32], mean: NDArray[np.float32] | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Takes away what all texts share, so that a cosine of 0 means "no more alike than any two".

    Args:
        vectors: (n, d) unit rows.
        mean: (d,) mean to subtract; the rows' own when None, zeros when there are no rows.

    Returns:
        (n, d) unit rows, zeros for a row that equals the mean (one text, or all alike), and the (d,) mean subtracted.
    """
    if mean is None:
        mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32) if len(vectors) else _zeros(vectors.shape[1])
    return unit_rows(vectors - mean), mean


def _zeros(dimension: int) -> NDArray[np.float32]:
    return np.zeros(dimension, dtype=np.float32)
