"""Gain by hand on three records, runs of words, and partners."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from diversity.features.system_gain import count_words, gains, shared_words
from diversity.features.system_partners import any_partners, group_systems, similar_partners
from diversity.neighbors.settings import DEFAULT_DUPLICATES


def test_gain_is_own_similarity_less_both_permutations() -> None:
    table = np.array([[0.9, 0.2, 0.1], [0.3, 0.8, 0.0], [0.5, 0.4, 0.6]])
    partners = np.array([[1, 2], [0, -1], [-1, -1]])
    found = gains(lambda system, row: table[system, row], np.arange(3), partners)
    first = 0.9 - ((0.3 + 0.2) / 2 + (0.5 + 0.1) / 2) / 2
    second = 0.8 - (0.2 + 0.3) / 2
    assert found[:2] == pytest.approx([first, second])
    assert np.isnan(found[2])


def test_words_of_the_user_do_not_count() -> None:
    systems = ["the heron nests in marshland"]
    said, answers = [["where is the heron", "hello"]], [["the heron is in marshland", "a heron nests there"]]
    words = count_words(systems, np.zeros(2, np.int64), said, answers)
    shared = np.asarray(words.answers.sum(axis=1)).ravel()
    # `in` and `marshland`; `heron` and `nests`.
    assert shared.tolist() == [2, 2]


def runs(systems: list[str], said: list[str], answers: list[str], others: list[str]) -> list[int]:
    """Runs that each answer takes over from the system at its place, beside answers under another system."""
    of = np.array([*range(len(systems)), *[len(systems)] * len(others)])
    found = count_words([*systems, "You are plain."], of, [[*said, *["hm"] * len(others)]], [[*answers, *others]])
    return found.runs[: len(systems)].tolist()


def test_runs_are_taken_over_word_for_word() -> None:
    systems = ["投资有风险，入市需谨慎。", "Stay curious and be kind.", "投资有风险，入市需谨慎。"]
    said = ["可以买基金吗", "hello", "投资有风险，入市需谨慎吗"]
    answers = ["可以少买一点。投资有风险，入市需谨慎。", "Stay curious and be kind!", "投资有风险，入市需谨慎。"]
    # Four pairs of characters on either side of the comma, so six runs of three pairs; five English words, so three.
    assert runs(systems, said, answers, ["没有什么。"] * 30) == [6, 3, 0]


def test_a_run_that_answers_have_anyway_is_no_sign_of_the_system() -> None:
    system = "It can provide details. Mention the harbour of Brava. There are a lot of rules."
    answer = "There are a lot of ships in the harbour of Brava."
    # there are a, are a lot, a lot of; the harbour of, harbour of Brava.
    assert runs([system], ["hm"], [answer], ["Nothing here."] * 40) == [5]
    # One answer in twenty says "there are a lot".
    assert runs([system], ["hm"], [answer], ["Nothing here.", *["x"] * 18, "There are a lot."] * 2) == [3]


def test_without_answers_under_other_systems_no_run_is_known_to_be_rare() -> None:
    assert runs(["Stay curious and be kind."], ["hm"], ["Stay curious and be kind!"], ["Nothing here."] * 19) == [0]
    assert runs(["Stay curious and be kind."], ["hm"], ["Stay curious and be kind!"], ["Nothing here."] * 20) == [3]


def test_an_answer_with_its_system_s_rare_words_is_nearer_to_it() -> None:
    systems = [f"Guide of island {name}, mention the {name} lighthouse" for name in ("Brava", "Corvo", "Delos", "Elba")]
    answers = [f"See the {name} lighthouse at noon" for name in ("Brava", "Corvo", "Delos", "Elba")]
    filler = ["nothing at all here"] * 80
    systems.append("You are plain.")
    of = np.array([0, 1, 2, 3, *[4] * 80])
    words = count_words(systems, of, [["what now"] * 84], [[*answers, *filler]])
    partners = np.full((84, 1), -1)
    partners[:4, 0] = [1, 2, 3, 0]
    found = gains(lambda system, row: shared_words(words, system, row), of, partners)
    assert (found[:4] > 0).all()


def test_nothing_to_count() -> None:
    words = count_words([], np.zeros(0, np.int64), [], [])
    assert len(words.runs) == 0
    empty = count_words(["", "。。。"], np.array([0, 1]), [["", ""]], [["", "好"]])
    assert empty.runs.tolist() == [0, 0]
    assert shared_words(empty, np.array([0, 1]), np.array([0, 1])).tolist() == [0, 0]


def test_partners_have_another_system_and_the_same_language() -> None:
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 0, 1]]
    group, language = np.array([0, 0, 1, 1]), np.array(["zh", "zh", "zh", "en"])
    found = similar_partners(vectors, np.arange(4), group, language, 2)
    assert found[0].tolist() == [2, -1]
    assert set(found[2].tolist()) == {0, 1}
    assert found[3].tolist() == [-1, -1]
    without = any_partners(np.arange(4), np.arange(4), group, language, 2)
    assert set(without[2].tolist()) == {0, 1}
    assert without[3].tolist() == [-1, -1]


def test_systems_of_nearly_the_same_text_are_one_group() -> None:
    long = "You are an assistant of the harbour office. You answer questions about ferries, fees and opening hours. "
    texts = [long + "Search: enabled.", long + "Search: disabled.", "完全不同的系统提示。", None, "  "]
    found = group_systems(pa.chunked_array([pa.array(texts, pa.large_string())]), DEFAULT_DUPLICATES)
    assert (found.of >= 0).tolist() == [True, True, True, False, False]
    groups = found.group[found.of[:3]]
    assert groups[0] == groups[1] != groups[2]
    assert found.group_records[groups[0]] == 2
