"""chamfer: how far is it from a record to the one most like it?"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.features.set_sample import FIELDS, Floats, Of, SetSample, set_sample
from diversity.metrics.at_sizes import Statistic, field_results
from diversity.metrics.base import Metric, MetricOutput
from diversity.metrics.novelsum import novelty, sample_density

TABLE = "set_diversity"


def chamfer(inputs: Inputs) -> MetricOutput:
    """Mean cosine distance of a record to its nearest other (Cox et al. 2021).

    The table lists every record drawn, by field, with its distance to the nearest other one drawn (`nearest_id`,
    `nearest_turn`) and its novelty (see `novelsum`).
    """
    sample = set_sample(inputs)
    results = field_results(METRIC.name, METRIC.unit, sample, _statistic, table=TABLE)
    if isinstance(sample, str):
        return MetricOutput(results)
    return MetricOutput(results, {TABLE: pa.concat_tables([_listed(inputs, sample, of) for of in FIELDS])})


def _statistic(sample: SetSample, of: Of) -> Statistic:
    cosines = sample.cosines(of)
    return lambda rows: float(nearest(cosines[np.ix_(rows, rows)])[0].mean())


def nearest(cosines: Floats) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(n,) cosine distance of each row to its nearest other, and which one that is. `cosines` (n, n) is written to."""
    np.fill_diagonal(cosines, -np.inf)
    other = cosines.argmax(axis=1)
    distance = 1 - cosines[np.arange(len(cosines)), other].astype(np.float64)
    return np.maximum(distance, 0.0), other


def _listed(inputs: Inputs, sample: SetSample, of: Of) -> pa.Table:
    distance, other = nearest(sample.cosines(of).copy())
    partner = sample.units[other]
    return pa.table(
        {
            **inputs.corpus.unit_keys(sample.units),
            "field": pa.array([of] * len(sample), pa.string()),
            "nearest_distance": pa.array(distance, pa.float32()),
            "nearest_id": pc.take(inputs.corpus.record_ids, pa.array(inputs.corpus.record_of_unit[partner])),
            "nearest_turn": pa.array(inputs.corpus.turn_of_unit[partner]),
            "novelty": pa.array(novelty(sample.cosines(of), sample_density(sample, of)), pa.float32()),
        }
    )


METRIC = Metric(
    name="chamfer", field="set", unit="distance", direction="higher", compute=chamfer, beside="set_distances"
)
