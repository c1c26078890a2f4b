"""Gain by hand on three records, runs of words, and partners."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from diversity.features.system_gain import count_words, gains, shared_words
from diversity.features.system_partners import Kinds, any_partners, group_systems, similar_partners
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


def kinds(system: list[int], language: list[str], spoken: list[str] | None = None) -> Kinds:
    return Kinds(np.array(system), np.array(language), np.array(spoken or ["en"] * len(system)))


def test_partners_have_another_system_and_the_same_language() -> None:
    vectors = np.eye(4, dtype=np.float32)[[0, 0, 0, 1]]
    of = kinds([0, 0, 1, 1], ["zh", "zh", "zh", "en"])
    found = similar_partners(vectors, np.arange(4), of, 2)
    assert found[0].tolist() == [2, -1]
    assert set(found[2].tolist()) == {0, 1}
    assert found[3].tolist() == [-1, -1]
    without = any_partners(np.arange(4), np.arange(4), of, 2)
    assert set(without[2].tolist()) == {0, 1}
    assert without[3].tolist() == [-1, -1]


def test_partners_have_systems_in_the_same_language_where_it_can_be_told() -> None:
    of = kinds([0, 1, 2, 3], ["zh"] * 4, ["en", "zh", "en", "mixed"])
    found = similar_partners(np.ones((4, 1), np.float32), np.arange(4), of, 3)
    assert [sorted(row) for row in found.tolist()] == [[-1, 2, 3], [-1, -1, 3], [-1, 0, 3], [0, 1, 2]]


def test_without_vectors_a_record_that_goes_changes_the_partners_of_few() -> None:
    random = np.random.default_rng(3)
    count, most = 400, 16
    places = random.permutation(10 * count)[:count]
    of = kinds((np.arange(count) % 5).tolist(), ["en"] * count)
    whole = any_partners(places, np.arange(count), of, most)
    less = any_partners(places, np.delete(np.arange(count), 7), of, most)
    touched = (whole == 7).any(axis=1)
    assert 0 < touched.sum() < 3 * most
    assert (whole[~touched] == less[~touched]).all()
    assert (whole >= 0).all()


def test_a_word_s_weight_does_not_jump_as_it_becomes_common() -> None:
    count = 2_000

    def weight(having: int) -> float:
        answers = [["heron"] * having + ["gull"] * (count - having)]
        found = count_words(["heron"], np.zeros(count, np.int64), [[""] * count], answers)
        return float(found.weights[0])

    weights = [weight(having) for having in range(20, 261, 10)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0.5
    assert weights[-1] == 0.0
    # At a sharp bound of one in twenty it fell by 0.4 at once.
    assert max(np.diff(weights[::-1])) < 0.1


def test_systems_of_nearly_the_same_text_are_one_group() -> None:
    long = "You are an assistant of the harbour office. You answer questions about ferries, fees and opening hours. "
    texts = [long + "Search: enabled.", long + "Search: disabled.", "完全不同的系统提示。", None, "  "]
    found = group_systems(pa.chunked_array([pa.array(texts, pa.large_string())]), DEFAULT_DUPLICATES)
    assert (found.of >= 0).tolist() == [True, True, True, False, False]
    groups = found.group[found.of[:3]]
    assert groups[0] == groups[1] != groups[2]
    assert found.group_records[groups[0]] == 2
