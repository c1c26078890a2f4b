"""An embedder that knows words and nothing else, and rows of two versions, for tests of drift."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diversity.comparison.sides import Sides, draw_sides


class WordEmbedder:
    """Unit vectors of hashed words."""

    name = key = "toy-words"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.full((len(texts), self.dimension), 0.01, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row[hashlib.blake2b(word.encode(), digest_size=2).digest()[0] % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def keys(*names: object) -> pd.Series:
    return pd.Series([str(name) for name in names], dtype=object)


def apart(count: int, most: int = 10_000) -> Sides:
    """Sides of two versions that share nothing."""
    return draw_sides(keys(*(f"a{n}" for n in range(count))), keys(*(f"b{n}" for n in range(count))), most)
