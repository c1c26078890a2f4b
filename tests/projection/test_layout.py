from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from diversity.projection import Layout, lay_out
from diversity.settings import MapSettings, Settings


@pytest.fixture
def blobs() -> tuple[pa.ChunkedArray, NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Three well separated subjects of 40 texts: texts, unit vectors, index and true subject."""
    random = np.random.default_rng(3)
    subject = np.repeat(np.arange(3), 40)
    rows = np.eye(3, 16)[subject] * 6 + random.normal(size=(120, 16))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    words = ("合同 违约金", "红烧肉 酱油", "python function")
    texts = pa.chunked_array([[f"{words[s]} {n}" for n, s in enumerate(subject)]], type=pa.large_string())
    return texts, vectors, np.arange(120), subject


def run(blobs, folder: Path, sample: int = 1000, rows: slice = slice(None)) -> Layout:
    texts, vectors, index, _ = blobs
    settings = Settings(embedder="none", semantic_map=MapSettings(sample=sample))
    chosen = vectors[rows]
    found = lay_out(
        texts.take(pa.array(index[rows])),
        chosen,
        np.arange(len(chosen)),
        (chosen, np.arange(len(chosen))),
        0.0,
        settings,
        folder,
        lambda done, total: None,
    )
    assert found is not None
    return found


def purity(labels: NDArray[np.int64], subject: NDArray[np.int64]) -> float:
    inside = labels >= 0
    return sum(np.bincount(subject[inside & (labels == label)]).max() for label in set(labels[inside])) / len(labels)


@pytest.mark.slow
def test_subjects_fall_into_named_clusters_and_the_map_is_kept(blobs, tmp_path: Path) -> None:
    first = run(blobs, tmp_path)
    assert first.fitted == 120
    assert purity(first.cluster, blobs[3]) > 0.9
    assert {term for cluster in first.clusters for term in cluster.terms} >= {"违约金", "红烧肉", "python"}
    again = run(blobs, tmp_path)
    assert again.fitted == 0
    np.testing.assert_array_equal(first.xy, again.xy)
    fresh = run(blobs, tmp_path / "elsewhere")
    np.testing.assert_array_equal(first.xy, fresh.xy)


@pytest.mark.slow
def test_texts_beyond_the_sample_are_placed_among_their_own(blobs, tmp_path: Path) -> None:
    found = run(blobs, tmp_path, sample=90)
    assert (found.fitted, found.placed) == (90, 30)
    assert np.isfinite(found.xy).all()
    assert purity(found.cluster, blobs[3]) > 0.85


@pytest.mark.slow
def test_new_texts_join_the_kept_map(blobs, tmp_path: Path) -> None:
    before = run(blobs, tmp_path, rows=slice(0, 110))
    after = run(blobs, tmp_path)
    assert (after.fitted, after.placed) == (0, 10)
    np.testing.assert_array_equal(after.xy[:110], before.xy)


def test_too_few_texts_have_no_map(blobs, tmp_path: Path) -> None:
    texts, vectors, index, _ = blobs
    assert (
        lay_out(
            texts.slice(0, 5),
            vectors[:5],
            index[:5],
            (vectors[:5], np.arange(5)),
            0.0,
            Settings(embedder="none"),
            tmp_path,
            lambda done, total: None,
        )
        is None
    )
