"""Likeness in what is particular."""

from __future__ import annotations

import numpy as np
import pytest

from diversity.comparison.likeness import Particular
from diversity.neighbors import DEFAULT_DUPLICATES
from diversity.neighbors.near import similarities

TEMPLATE = "All of these begin with one long sentence that says nothing of what comes behind it: "


def test_what_many_texts_have_says_little() -> None:
    texts = [TEMPLATE + own for own in ("grapes in May", "rusty hinges", "blue whales", "a wet dog", "old maps")] * 5
    pair = [TEMPLATE + "grapes in May"], [TEMPLATE + "frozen lakes"]
    plain = float(similarities(*pair, DEFAULT_DUPLICATES)[0])
    assert plain > 0.7
    assert float(Particular(texts, texts).similarities(*pair)[0]) < 0.7 * plain


def test_where_nothing_is_common_it_is_plain_similarity() -> None:
    left, right = ["the harbour at dawn", "一二三四五六", ""], ["the harbour at dusk", "一二三四五七", ""]
    plain = similarities(left, right, DEFAULT_DUPLICATES)
    for judge in (Particular(left, right), Particular([], []), Particular()):
        assert judge.similarities(left, right) == pytest.approx(plain, abs=1e-6)
    assert len(Particular(left).similarities([], [])) == 0


def test_weights_by_hand() -> None:
    """abcde and bcdef: one shingle of five letters more in each text than they share."""
    judge = Particular(["abcde", "abcde", "abcde", "abcde"], [])
    # abcde weighs 1/2, bcdef and cdefg one each.
    assert judge.similarities(["abcdef"], ["abcde"])[0] == pytest.approx(0.5 / 1.5)
    assert judge.similarities(["abcdefg"], ["bcdefg"])[0] == pytest.approx(2 / 2.5)
    assert np.isclose(judge.similarities(["abcde"], ["abcde"])[0], 1.0)
