"""novelsum: how new is a record, beside the others near it and in a crowd or not?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.features.set_sample import Floats, Of, SetSample, joined, set_sample
from diversity.metrics.at_sizes import Statistic, field_results
from diversity.metrics.base import Metric, MetricOutput

# The values of the paper.
PROXIMITY, DENSITY, NEIGHBORS = 1.0, 0.5, 10
# A text that is itself in the pool ten times over has no density: 1 / 0.
LEAST = 1e-6


def novelsum(inputs: Inputs) -> MetricOutput:
    """NovelSum of prompts, answers and pairs (Yang et al. 2025), in its mean form: see `novelty`.

    Three faults of the published code are not here: a record is not its own neighbour, the first true neighbour is
    not dropped, and distances are not squared. As the paper says, density weighs the record at the other end of a
    distance and is taken in a fixed pool of texts; ours are the forty unrelated sentences. Density inside the set
    itself rises with near copies, and the figure with it: they would pass for novelty.
    """
    return MetricOutput(field_results(METRIC.name, METRIC.unit, set_sample(inputs), _statistic))


def _statistic(sample: SetSample, of: Of) -> Statistic:
    cosines, crowd = sample.cosines(of), sample_density(sample, of)
    return lambda rows: float(novelty(cosines[np.ix_(rows, rows)], crowd[rows]).mean())


def sample_density(sample: SetSample, of: Of) -> NDArray[np.float64]:
    """(p,) density of the pool where each row of the sample stands; beside pairs it holds each sentence twice."""
    pool = joined(sample.reference, sample.reference) if of == "pair" else sample.reference
    return density(sample.vectors(of) @ pool.T)


def density(cosines: Floats) -> NDArray[np.float64]:
    """(n,) 1 / (sum of the distances to the NEIGHBORS nearest of the pool)^DENSITY. `cosines` (n, m) to the pool."""
    nearest = np.partition(1 - cosines, NEIGHBORS - 1, axis=1)[:, :NEIGHBORS]
    return np.asarray(np.maximum(nearest.sum(axis=1, dtype=np.float64), LEAST) ** -DENSITY)


def novelty(cosines: Floats, crowd: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) weighted mean distance of each row to all others: the r-th nearest counts 1/r^PROXIMITY, and a distance to
    a row counts by its density.

    Args:
        cosines: (n, n) cosine of every two rows.
        crowd: (n,) density where each row stands.
    """
    distance = np.maximum(1 - cosines, 0)
    np.fill_diagonal(distance, np.inf)
    order = np.argsort(distance, axis=1)[:, :-1]
    weights = 1 / np.arange(1, order.shape[1] + 1) ** PROXIMITY
    weighed = np.take_along_axis(distance, order, axis=1) * crowd.astype(distance.dtype)[order]
    return np.asarray(weighed @ (weights / weights.sum()).astype(distance.dtype), np.float64)


METRIC = Metric(name="novelsum", field="set", unit="distance", direction="higher", compute=novelsum, beside="novelsum")
