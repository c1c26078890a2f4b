"""From which cosine on two texts count as saying the same: a number that belongs to an embedder."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Labelled pairs (msrp en, lcqmc zh; guarded): precision .962 / .899 at 0.90, .970 / .923 at 0.92, 1.000 / .946 at 0.94.
# A false alarm costs the trust in all other flags, a miss one repeat; 0.94 costs a quarter to a third of the recall.
CALIBRATED = {"universal-": 0.92}
NEAREST_SHARE = 0.85
FLOOR = 0.8
_SAMPLE = 200_000


def semantic_threshold(embedder: str | None, vectors: NDArray[np.float32], seed: int) -> float:
    """The calibrated threshold of a known embedder, else one from the spread of the data's own vectors (m, d)."""
    known = [value for name, value in CALIBRATED.items() if embedder is not None and embedder.startswith(name)]
    return known[0] if known else derived_threshold(vectors, seed)


def derived_threshold(vectors: NDArray[np.float32], seed: int) -> float:
    """The cosine that lies `NEAREST_SHARE` of the way from where random pairs end (their 99.9% quantile) to 1, at least
    `FLOOR`.

    Random pairs show how narrow the model's cone is. The share is that of the default embedder's calibrated threshold
    on the data it was calibrated on, so a model of unknown scale is held to the same place between unrelated and equal.
    """
    if len(vectors) < 2:
        return FLOOR
    draw = np.random.default_rng(seed)
    left, right = draw.integers(0, len(vectors), (2, _SAMPLE))
    left, right = left[left != right], right[left != right]
    parts = [slice(at, at + 8192) for at in range(0, len(left), 8192)]
    cosine = np.concatenate([np.einsum("ij,ij->i", vectors[left[part]], vectors[right[part]]) for part in parts])
    edge = float(np.quantile(cosine, 0.999))
    return max(FLOOR, edge + NEAREST_SHARE * (1 - edge))
