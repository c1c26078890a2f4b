"""Clusters of the map, named by the words that set them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.projection.naming import distinctive_terms

MAX_CLUSTERS = 40
SMALLEST_SHARE = 0.01
SMALLEST = 5
NAMED_BY = 300


@dataclass(frozen=True, slots=True)
class Cluster:
    """One region: its number (by size), the words that set it apart, its distinct texts and its centre on the map."""

    cluster: int
    terms: tuple[str, ...]
    size: int
    x: float
    y: float


def find_clusters(
    xy: NDArray[np.float32], anchors: NDArray[np.int64], closest: NDArray[np.int64], texts: pa.ChunkedArray
) -> tuple[NDArray[np.int64], list[Cluster]]:
    """Labels (m,), -1 for texts in no cluster, and the clusters, largest first.

    Density clusters (HDBSCAN, Campello et al. 2013) of the anchors' positions `xy[anchors]`; every other row joins its
    `closest` anchor.
    """
    labels = _density_labels(xy[anchors])[closest]
    order = [int(label) for label in _by_size(labels)]
    renumber = np.full(max(order, default=-1) + 2, -1, dtype=np.int64)
    renumber[order] = np.arange(len(order))
    labels = renumber[labels]
    members = [np.flatnonzero(labels == number) for number in range(len(order))]
    samples = [texts.take(pa.array(rows[:: max(1, len(rows) // NAMED_BY)])).to_pylist() for rows in members]
    names = distinctive_terms(samples)
    centres = [np.median(xy[rows], axis=0) for rows in members]
    return labels, [
        Cluster(number, names[number], len(rows), float(centres[number][0]), float(centres[number][1]))
        for number, rows in enumerate(members)
    ]


def _density_labels(xy: NDArray[np.float32]) -> NDArray[np.int64]:
    from sklearn.cluster import HDBSCAN

    smallest = max(SMALLEST, int(len(xy) * SMALLEST_SHARE))
    labels: NDArray[np.int64] = HDBSCAN(
        min_cluster_size=smallest, min_samples=min(SMALLEST, smallest), copy=True
    ).fit_predict(xy)
    return labels


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The labels from 0 up, largest first, at most MAX_CLUSTERS."""
    found, counts = np.unique(labels[labels >= 0], return_counts=True)
    return np.asarray(found[np.lexsort((found, -counts))][:MAX_CLUSTERS], dtype=np.int64)
