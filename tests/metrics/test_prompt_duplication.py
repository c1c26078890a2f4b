from __future__ import annotations

from typing import Any

import pytest
from helpers import rows_of

from diversity.metrics.prompt_duplication import METRIC

ASKED = "Please name one of the large rivers that flow through the middle of Europe into the Black Sea."


def test_repeats_with_the_same_answer_go_and_others_stay(make_inputs: Any) -> None:
    prompts = [ASKED, ASKED, ASKED, f"{ASKED} Thanks!", "Who wrote it?"]
    answers = ["The Danube", "the Danube.", "The Dniester, then", "The Dnieper", "Nobody did"]
    output = METRIC.compute(make_inputs(rows_of(prompts, answers)))
    result = output.results[0]
    assert result.value == pytest.approx(3 / 5)
    assert result.info["drop"] == 1
    rows = output.tables["prompt_duplicates"].to_pydict()
    assert rows["reason"] == [
        "representative",
        "exact_repeat_same_answer",
        "exact_repeat_other_answer",
        "near_repeat_other_answer",
    ]
    assert rows["suggestion"] == ["keep", "drop", "keep", "keep"]


def reasons(make_inputs: Any, rows: list[dict[str, Any]]) -> list[str]:
    return list(METRIC.compute(make_inputs(rows)).tables["prompt_duplicates"]["reason"].to_pylist())


def test_a_prompt_that_differs_in_the_one_word_is_another(make_inputs: Any) -> None:
    said = ["It is read by the people who keep the books of every office there is in town."] * 3
    output = METRIC.compute(make_inputs(rows_of([ASKED, ASKED.replace("into", "beyond"), f"{ASKED} Thanks!"], said)))
    assert output.results[0].value == pytest.approx(1 / 3)
    assert output.tables["prompt_duplicates"]["reason"].to_pylist() == ["representative", "near_repeat_same_answer"]


def test_members_of_a_cluster_that_differ_between_them_stay(make_inputs: Any) -> None:
    said = ["It has a water mill.", *["It is read by the people who keep the books of every office in town."] * 2]
    prompts = [ASKED, f"{ASKED} Thanks!", f"{ASKED} Please!"]
    assert reasons(make_inputs, rows_of(prompts, said)) == [
        "representative",
        "near_repeat_other_answer",
        "near_repeat_other_question",
    ]


def test_figure_clusters_and_suggestions_speak_of_the_same_prompts(make_inputs: Any) -> None:
    manual = "Look up what you need: write look(words), and read what comes back before you say anything. " * 2
    asked = ["Who built the lighthouse?", "Which birds can sleep?", "How deep is the sea?", "Who built the lighthouse"]
    said = ["A mason from the south.", "Swifts, in the air.", "Eleven kilometres.", "A mason from the south."]
    output = METRIC.compute(make_inputs(rows_of([manual + one for one in asked], said)))
    result = output.results[0]
    assert (result.value, result.info["clusters"], result.info["drop"]) == (pytest.approx(1 / 4), 1, 1)
    assert output.tables["prompt_duplicates"].num_rows == 2


def test_an_answer_that_differs_in_a_fact_is_another_answer(make_inputs: Any) -> None:
    said = "It is read by the people who keep the books of every office there is in town."
    found = reasons(make_inputs, rows_of([ASKED] * 3, [said, said.replace("every", "no"), f"Well: {said}"]))
    assert found == ["representative", "exact_repeat_other_answer", "exact_repeat_same_answer"]


def test_the_same_prompt_and_answer_with_another_call_stays(make_inputs: Any) -> None:
    rows = [
        {
            "messages": [
                {"from": "human", "value": ASKED},
                {"from": "function_call", "value": call},
                {"from": "observation", "value": "done"},
                {"from": "gpt", "value": "Here you are, as you asked."},
            ]
        }
        for call in ("find(1)", "find(2)", "find(2)")
    ]
    assert reasons(make_inputs, rows) == ["representative", "exact_repeat_other_calls", "exact_repeat_same_answer"]


def test_check_value_and_evidence(make_inputs: Any) -> None:
    output = METRIC.compute(make_inputs(rows_of([ASKED, ASKED, "Why?"], ["a", "b", "c"])))
    finding = METRIC.checks[0].find(output.results)
    assert finding.value == pytest.approx(1 / 3)
    assert finding.evidence["top_size"] == 2
    assert finding.table == "prompt_duplicates"


@pytest.mark.parametrize(("answers", "advice"), [("aab", "drop_repeats"), ("abc", "vary_prompts")])
def test_the_advice_is_what_the_suggestions_come_to(make_inputs: Any, answers: str, advice: str) -> None:
    said = [{"a": "The Danube does.", "b": "No river that I know.", "c": "Ask a sailor!"}[one] for one in answers]
    finding = METRIC.checks[0].find(METRIC.compute(make_inputs(rows_of([ASKED] * 3, said))).results)
    assert finding.advice == advice
    assert finding.evidence["drop"] == (advice == "drop_repeats")


def test_a_repeated_turn_of_a_conversation_is_rewritten(make_inputs: Any) -> None:
    turns = [(ASKED, "The Danube does."), ("Who wrote it?", "Nobody."), (ASKED, "The Danube does.")]
    talk = [one for asked, said in turns for one in (("human", asked), ("gpt", said))]
    rows = [{"conversations": [{"from": role, "value": text} for role, text in talk]}]
    assert METRIC.checks[0].find(METRIC.compute(make_inputs(rows)).results).advice == "rewrite_repeats"
