from __future__ import annotations

import random
from typing import Any

import pytest
from helpers import rows_of

from diversity.metrics.answer_duplication import METRIC
from diversity.metrics.base import MetricOutput

LONG = "The library opens at nine in the morning and closes at six in the evening on every day of the week but Sunday."
NEAR = f"Well: {LONG}"
OTHER_FACT = LONG.replace("Sunday", "Monday")


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


def test_the_group_that_is_named_has_something_to_drop(make_inputs: Any) -> None:
    prompts = [f"Is review number {number} positive or negative?" for number in range(8)] + ["Hours?"] * 3
    output = measured(make_inputs, prompts, ["Negative"] * 8 + [LONG] * 3)
    assert output.results[0].info["top"][0]["text"] == "Negative"
    finding = METRIC.checks[0].find(output.results)
    assert [finding.evidence[name] for name in ("top_text", "top_size", "top_mended", "drop")] == [LONG, 3, 2, 2]


def test_where_all_repeats_stay_the_largest_group_is_named(make_inputs: Any) -> None:
    output = measured(make_inputs, [f"Is number {number} even?" for number in range(5)], ["No"] * 5)
    finding = METRIC.checks[0].find(output.results)
    assert output.results[0].info["mended"] is None
    assert (finding.advice, finding.evidence["top_size"]) == ("review_repeats", 5)


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
    assert table_rows(output)["suggestion"] == ["keep", "rewrite"]
    assert [output.results[0].info[name] for name in ("drop", "rewrite")] == [0, 1]
    assert METRIC.checks[0].find(output.results).advice == "rewrite_repeats"


def chat(*texts: str, system: str = "") -> dict[str, Any]:
    said = [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)]
    return {"messages": [{"role": "system", "content": system}] * bool(system) + said}


def advice(make_inputs: Any, *rows: dict[str, Any]) -> list[tuple[str, str]]:
    found = METRIC.compute(make_inputs(list(rows))).tables["answer_duplicates"].to_pandas()
    return list(zip(found["suggestion"], found["reason"], strict=True))


def test_a_conversation_of_which_every_turn_repeats_can_go(make_inputs: Any) -> None:
    talk = chat("Hello?", LONG, "And how do I get there?", "Take the tram to the park, then walk uphill.")
    assert advice(make_inputs, talk, talk)[1::2] == [("drop", "exact_repeat_same_prompt")] * 2


def test_the_same_prompt_after_other_turns_is_called_that(make_inputs: Any) -> None:
    rows = [chat("Where is it?", "By the park.", "Go on", LONG), chat("Who made it?", "Nobody knows.", "Go on", LONG)]
    assert advice(make_inputs, *rows) == [("keep", "representative"), ("rewrite", "exact_repeat_other_context")]


def test_the_same_answer_under_another_system_is_called_that(make_inputs: Any) -> None:
    rows = [chat("Hours?", LONG, system="Be brief."), chat("Hours?", LONG, system="Be kind.")]
    assert advice(make_inputs, *rows) == [("keep", "representative"), ("drop", "exact_repeat_other_system")]


@pytest.mark.parametrize("prompt", ["When is it open?", "Tell me the hours."])
def test_what_differs_in_a_fact_stays(make_inputs: Any, prompt: str) -> None:
    rows = [chat("When is it open?", LONG), chat(prompt, OTHER_FACT), chat(prompt, LONG.replace("nine", "19"))]
    assert advice(make_inputs, *rows)[1:] == [("keep", "near_repeat_other_facts")] * 2


def drawn(asked: str, call: str, said: str = "Well, here is the picture.") -> dict[str, Any]:
    return {
        "messages": [
            {"from": "human", "value": asked},
            {"from": "function_call", "value": call},
            {"from": "observation", "value": "done"},
            {"from": "gpt", "value": said},
        ]
    }


