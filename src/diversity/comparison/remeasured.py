"""Records that stand unchanged in both versions and are measured otherwise in the second one.

Some metrics hold each record against others of its set, so that what comes and goes moves the score of a record that
nobody touched. Exchanging records shows nothing of that, so the part of a change that they make is no change of the
data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diversity.comparison.sides import numbered
from diversity.metrics.base import Sample

Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Remeasured:
    """How many unchanged records have another value, and how far that moves the figure of the second version."""

    count: int
    shift: float


def remeasured(samples: tuple[Sample, Sample], keys: tuple[Keys, Keys]) -> Remeasured:
    """`keys`: of each version's rows (n,), the same for the same content."""
    first, second = samples
    _, old, new = np.intersect1d(numbered(keys[0]), numbered(keys[1]), assume_unique=True, return_indices=True)
    other = first.values[old] != second.values[new]
    if not other.any():
        return Remeasured(0, 0.0)
    kept = second.values.copy()
    kept[new[other]] = first.values[old[other]]
    return Remeasured(int(other.sum()), abs(float(second.statistic(second.values) - second.statistic(kept))))
