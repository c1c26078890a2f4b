from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from diversity.neighbors.semantic import semantic_pairs
from diversity.neighbors.settings import DuplicateSettings


def clouds(count: int, each: int, spread: float, seed: int, width: int = 128) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    centers = np.repeat(random.standard_normal((count, width)), each, axis=0)
    vectors = (centers + spread * random.standard_normal(centers.shape)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def plain_pairs(vectors: NDArray[np.float32], threshold: float) -> set[tuple[int, int]]:
    cosine = np.triu(vectors @ vectors.T, 1)
    return {(int(i), int(j)) for i, j in zip(*np.nonzero(cosine >= threshold), strict=True)}


@pytest.mark.parametrize("threshold", [0.7, 0.9, 0.93])
def test_the_bound_loses_no_pair(threshold: float) -> None:
    vectors = clouds(400, 3, 0.3, seed=1)
    found = semantic_pairs(vectors, threshold, DuplicateSettings())
    assert set(zip(found.left.tolist(), found.right.tolist(), strict=True)) == plain_pairs(vectors, threshold)
    assert np.allclose(found.similarity, np.einsum("ij,ij->i", vectors[found.left], vectors[found.right]), atol=1e-5)


def test_the_index_finds_nearly_all() -> None:
    vectors = clouds(500, 3, 0.3, seed=2)
    expected = plain_pairs(vectors, 0.9)
    found = semantic_pairs(vectors, 0.9, DuplicateSettings(brute_force_limit=10))
    got = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert got <= expected
    assert len(got) >= 0.98 * len(expected)


def test_a_crowd_is_led_by_few_and_all_are_linked() -> None:
    vectors = clouds(2, 1500, 0.1, seed=3)
    found = semantic_pairs(vectors, 0.9, DuplicateSettings())
    assert len(found) < 20 * len(vectors)
    assert len(np.unique(np.concatenate([found.left, found.right]))) == len(vectors)


def test_narrow_vectors_and_few_of_them() -> None:
    vectors = np.array([[1, 0], [0.999, 0.0447], [0, 1]], np.float32)
    assert semantic_pairs(vectors, 0.95, DuplicateSettings()).right.tolist() == [1]
    assert len(semantic_pairs(vectors[:1], 0.95, DuplicateSettings())) == 0
