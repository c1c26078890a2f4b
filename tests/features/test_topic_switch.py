"""The judgement of a turn: by hand, which way each sign pulls, and that sessions do not touch each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.features.session_words import WordRarity
from diversity.features.topic_switch import (
    DEFAULT_TOPIC_SWITCH,
    TopicSwitchSettings,
    judge_turns,
    turn_numbers,
    turn_similarity,
)

EVEN = WordRarity(np.zeros(0, np.uint64), np.zeros(0), 1.0)
NEUTRAL = "Explain how photosynthesis turns light into sugar"


def judge(queries, similarity, record=None, answers=None, settings=DEFAULT_TOPIC_SWITCH):
    count = len(queries)
    record = np.zeros(count, np.int64) if record is None else np.asarray(record)
    return judge_turns(queries, answers or [""] * count, record, np.asarray(similarity, float), EVEN, settings)


def test_turn_numbers():
    assert turn_numbers(np.array([4, 4, 7, 9, 9, 9])).tolist() == [0, 1, 0, 0, 1, 2]
    assert turn_numbers(np.zeros(0, np.int64)).tolist() == []


def test_similarity_by_hand():
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8], [1, 0]], np.float32)
    found = turn_similarity(vectors, np.array([0, 0, 0, 1]), unrelated=0.2, back=2)
    stretched = [[0, 0], [-0.25, 0], [(0.8 - 0.2) / 0.8, (0.6 - 0.2) / 0.8], [0, 0]]
    assert found == pytest.approx(np.array(stretched))


def test_probability_by_hand():
    found = judge(["Hello there my friend", NEUTRAL, NEUTRAL], [[0, 0], [0.1, 0.9], [0.1, 0.3]])
    s = DEFAULT_TOPIC_SWITCH
    # Turn 1 has one turn before it, so that 0.9 is of no turn; turn 2 repeats all words of turn 1.
    odds = [s.base + (s.previous + s.recent) * 0.1, s.base + s.previous * 0.1 + s.recent * 0.3 + s.words]
    assert found.score == pytest.approx([0, *(1 / (1 + np.exp(-np.array(odds))))])
    assert found.klass.tolist() == ["related", "unrelated", "related"]
    assert found.words == pytest.approx([0, 0, 1])


@given(st.floats(-0.2, 1), st.floats(-0.2, 1))
def test_the_closer_the_less_a_switch(one, other):
    low, high = sorted((one, other))
    scores = judge(["Hello there", NEUTRAL] * 2, [[0], [low], [0], [high]], [0, 0, 1, 1]).score
    assert scores[1] >= scores[3]


@pytest.mark.parametrize(
    ("query", "sign"),
    [
        ("Explain how it turns light into sugar", -1),
        ("What about the light", -1),
        ("Yes", -1),
        ("By the way, explain", 1),
    ],
)
def test_cues_pull_their_way(query, sign):
    plain, cued = judge(["Hello there", NEUTRAL, "Hello there", query], [[0], [0.35]] * 2, [0, 0, 1, 1]).score[[1, 3]]
    assert (cued - plain) * sign > 0


def test_settings_decide_the_classes():
    strict = TopicSwitchSettings(unrelated_from=0.999, related_below=0.0)
    assert judge(["Hello there", NEUTRAL], [[0], [0.2]], settings=strict).klass[1] == "uncertain"


def test_sessions_do_not_touch_each_other():
    queries, answers = ["A first word", "继续", NEUTRAL, "Why is that?"], ["one?", "two", "three?", "four"]
    similarity = [[0, 0], [0.3, 0], [0, 0], [0.1, 0]]
    both = judge(queries, similarity, [0, 0, 1, 1], answers)
    for part in (slice(0, 2), slice(2, 4)):
        alone = judge(queries[part], similarity[part], [0, 0], answers[part])
        assert alone.score[1] == pytest.approx(both.score[part][1])
        assert alone.cues[1] == both.cues[part][1]


def test_nothing_to_judge():
    assert judge([], np.zeros((0, 3))).score.shape == (0,)
