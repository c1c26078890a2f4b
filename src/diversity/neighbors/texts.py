"""Texts in batches, whether they lie in a Python list or in a memory-mapped Arrow column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Texts: TypeAlias = "Sequence[str] | pa.ChunkedArray | pa.Array"

BATCH = 8192


def batches(texts: Texts, size: int = BATCH) -> Iterator[list[str]]:
    """All texts in order, as lists of at most `size`; a missing text is an empty one."""
    for start in range(0, len(texts), size):
        yield _listed(texts[start : start + size])


def take(texts: Texts, rows: NDArray[np.int64]) -> list[str]:
    """The texts at `rows`, in that order."""
    if isinstance(texts, (pa.Array, pa.ChunkedArray)):
        return _listed(texts.take(pa.array(rows)))
    return [texts[row] or "" for row in rows.tolist()]


def chosen(texts: Texts, rows: NDArray[np.int64], size: int = BATCH) -> Iterator[list[str]]:
    """The texts at `rows`, in that order, as lists of at most `size`."""
    for start in range(0, len(rows), size):
        yield take(texts, rows[start : start + size])


def _listed(part: Texts) -> list[str]:
    values = part.to_pylist() if isinstance(part, (pa.Array, pa.ChunkedArray)) else part
    return [value or "" for value in values]
