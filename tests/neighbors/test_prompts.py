from __future__ import annotations

import numpy as np

from diversity.neighbors.exact import fold_keys
from diversity.neighbors.prompts import answer_groups, quadrants, question_keys


def test_the_same_words_after_another_question_are_another_question() -> None:
    prompts = ["What is rain?", "Go on", "what is rain", "go on.", "What is snow?", "Go on", ""]
    keys = question_keys(fold_keys(prompts), np.array([0, 1, 0, 1, 0, 1, 0], np.int32))
    assert keys[0] == keys[2] != keys[4]
    assert keys[1] == keys[3] != keys[5]
    assert keys[6] == 0


def test_answer_groups_give_lone_units_their_own() -> None:
    groups = answer_groups(np.array([0, -1, 0, -1, 1, 1]))
    assert groups[0] == groups[2]
    assert len(set(groups.tolist())) == 4


def test_quadrants_by_hand() -> None:
    questions = np.array([1, 1, 1, 2, 3, 0], np.uint64)
    groups = np.array([7, 7, 8, 7, 9, 7])
    found = quadrants(questions, groups, questions != 0)
    assert found == {
        "same_prompt_same_answer": 2,
        "same_prompt_different_answers": 3,
        "different_prompts_same_answer": 3,
        "different_prompts_different_answers": 1,
    }


def test_quadrants_of_nothing() -> None:
    none = quadrants(np.zeros(2, np.uint64), np.arange(2), np.zeros(2, bool))
    assert set(none.values()) == {0}
