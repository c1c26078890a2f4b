"""Texts as points in the plane (UMAP), a bounded number fitted and the rest placed among them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from diversity.features.cache import content_keys
from diversity.projection.clusters import Cluster, Names, describe_clusters, find_regions, name_regions
from diversity.projection.known import KEY, Keys, KnownMaps
from diversity.projection.nearest import nearest, nearly_nearest
from diversity.settings import MapSettings, Settings

# An earlier map is kept when it was fitted to this share of the texts that a new one would be; below it, new regions
# would be squeezed between old ones.
REUSE_SHARE = 0.8
PLACED_AMONG = 5
# Above so many comparisons, which cost a tenth of a second, texts are placed by their nearly nearest neighbours.
EXACT_PAIRS = 10_000_000
# How fast a neighbour's pull falls with cosine: at 0.05 the nearest of five dominates unless others are as close.
SOFTNESS = 0.05
EPOCHS = 200


@dataclass(frozen=True)
class Layout:
    """`xy` (U, 2) float32 with NaN for units without text.

    `cluster` (U,) with -1 for none; `fitted` points UMAP saw for it, 0 on a kept map; `placed` distinct texts that it
    never saw; `map` names the map, the same in all versions that stand on it.
    """

    xy: NDArray[np.float32]
    cluster: NDArray[np.int64]
    clusters: list[Cluster]
    fitted: int
    placed: int
    map: str = ""


def lay_out(
    texts: pa.ChunkedArray,
    vectors: NDArray[np.float32],
    index: NDArray[np.int64],
    raw: tuple[NDArray[np.float32], NDArray[np.int64]],
    unrelated: float,
    settings: Settings,
    folder: Path,
    progress: Callable[[int, int | None], None],
) -> Layout | None:
    """Lays out `texts` (U,) by their distinct unit `vectors` (m, d), `index` (U,) naming each text's row.

    For the clusters: `raw` is unit vectors before centring and the row of each of `vectors` among them, `unrelated` the
    embedder's cosine of unrelated texts.

    UMAP (McInnes et al. 2018) sees at most `settings.semantic_map.sample` rows with exact neighbours; the others go to
    the similarity-weighted mean of their nearest fitted rows. A map in `folder` that was fitted to most of the rows
    that would be fitted now is kept, its clusters and their names with it; only texts new to it are placed, and stay
    there in later versions.

    None when there are fewer distinct texts than a map can say anything about.
    """
    if len(vectors) < settings.semantic_map.minimum_points:
        return None
    progress(0, 3)
    distinct = texts.take(pa.array(_first_units(index, len(vectors))))
    maps, keys = KnownMaps(folder), np.array([key.hex() for key in content_keys([distinct.to_pylist()])], dtype=KEY)
    # By content: the order of the records matters no more than it does to the last digits of vectors, which depend on
    # what they were embedded together with. UMAP makes another map of other last digits.
    order = np.argsort(keys, kind="stable")
    chosen = order[: settings.semantic_map.sample]
    begun = _kept(maps, keys, order, chosen)
    fitted = 0 if begun else len(chosen)
    if begun is None:
        begun = _fitted(vectors, distinct, chosen, raw, unrelated, settings)
        begun = begun._replace(path=maps.save(keys[chosen], begun.xy[chosen], begun.regions[chosen], begun.names))
    progress(1, 3)
    missing = np.flatnonzero(np.isnan(begun.xy[:, 0]))
    _place(vectors, missing, begun.xy, begun.regions, begun.anchors)
    if len(missing):
        maps.add(begun.path, keys[missing], begun.xy[missing], begun.regions[missing])
    progress(2, 3)
    labels, clusters = describe_clusters(begun.xy, begun.regions, begun.names)
    progress(3, 3)
    valid = index >= 0
    every_xy = np.full((len(index), 2), np.nan, dtype=np.float32)
    every_cluster = np.full(len(index), -1, dtype=np.int64)
    every_xy[valid], every_cluster[valid] = begun.xy[index[valid]], labels[index[valid]]
    return Layout(every_xy, every_cluster, clusters, fitted, len(vectors) - len(begun.anchors), begun.path.stem)


def _first_units(index: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """(m,) the first unit of each row."""
    used, first = np.unique(index, return_index=True)
    return first[used >= 0].astype(np.int64)[:rows]


class _Begun(NamedTuple):
    """A map before the other rows join it: `xy` (m, 2) and `regions` (m,), NaN and -1 where unknown, the rows
    `anchors` (a,) that the map was fitted to, its regions' `names`, and where it is kept (`path`)."""

    xy: NDArray[np.float32]
    regions: NDArray[np.int64]
    anchors: NDArray[np.int64]
    names: Names
    path: Path = Path()


