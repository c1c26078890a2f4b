from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.neighbors.clusters import stars
from diversity.neighbors.pairs import Pairs

EDGES = st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]), max_size=30)


def pairs_of(edges: list[tuple[int, int]], similarity: float = 0.9) -> Pairs:
    left, right = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    return Pairs(left, right, np.full(len(left), similarity, np.float32))


def test_a_chain_does_not_put_strangers_together() -> None:
    found = stars(pairs_of([(0, 1), (1, 2), (2, 3)]), np.ones(4, np.int64))
    assert found.center[0] == found.center[1]
    assert found.center[2] == found.center[3]
    assert found.center[0] != found.center[3]


def test_a_clique_is_one_star_around_the_heaviest() -> None:
    edges = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    assert stars(pairs_of(edges), np.array([1, 1, 5, 1])).center.tolist() == [2, 2, 2, 2]


@given(EDGES)
def test_every_member_is_a_pair_with_its_center_and_nobody_with_a_partner_is_alone(edges: set[tuple[int, int]]) -> None:
    found = stars(pairs_of(sorted(edges)), np.ones(12, np.int64))
    sizes = np.bincount(found.center, minlength=12)
    for node, center in enumerate(found.center.tolist()):
        assert found.center[center] == center
        assert node == center or (min(node, center), max(node, center)) in edges
    touched = {node for edge in edges for node in edge}
    assert {node for node in range(12) if sizes[found.center[node]] > 1} == touched


@given(EDGES, st.sets(st.integers(0, 11)))
def test_fixed_nodes_never_join(edges: set[tuple[int, int]], fixed: set[int]) -> None:
    flags = np.isin(np.arange(12), list(fixed))
    found = stars(pairs_of(sorted(edges)), np.ones(12, np.int64), fixed=flags)
    assert all(found.center[node] == node for node in fixed)


def test_similarity_is_that_of_the_pair() -> None:
    pairs = Pairs(np.array([0, 1]), np.array([1, 2]), np.array([0.81, 0.95], np.float32))
    found = stars(pairs, np.ones(3, np.int64))
    assert found.center.tolist() == [1, 1, 1]
    assert found.similarity.tolist() == pytest.approx([0.81, 1.0, 0.95])
