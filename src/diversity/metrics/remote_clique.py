"""remote_clique: how far apart are two records on average?"""

from __future__ import annotations

import numpy as np

from diversity.features.inputs import Inputs
from diversity.features.set_sample import Floats, Of, SetSample, set_sample
from diversity.metrics.at_sizes import Statistic, field_results
from diversity.metrics.base import Metric, MetricOutput


def remote_clique(inputs: Inputs) -> MetricOutput:
    """Mean cosine distance of two different records (Cevallos et al. 2018; as a measure of text sets, Cox et al.
    2021)."""
    return MetricOutput(field_results(METRIC.name, METRIC.unit, set_sample(inputs), _statistic))


def _statistic(sample: SetSample, of: Of) -> Statistic:
    vectors = sample.vectors(of)
    return lambda rows: mean_distance(vectors[rows])


def mean_distance(vectors: Floats) -> float:
    """Mean of 1 - cosine over all pairs of unit rows (n, d), through the length of their sum: linear in n."""
    count = len(vectors)
    total = vectors.sum(axis=0, dtype=np.float64)
    own = np.einsum("ij,ij->", vectors, vectors, dtype=np.float64)
    return float(1 - (total @ total - own) / (count * (count - 1)))


METRIC = Metric(
    name="remote_clique",
    field="set",
    unit="distance",
    direction="higher",
    compute=remote_clique,
    beside="set_distances",
)
