from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from diversity.projection import clusters as module
from diversity.projection.clusters import Cluster, describe_clusters, find_regions, merged, name_regions


def blobs(counts: list[int], seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """Separate regions of the plane: positions, unit vectors of one direction a region, each point's region."""
    random = np.random.default_rng(seed)
    region = np.repeat(np.arange(len(counts)), counts)
    side = int(np.ceil(np.sqrt(len(counts))))
    xy = np.column_stack([region % side, region // side]) * 20 + random.normal(size=(len(region), 2))
    raw = np.eye(len(counts))[region] * 4 + random.normal(size=(len(region), len(counts)))
    return xy.astype(np.float32), unit(raw), region


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def found(
    xy: NDArray[np.float32], raw: NDArray[np.float32], region: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[Cluster]]:
    texts = pa.chunked_array(
        [[f"region{chr(97 + r % 26)}{chr(97 + r // 26)} common" for r in region]], pa.large_string()
    )
    regions = find_regions(xy, raw, 0.0)
    return describe_clusters(xy, regions, name_regions(regions, texts))


def purity(labels: NDArray[np.int64], region: NDArray[np.int64]) -> float:
    return sum(np.bincount(region[labels == label]).max() for label in set(labels.tolist()) - {-1}) / len(labels)


def test_separate_regions_are_clusters_named_by_their_own_words_largest_first() -> None:
    xy, raw, region = blobs([40, 90, 60])
    labels, clusters = found(xy, raw, region)
    assert purity(labels, region) > 0.95
    assert [one.cluster for one in clusters] == [0, 1, 2]
    assert [one.size for one in clusters] == sorted((one.size for one in clusters), reverse=True)
    assert [one.size for one in clusters] == np.bincount(labels[labels >= 0]).tolist()
    assert [one.terms[0] for one in clusters] == ["regionba", "regionca", "regionaa"]
    assert clusters[0].x == pytest.approx(20, abs=1)


def test_more_than_forty_regions_are_no_error() -> None:
    xy, raw, region = blobs([14] * 60)
    labels, clusters = found(xy, raw, region)
    assert len(clusters) >= 50
    assert labels.max() == len(clusters) - 1
    assert purity(labels, region) > 0.9


def test_regions_of_one_subject_are_merged_and_others_stay_apart() -> None:
    """Two regions point the same way, the third elsewhere."""
    random = np.random.default_rng(1)
    directions = np.array([[1.0, 0, 0], [1.0, 0, 0], [0, 1.0, 0]])
    labels = np.repeat([0, 1, 2], 30)
    raw = unit(np.repeat(directions, 30, axis=0) * 3 + random.normal(size=(90, 3)) * 0.5)
    result = merged(labels, raw, 0.0)
    assert len(set(result[:60].tolist())) == 1
    assert len(set(result[60:].tolist())) == 1
    assert result[0] != result[89]


def test_merging_keeps_what_is_in_no_region_and_takes_none_at_all() -> None:
    raw = unit(np.random.default_rng(0).normal(size=(6, 4)))
    labels = np.array([-1, 0, 0, -1, 0, 0])
    assert merged(labels, raw, 0.0).tolist() == labels.tolist()
    assert merged(np.full(6, -1), raw, 0.0).tolist() == [-1] * 6


def test_where_nothing_is_denser_there_is_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_density_labels", lambda xy: np.full(len(xy), -1))
    xy, raw, region = blobs([30])
    labels, clusters = found(xy, raw, region)
    assert (set(labels.tolist()), clusters) == ({-1}, [])


def test_rows_that_are_no_anchor_join_the_cluster_of_their_closest_one() -> None:
    xy, raw, region = blobs([50, 50])
    anchors = np.arange(0, 100, 2)
    closest = np.repeat(np.arange(50), 2)
    texts = pa.chunked_array([[f"word{chr(97 + r)}" for r in region]], pa.large_string())
    regions = find_regions(xy[anchors], raw[anchors], 0.0)
    labels, clusters = describe_clusters(xy, regions[closest], name_regions(regions, texts.take(pa.array(anchors))))
    np.testing.assert_array_equal(labels[0::2], labels[1::2])
    assert sum(one.size for one in clusters) == (labels >= 0).sum()


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_points_does_not_matter(seed: int) -> None:
    xy, raw, region = blobs([40, 70, 30])
    order = np.random.default_rng(seed).permutation(len(xy))
    straight, shuffled = found(xy, raw, region)[0], found(xy[order], raw[order], region[order])[0]
    np.testing.assert_array_equal(straight[order], shuffled)


def test_numbers_follow_size() -> None:
    labels = np.array([7, 7, 2, -1, 2, 2, 9])
    assert module._by_size(labels).tolist() == [1, 1, 0, -1, 0, 0, 2]
    assert module._by_size(np.full(3, -1)).tolist() == [-1, -1, -1]
