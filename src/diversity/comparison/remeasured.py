"""Records that stand unchanged in both versions and are measured otherwise in the second one.

Some metrics hold each record against others of its set, so that what comes and goes moves the score of a record that
nobody touched. Drawing records shows nothing of that, so the part of a change that they make is no change of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from diversity.metrics.base import Sample


@dataclass(frozen=True, slots=True)
class Remeasured:
    """How many unchanged records have another value, and how far that moves the figure of the second version."""

    count: int
    shift: float


def remeasured(first: Sample, second: Sample, unchanged: Mapping[str, str]) -> Remeasured | None:
    """None where the metric does not say whose values it has. `unchanged`: ids of the second version and what they are
    called in the first."""
    if first.records is None or second.records is None:
        return None
    before = {str(record): place for place, record in enumerate(first.records)}
    kept, count = second.values.copy(), 0
    for place, record in enumerate(second.records):
        old = before.get(unchanged.get(str(record), ""))
        if old is not None and kept[place] != first.values[old]:
            kept[place], count = first.values[old], count + 1
    shift = second.statistic(second.values) - second.statistic(kept) if count else 0.0
    return Remeasured(count, float(np.abs(shift)))
