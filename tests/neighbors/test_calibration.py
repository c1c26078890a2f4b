from __future__ import annotations

import numpy as np
import pytest

from diversity.neighbors.calibration import CALIBRATED, FLOOR, derived_threshold, semantic_threshold


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_a_known_embedder_has_its_own() -> None:
    vectors = unit(np.random.default_rng(0).standard_normal((50, 8)))
    assert semantic_threshold("universal-v1-abc-float32", vectors, 0) == CALIBRATED["universal-"]


def test_a_narrow_cone_raises_the_threshold() -> None:
    random = np.random.default_rng(0)
    wide = unit(random.standard_normal((2000, 256)))
    narrow = unit(random.standard_normal((2000, 256)) + 2)
    assert derived_threshold(wide, 0) < derived_threshold(narrow, 0) < 1
    assert semantic_threshold("another", narrow, 0) == derived_threshold(narrow, 0)


def test_it_lies_where_the_formula_says() -> None:
    random = np.random.default_rng(1)
    vectors = unit(random.standard_normal((3000, 64)) + 1)
    cosine = (vectors @ vectors.T)[np.triu_indices(3000, 1)]
    edge = np.quantile(cosine, 0.999)
    assert derived_threshold(vectors, 0) == pytest.approx(edge + 0.85 * (1 - edge), abs=0.005)


def test_too_few_vectors() -> None:
    assert derived_threshold(np.zeros((1, 4), np.float32), 0) == FLOOR
