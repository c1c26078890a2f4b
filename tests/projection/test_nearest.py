from __future__ import annotations

import numpy as np

from diversity.projection.nearest import SHORTLIST, nearest, nearly_nearest


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


def test_nearly_nearest_finds_what_stands_out_and_is_exact_for_short_vectors() -> None:
    random = np.random.default_rng(0)
    anchors = unit(random.normal(size=(400, 200)) * np.geomspace(1, 0.05, 200))
    queries = unit(anchors[:90] + 0.02 * random.normal(size=(90, 200)))
    index, cosine = nearly_nearest(queries, anchors, 5)
    exact, best = nearest(queries, anchors, 5)
    assert (index[:, 0] == np.arange(90)).all()
    assert (index == exact).mean() > 0.9
    assert (cosine <= best + 1e-6).all()
    np.testing.assert_allclose(cosine, np.einsum("nd,nkd->nk", queries, anchors[index]), atol=1e-5)
    short = unit(random.normal(size=(50, 8)))
    assert (nearly_nearest(short, short, 3)[0] == nearest(short, short, 3)[0]).all()
    assert nearly_nearest(queries, anchors[:SHORTLIST], 3)[0].shape == (90, 3)
