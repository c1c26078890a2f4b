"""cluster_entropy: over how much of the space of meanings do the records spread, and how evenly?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.features.set_sample import Floats, Of, SetSample, set_sample
from diversity.metrics.at_sizes import Statistic, field_results
from diversity.metrics.base import Metric, MetricOutput

# Half as many random directions as cells; never to be changed, or no two reports can be compared.
CELLS = 128
CELLS_SEED = 20230


def cluster_entropy(inputs: Inputs) -> MetricOutput:
    """Shannon entropy in bits of the records over 128 fixed cells, at most 7.

    The cells do not depend on the data: each is what lies nearest to one of 64 random directions or its opposite (the
    cross-polytope hash, Andoni et al. 2015). `info` adds over all records drawn: `effective` (2^entropy), `used` cells
    and the `largest_share`.
    """
    return MetricOutput(field_results(METRIC.name, METRIC.unit, set_sample(inputs), _statistic, _more))


def _statistic(sample: SetSample, of: Of) -> Statistic:
    found = cells(sample.vectors(of))
    return lambda rows: entropy(found[rows])


def cells(vectors: Floats) -> NDArray[np.int64]:
    """(n,) the cell of each row (n, d): which of ±64 fixed random directions it is nearest to."""
    directions = np.random.default_rng(CELLS_SEED).normal(size=(vectors.shape[1], CELLS // 2)).astype(np.float32)
    along = vectors @ (directions / np.linalg.norm(directions, axis=0))
    nearest = np.abs(along).argmax(axis=1)
    return np.asarray(2 * nearest + (along[np.arange(len(along)), nearest] < 0))


def entropy(found: NDArray[np.int64]) -> float:
    """Bits that tell which cell a row is in."""
    share = np.bincount(found) / len(found)
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum())


def _more(sample: SetSample, of: Of) -> dict[str, Any]:
    found = cells(sample.vectors(of))
    counts = np.bincount(found, minlength=CELLS)
    return {
        "cells": CELLS,
        "effective": 2 ** entropy(found),
        "used": int((counts > 0).sum()),
        "largest_share": float(counts.max() / len(found)),
    }


METRIC = Metric(
    name="cluster_entropy",
    field="set",
    unit="bits",
    direction="higher",
    compute=cluster_entropy,
    beside="set_distances",
)