def _kept(maps: KnownMaps, keys: Keys, order: NDArray[np.int64], chosen: NDArray[np.int64]) -> _Begun | None:
    """The map that was fitted to most of the `chosen` rows, if to enough of them; `order` gives the anchors' order."""
    known = maps.best(keys, chosen)
    if known is None or known.fitted[chosen].mean() < REUSE_SHARE:
        return None
    return _Begun(known.xy, known.cluster, order[known.fitted[order]], known.names, known.path)


def _fitted(
    vectors: NDArray[np.float32],
    texts: pa.ChunkedArray,
    chosen: NDArray[np.int64],
    raw: tuple[NDArray[np.float32], NDArray[np.int64]],
    unrelated: float,
    settings: Settings,
) -> _Begun:
    """A new map of the `chosen` of these `vectors` (m, d) and their `texts` (m,)."""
    xy, regions = np.full((len(vectors), 2), np.nan, dtype=np.float32), np.full(len(vectors), -1, dtype=np.int64)
    xy[chosen] = project(vectors[chosen], settings.semantic_map, settings.seed)
    regions[chosen] = find_regions(xy[chosen], raw[0][raw[1][chosen]], unrelated)
    return _Begun(xy, regions, chosen, name_regions(regions[chosen], texts.take(pa.array(chosen))))


def project(vectors: NDArray[np.float32], settings: MapSettings, seed: int) -> NDArray[np.float32]:
    """(n, 2) places of (n, d) unit vectors by UMAP, over exact neighbours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Before the limit below: it binds the libraries that are there.
        import faiss  # noqa: F401
        import umap

        neighbors = min(settings.neighbors, len(vectors) - 1)
        # One thread in any process: where rounding differs by the number of threads, UMAP draws another map.
        with threadpool_limits(1):
            # Exact neighbours in place of UMAP's own search: nothing more to compile, and the same on every run.
            index, cosine = nearest(vectors, vectors, neighbors)
            reducer = umap.UMAP(
                n_neighbors=neighbors,
                metric="cosine",
                n_epochs=EPOCHS,
                random_state=seed,
                precomputed_knn=(index.astype(np.int32), np.clip(1 - cosine, 0, None)),
            )
            return np.asarray(reducer.fit_transform(vectors), dtype=np.float32)


def compile_code() -> None:
    """Has UMAP compile itself, which takes longer than a fit of 5,000 points."""
    corners = np.random.default_rng(0).normal(size=(100, 8)).astype(np.float32)
    project(corners / np.linalg.norm(corners, axis=1, keepdims=True), MapSettings(), 0)


def _place(
    vectors: NDArray[np.float32],
    missing: NDArray[np.int64],
    xy: NDArray[np.float32],
    regions: NDArray[np.int64],
    anchors: NDArray[np.int64],
) -> None:
    """Fills the `missing` rows of `xy` and `regions` in place, from the nearest of the `anchors`."""
    if not len(missing):
        return
    search = nearest if len(missing) * len(anchors) <= EXACT_PAIRS else nearly_nearest
    index, cosine = search(vectors[missing], vectors[anchors], PLACED_AMONG)
    weight = np.exp((cosine - cosine[:, :1]) / SOFTNESS)
    weight /= weight.sum(axis=1, keepdims=True)
    xy[missing] = np.einsum("nk,nkd->nd", weight, xy[anchors][index])
    regions[missing] = regions[anchors[index[:, 0]]]
