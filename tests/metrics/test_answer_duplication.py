from __future__ import annotations

from typing import Any

import pytest
from helpers import rows_of

from diversity.metrics.answer_duplication import METRIC
from diversity.metrics.base import MetricOutput

LONG = "The library opens at nine in the morning and closes at six in the evening on every day of the week but Sunday."
NEAR = LONG.replace("Sunday", "Monday")


def measured(make_inputs: Any, prompts: list[str], answers: list[str], **settings: Any) -> MetricOutput:
    return METRIC.compute(make_inputs(rows_of(prompts, answers), **settings))


def table_rows(output: MetricOutput) -> dict[str, list[Any]]:
    return output.tables["answer_duplicates"].to_pydict()


def test_figures_and_suggestions_by_hand(make_inputs: Any) -> None:
    prompts = ["When is it open?", "When is it open", "Opening hours?", "Tell me the hours.", "Who are you?"]
    output = measured(make_inputs, prompts, [LONG, LONG, LONG, NEAR, "I am the keeper of the house by the lake."])
    result = output.results[0]
    assert result.value == pytest.approx(3 / 5)
    assert result.info["exact_ratio"] == pytest.approx(2 / 5)
    assert result.info["near_ratio"] == pytest.approx(1 / 5)
    assert result.info["cluster_ratio"] == pytest.approx(4 / 5)
    assert result.info["strip"] == {"texts": 5, "repeats": 2, "ratio": pytest.approx(2 / 5)}
    assert result.info["quadrants"] == {
        "same_prompt_same_answer": 2,
        "same_prompt_different_answers": 0,
        "different_prompts_same_answer": 4,
        "different_prompts_different_answers": 1,
    }
    rows = table_rows(output)
    assert rows["reason"] == [
        "representative",
        "exact_repeat_same_prompt",
        "exact_repeat_other_prompt",
        "near_repeat_other_prompt",
    ]
    assert rows["suggestion"] == ["keep", "drop", "drop", "drop"]
    assert len(set(rows["representative_id"])) == 1
    assert rows["turn"] == [0, 0, 0, 0]
    assert result.info["drop"] == 3


def test_labels_stay_up_to_their_share(make_inputs: Any) -> None:
    prompts = [f"Is review number {number} positive or negative?" for number in range(15)]
    output = measured(make_inputs, prompts, ["Negative"] * 15)
    reasons = table_rows(output)["reason"]
    assert reasons == ["representative"] + ["label_other_prompt"] * 9 + ["label_too_frequent"] * 5
    assert output.results[0].info["drop"] == 5


def test_the_same_question_twice_keeps_no_second_label(make_inputs: Any) -> None:
    output = measured(make_inputs, ["Is it red?", "Is it blue?", "Is it blue?"], ["No."] * 3)
    assert table_rows(output)["reason"] == ["representative", "label_other_prompt", "exact_repeat_same_prompt"]


def test_effective_number_and_token_share(make_inputs: Any) -> None:
    output = measured(make_inputs, ["a?", "b?", "c?", "d?"], ["Red it is", "Red it is", "Blue it is", "Blue it is"])
    info = output.results[0].info
    assert info["effective"] == pytest.approx(2)
    assert info["effective_ratio"] == pytest.approx(0.5)
    assert info["token_ratio"] == pytest.approx(1)
    assert info["repeat_token_ratio"] == pytest.approx(0.5)
    assert [cluster["size"] for cluster in info["top"]] == [2, 2]


def test_no_repeats(make_inputs: Any) -> None:
    output = measured(make_inputs, ["a?", "b?"], ["Red it is", "Blue it was"])
    assert output.results[0].value == 0
    assert output.tables["answer_duplicates"].num_rows == 0
    assert METRIC.checks[0].find(output.results).value == 0


def test_a_multi_turn_record_has_a_row_for_each_turn(make_inputs: Any) -> None:
    talk = [
        {"role": "user", "content": "Hello?"},
        {"role": "assistant", "content": LONG},
        {"role": "user", "content": "Once more?"},
        {"role": "assistant", "content": LONG},
    ]
    output = METRIC.compute(make_inputs([{"messages": talk}]))
    assert table_rows(output)["turn"] == [0, 1]
    assert table_rows(output)["representative_turn"] == [0, 0]


def test_without_an_embedder_semantic_repeats_are_unknown(make_inputs: Any) -> None:
    output = measured(make_inputs, ["a?", "b?"], ["Red it is", "Red it is"])
    info = output.results[0].info
    assert (info["semantic_ratio"], info["semantic_repeats"]) == (None, None)
    assert info["semantic_reason"] == "no_embedder"
    assert info["exact_ratio"] == pytest.approx(0.5)
    assert METRIC.checks[0].find(output.results).evidence["semantic_ratio"] is None


def test_a_near_repeat_under_another_system_is_not_dropped_unseen(make_inputs: Any) -> None:
    """The few words that differ may be what the system asks for."""
    plain = "西湖的春天很美，苏堤两岸的桃花和柳树都开了，清晨去人少，傍晚去可以看见雷峰塔的落日，值得一走。"

    def chat(system: str, answer: str) -> dict[str, Any]:
        roles = [("system", system), ("user", "西湖值得去吗？"), ("assistant", answer)]
        return {"messages": [{"role": role, "content": text} for role, text in roles]}

    rows = [chat("你是助手。", plain), chat("每句话结尾加喵。", plain + "喵。"), chat("你是助手。", plain + "呀。")]
    table = METRIC.compute(make_inputs(rows)).tables["answer_duplicates"].to_pandas()
    said = table.groupby("reason")["suggestion"].first().to_dict()
    assert said == {"representative": "keep", "near_repeat_other_system": "keep", "near_repeat_same_prompt": "drop"}
