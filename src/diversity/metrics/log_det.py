"""log_det: how much room do the records take up together?"""

from __future__ import annotations

import math

import numpy as np

from diversity.features.inputs import Inputs
from diversity.features.set_sample import Floats, Of, SetSample, set_sample
from diversity.metrics.at_sizes import Statistic, field_results
from diversity.metrics.base import Metric, MetricOutput

# Added to the kernel: a direction that holds less than a tenth of a record is not taken for one of its own.
RIDGE = 0.1


def log_det(inputs: Inputs) -> MetricOutput:
    """Log-determinant a record of the regularised cosine kernel: log det((K + εI) / (1 + ε)) / n, with ε = RIDGE.

    What a determinantal point process holds against the set (Kulesza and Taskar 2012; for instruction data, Wang et
    al. 2024). 0 when all records are at right angles, log(ε / (1 + ε)) = -2.4 when many are the same.
    """
    return MetricOutput(field_results(METRIC.name, METRIC.unit, set_sample(inputs), _statistic))


def _statistic(sample: SetSample, of: Of) -> Statistic:
    vectors = sample.vectors(of)
    return lambda rows: mean_log_det(vectors[rows])


def mean_log_det(vectors: Floats) -> float:
    """log det((XXᵀ + εI) / (1 + ε)) / n of unit rows (n, d), through the smaller of XXᵀ and XᵀX."""
    count, width = vectors.shape
    gram = (vectors.T @ vectors if width < count else vectors @ vectors.T).astype(np.float64)
    spread = 2 * np.log(np.diagonal(np.linalg.cholesky(gram / RIDGE + np.eye(len(gram))))).sum()
    return float(spread / count + math.log(RIDGE / (1 + RIDGE)))


METRIC = Metric(name="log_det", field="set", unit="nats", direction="higher", compute=log_det, beside="log_det")
