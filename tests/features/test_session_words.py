"""Words that a query shares with its session, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from diversity.features.session_words import cohesion, word_rarity

SESSIONS = ["alpha beta", "alpha gamma", "alpha delta"]


def test_rarity_by_hand():
    rarity = word_rarity(SESSIONS)
    # alpha in all three, the others in one; common words in none, and of no weight.
    assert sorted(rarity.weights[rarity.weights > 0]) == pytest.approx([np.log(4 / 3.5), *[np.log(4 / 1.5)] * 3])
    assert rarity.unseen == pytest.approx(np.log(4 / 0.5))
    assert rarity.of(np.array([1], np.uint64)) == pytest.approx([rarity.unseen])


def test_cohesion_by_hand():
    rarity = word_rarity(SESSIONS)
    common, rare = np.log(4 / 3.5), np.log(4 / 1.5)
    queries = ["beta", "alpha beta gamma", "beta delta", ""]
    answers = ["alpha", "", "", ""]
    record = np.array([0, 0, 1, 1])
    # Turn 1 repeats `alpha` of the answer and `beta` of the query; turn 2 opens another session.
    expected = [0, (common + rare) / (common + 2 * rare), 0, 0]
    assert cohesion(queries, answers, record, rarity) == pytest.approx(expected)


def test_the_whole_session_counts_and_no_other():
    rarity = word_rarity(SESSIONS)
    queries = ["量子计算", "天气预报", "量子计算", "量子计算"]
    found = cohesion(queries, [""] * 4, np.array([0, 0, 0, 1]), rarity)
    assert found == pytest.approx([0, 0, 1, 0])


def test_what_every_session_says_is_no_tie():
    everywhere = word_rarity(["order number", "order number", "order number"])
    found = cohesion(["order number", "order number"], ["", ""], np.array([0, 0]), everywhere)
    assert found[1] == pytest.approx(2 * np.log(4 / 3.5) / np.log(4 / 0.5))


def test_a_word_of_the_turn_itself_is_not_known():
    rarity = word_rarity(SESSIONS)
    assert cohesion(["one", "two two"], ["", "two"], np.array([0, 0]), rarity) == pytest.approx([0, 0])


def test_common_words_do_not_count_however_small_the_set():
    rarity = word_rarity(["Can you tell me what the lighthouse is for?"])
    queries = ["Can you tell me what the lighthouse is for?", "Can you tell me what a yeast is?"]
    assert cohesion(queries, ["", ""], np.array([0, 0]), rarity) == pytest.approx([0, 0])


def test_nothing_to_count():
    rarity = word_rarity(["", "…"])
    assert cohesion(["", "!!"], ["", ""], np.array([0, 0]), rarity) == pytest.approx([0, 0])
    assert cohesion([], [], np.zeros(0, np.int64), rarity).shape == (0,)
    assert cohesion(["zebra"] * 2, [""] * 2, np.array([0, 0]), word_rarity([])) == pytest.approx([0, 1])
