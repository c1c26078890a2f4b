"""Parts of a text that several features look at: both ends of a long one, and its length in steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def both_ends(text: str, half: int) -> str:
    """The text, or `half` characters of either end of one that is longer than both."""
    return text if len(text) <= 2 * half else f"{text[:half]} {text[-half:]}"


def length_steps(tokens: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Features of lengths and the row of each: the length in quarters of a doubling, from 1, with both neighbours."""
    step = np.floor(4 * np.log2(np.maximum(tokens, 1))).astype(np.int64)
    near = step[:, None] + np.arange(1, 4)
    return near.ravel().astype(np.uint64), np.repeat(np.arange(len(step)), 3)
