from __future__ import annotations

import numpy as np

from diversity.projection.nearest import nearest


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_by_hand() -> None:
    anchors = unit(np.array([[1.0, 0], [0, 1.0], [1.0, 1.0]]))
    index, cosine = nearest(unit(np.array([[1.0, 0.1]])), anchors, 2)
    assert index.tolist() == [[0, 2]]
    assert cosine[0, 0] > cosine[0, 1]


def test_agrees_with_sorting_everything() -> None:
    random = np.random.default_rng(0)
    queries, anchors = unit(random.normal(size=(50, 8))), unit(random.normal(size=(40, 8)))
    index, _ = nearest(queries, anchors, 5)
    assert (index == np.argsort(-(queries @ anchors.T), axis=1)[:, :5]).all()


def test_more_neighbours_than_there_are() -> None:
    index, _ = nearest(np.eye(3, dtype=np.float32), np.eye(2, 3, dtype=np.float32), 9)
    assert index.shape == (3, 2)
