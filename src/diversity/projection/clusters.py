"""Clusters of the map, named by the words that set them apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.projection.naming import distinctive_terms

SMALLEST_SHARE = 0.01
SMALLEST = 5
NAMED_BY = 100
# Two dense regions are one subject when their texts are this nearly as related to each other as among themselves.
ONE_SUBJECT = 0.8
Names: TypeAlias = Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """One region: its number (by size), the words that set it apart, its distinct texts and its centre on the map."""

    cluster: int
    terms: tuple[str, ...]
    size: int
    x: float
    y: float


def find_regions(xy: NDArray[np.float32], raw: NDArray[np.float32], unrelated: float) -> NDArray[np.int64]:
    """(a,) region of each of the fitted points `xy` (a, 2), -1 for all when no region is denser than another.

    Dense regions (HDBSCAN's leaves, Campello et al. 2013); what lies between them joins the nearest. UMAP spreads a set
    of one subject over as much room as a set of many, so regions are then merged by what their texts are: `raw` (a, d)
    the points' unit vectors before centring, `unrelated` the mean cosine of unrelated texts.
    """
    return merged(_density_labels(xy), raw, unrelated)


def name_regions(regions: NDArray[np.int64], texts: pa.ChunkedArray) -> Names:
    """The words that set each region apart, by its number, from `texts` (a,) and the region of each; -1 has none."""
    numbers = np.unique(regions[regions >= 0])
    members = [np.flatnonzero(regions == number) for number in numbers]
    samples = [texts.take(pa.array(rows[:: max(1, len(rows) // NAMED_BY)])).to_pylist() for rows in members]
    return dict(zip(numbers.tolist(), distinctive_terms(samples), strict=True))


def describe_clusters(
    xy: NDArray[np.float32], regions: NDArray[np.int64], names: Names
) -> tuple[NDArray[np.int64], list[Cluster]]:
    """Labels (m,) by size and the clusters, largest first, of m texts by region (m,) and place `xy` (m, 2)."""
    labels = _by_size(regions)
    clusters = []
    for number in range(int(labels.max(initial=-1)) + 1):
        rows = np.flatnonzero(labels == number)
        x, y = np.median(xy[rows], axis=0).tolist()
        clusters.append(Cluster(number, names[int(regions[rows[0]])], len(rows), x, y))
    return labels, clusters


def _density_labels(xy: NDArray[np.float32]) -> NDArray[np.int64]:
    """(a,) region of each anchor; all -1 when there is none."""
    from scipy.spatial import cKDTree
    from sklearn.cluster import HDBSCAN

    smallest = max(SMALLEST, int(len(xy) * SMALLEST_SHARE))
    # The leaves, not the most stable clusters: those jump between two and forty when a hundred points change.
    found = HDBSCAN(
        min_cluster_size=smallest, min_samples=min(SMALLEST, smallest), cluster_selection_method="leaf", copy=True
    ).fit_predict(xy)
    labels: NDArray[np.int64] = np.asarray(found, dtype=np.int64)
    inside, outside = np.flatnonzero(labels >= 0), np.flatnonzero(labels < 0)
    if len(inside) and len(outside):
        labels[outside] = labels[inside[cKDTree(xy[inside]).query(xy[outside])[1]]]
    return labels


def merged(labels: NDArray[np.int64], raw: NDArray[np.float32], unrelated: float) -> NDArray[np.int64]:
    """Labels after merging regions of one subject, closest first (average linkage).

    Relatedness of regions a and b: (cosine between them - unrelated) / (cosine within them - unrelated), means over
    pairs of texts, the geometric mean of both regions' inner cosines below the line. 1 means that the border between
    them means nothing.
    """
    count = int(labels.max(initial=-1)) + 1
    sums = (
        np.stack([raw[labels == label].sum(axis=0, dtype=np.float64) for label in range(count)])
        if count
        else np.empty((0, 1))
    )
    sizes = np.bincount(labels[labels >= 0], minlength=count).astype(np.float64)
    target, alive = np.arange(count), list(range(count))
    while len(alive) > 1:
        related = _relatedness(sums[alive], sizes[alive], unrelated)
        first, second = np.unravel_index(int(np.argmax(related)), related.shape)
        if related[first, second] < ONE_SUBJECT:
            break
        keep, gone = alive[min(first, second)], alive[max(first, second)]
        sums[keep] += sums[gone]
        sizes[keep] += sizes[gone]
        target[target == gone] = keep
        alive.remove(gone)
    return np.append(target, -1)[labels]


def _relatedness(sums: NDArray[np.float64], sizes: NDArray[np.float64], unrelated: float) -> NDArray[np.float64]:
    """(k, k) relatedness of regions given the sums of their unit vectors; -inf on the diagonal."""
    between = (sums @ sums.T) / np.outer(sizes, sizes)
    within = ((sums**2).sum(axis=1) - sizes) / np.maximum(sizes * (sizes - 1), 1)
    # A region no more coherent than unrelated texts is no subject of its own: any neighbour is as related to it.
    inner = np.sqrt(np.outer(np.maximum(within - unrelated, 1e-3), np.maximum(within - unrelated, 1e-3)))
    related = (between - unrelated) / inner
    np.fill_diagonal(related, -np.inf)
    return np.asarray(related)


def _by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same partition numbered from 0, largest first; -1 stays."""
    found, counts = np.unique(labels[labels >= 0], return_counts=True)
    number = np.full(int(found.max(initial=-1)) + 2, -1, dtype=np.int64)
    number[found[np.lexsort((found, -counts))]] = np.arange(len(found))
    return number[labels]
