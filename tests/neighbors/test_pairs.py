from __future__ import annotations

import numpy as np

from diversity.neighbors.pairs import Pairs, no_pairs


def test_renumbered_by_hand() -> None:
    texts, pairs = Pairs(np.array([3, 7]), np.array([7, 9]), np.array([0.8, 0.9], np.float32)).renumbered()
    assert texts.tolist() == [3, 7, 9]
    assert pairs.left.tolist() == [0, 1]
    assert pairs.right.tolist() == [1, 2]
    assert pairs.similarity.tolist() == np.array([0.8, 0.9], np.float32).tolist()


def test_renumbering_nothing() -> None:
    texts, pairs = no_pairs().renumbered()
    assert len(texts) == len(pairs) == 0