def test_a_turn_that_asked_something_else_of_a_tool_is_never_dropped(make_inputs: Any) -> None:
    rows = [drawn(f"Draw animal number {at}", f'Draw("animal {at}")') for at in range(20)]
    judged = advice(make_inputs, *rows)
    assert judged == [("keep", "representative")] + [("keep", "exact_repeat_other_calls")] * 19
    without = [chat(row["messages"][0]["value"], row["messages"][-1]["value"]) for row in rows]
    assert ("drop", "label_too_frequent") in advice(make_inputs, *without)


def test_the_same_prompt_with_another_call_stays_and_with_the_same_call_goes(make_inputs: Any) -> None:
    rows = [drawn("Draw a cat", 'Draw("cat")', LONG), drawn("Draw a cat", 'Draw("a black cat")', LONG)]
    judged = advice(make_inputs, *rows, rows[1], drawn("Draw it", 'Draw("dog")', NEAR), chat("Draw a cat", LONG))
    assert judged == [
        ("keep", "representative"),
        ("keep", "exact_repeat_other_calls"),
        ("drop", "exact_repeat_same_prompt"),
        ("keep", "near_repeat_other_calls"),
        ("keep", "exact_repeat_other_calls"),
    ]


def test_a_conversation_with_one_other_call_is_not_dropped(make_inputs: Any) -> None:
    talks = [
        {"messages": [*chat("Hello?", LONG)["messages"], *drawn("Draw it", call)["messages"]]}
        for call in ("Draw(1)", "Draw(2)")
    ]
    for talk in talks:
        for message in talk["messages"]:
            role = {"user": "human", "assistant": "gpt"}.get(message.pop("role", ""), message.get("from"))
            message |= {"from": role, "value": message.pop("content", message.get("value"))}
    inputs = make_inputs(talks)
    output = METRIC.compute(inputs)
    table = output.tables["answer_duplicates"].to_pylist()
    assert {row["suggestion"] for row in table if row["reason"] == "exact_repeat_other_calls"} == {"keep"}
    assert output.results[0].info["drop"] == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "这个触发器会在更新数据之前执行，先检查新的值是不是在允许的范围里，再决定要不要写进表里，写好以后记一条日志。",
            ("前", "后"),
        ),
        (f"{LONG} {LONG.replace('library', 'museum')} The price is the max of both.", ("max", "min")),
    ],
)
def test_one_word_in_place_of_another_is_a_fact_in_a_long_text_too(
    make_inputs: Any, text: str, words: tuple[str, str]
) -> None:
    rows = [chat("One?", text), chat("Two?", f"{text.replace(*words)} 好")]
    assert advice(make_inputs, *rows)[1] == ("keep", "near_repeat_other_facts")
    added = [chat("One?", text), chat("Two?", f"{text} 好")]
    assert advice(make_inputs, *added)[1] == ("drop", "near_repeat_other_prompt")


def test_reasons_are_true_of_the_rows_they_speak_of(make_inputs: Any) -> None:
    drawn = random.Random(5)
    asked = [drawn.choice(["When is it open?", "Opening hours?", "Tell me!"]) for _ in range(60)]
    said = [drawn.choice([LONG, NEAR, OTHER_FACT, "Yes."]) for _ in asked]
    inputs = make_inputs(rows_of(asked, said))
    found = METRIC.compute(inputs).tables["answer_duplicates"].to_pandas()
    ids = inputs.corpus.record_ids.to_pylist()
    prompts, answers = (dict(zip(ids, texts, strict=True)) for texts in (asked, said))
    stays = set(found.loc[found["suggestion"] == "keep", "record_id"])
    assert {"exact_repeat_same_prompt", "near_repeat_same_prompt", "near_repeat_other_facts"} <= set(found["reason"])
    for row in found[found["reason"].str.contains("_repeat_")].itertuples():
        pair = (row.record_id, row.reason_id)
        same_prompt, same_answer = (len({texts[one] for one in pair}) == 1 for texts in (prompts, answers))
        assert same_answer == row.reason.startswith("exact")
        if "_facts" not in row.reason:
            assert same_prompt == row.reason.endswith("same_prompt")
        if row.reason.endswith("same_prompt"):
            assert row.reason_id in stays
