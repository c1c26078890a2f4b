"""The share of length requests kept, by hand, and what the table says of each."""

from __future__ import annotations

import pytest
from helpers import MakeInputs, rows_of

from diversity.checks import run_checks
from diversity.metrics.length_instruction import METRIC, MINIMUM, TABLE, length_instruction


def rows(kept: int, short: int, plain: int = 0) -> list[dict[str, object]]:
    """So many kept and too short answers to requests for three sentences, and prompts without a request."""
    prompts = [f"用三句话介绍第{n}座山。" for n in range(kept + short)] + [f"第{n}座山在哪里？" for n in range(plain)]
    answers = ["山很高。山很远。山上有雪。"] * kept + ["山很高。"] * short + ["在北边。"] * plain
    return rows_of(prompts, answers)


def test_share_kept_by_hand(make_inputs: MakeInputs):
    output = length_instruction(make_inputs(rows(kept=12, short=4, plain=84)))
    result = output.results[0]
    assert result.value == 0.75
    assert result.info["asking_ratio"] == 0.16
    assert result.info["by_unit"] == {"sentences": {"kept": 12, "too_short": 4, "too_long": 0}}
    assert result.info["by_relation"] == {"exact": {"kept": 12, "too_short": 4, "too_long": 0}}
    table = output.tables[TABLE].to_pandas()
    assert table["kept"].sum() == 12
    assert set(table.loc[~table["kept"].astype(bool), "deviation"].round(3)) == {-0.667}
    assert set(table["span_start"]) == {1}


def test_breaking_more_lowers_the_share(make_inputs: MakeInputs):
    shares = [length_instruction(make_inputs(rows(20 - n, n))).results[0].value for n in (0, 5, 10, 20)]
    assert shares == [1.0, 0.75, 0.5, 0.0]


def test_few_requests_give_no_share_and_none_says_so(make_inputs: MakeInputs):
    few = length_instruction(make_inputs(rows(MINIMUM - 1, 0))).results[0]
    assert (few.status, few.reason) == ("not_applicable", "too_few_length_requests")
    none = length_instruction(make_inputs(rows(0, 0, 5)))
    assert none.results[0].reason == "no_length_requests"
    assert none.tables[TABLE].num_rows == 0


@pytest.mark.parametrize(("kept", "plain"), [(0, 1), (0, 99), (50, 49)])
def test_a_share_of_a_few_prompts_is_not_judged(make_inputs: MakeInputs, kept: int, plain: int):
    inputs = make_inputs(rows(kept, 0, plain))
    _, asking = run_checks([METRIC], length_instruction(inputs).results, inputs.settings)
    assert (asking.outcome, asking.value, asking.reason) == ("not_applicable", None, "too_few_for_share")


def test_a_request_of_a_system_reaches_the_turns_of_its_own_records(make_inputs: MakeInputs):
    """Systems shared, alone, absent and without a request, in no order."""
    systems = ["回答不超过10个字。", None, "用三句话回答。", "你是客服。", "回答不超过10个字。", "用三句话回答。"]
    records = [
        {"id": str(n), "prompt": f"第{n}座山在哪里？", "answer": "在北边。", **({"system": text} if text else {})}
        for n, text in enumerate(systems)
    ]
    table = length_instruction(make_inputs(records)).tables[TABLE].to_pylist()
    assert [(row["record_id"], row["unit"]) for row in table] == [
        ("0", "zi"), ("2", "sentences"), ("4", "zi"), ("5", "sentences"),
    ]  # fmt: skip


def test_a_system_prompt_s_request_holds_for_every_turn_unless_the_query_says_otherwise(make_inputs: MakeInputs):
    turns = [
        {"role": "system", "content": "回答不超过10个字。"},
        {"role": "user", "content": "天为什么是蓝的？"},
        {"role": "assistant", "content": "因为蓝光散射。"},
        {"role": "user", "content": "请用200字以上细说。"},
        {"role": "assistant", "content": "蓝光" * 120},
    ]
    table = length_instruction(make_inputs([{"messages": turns}])).tables[TABLE].to_pylist()
    assert [(row["turn"], row["source"], row["relation"], row["kept"]) for row in table] == [
        (0, "system", "at_most", True),
        (1, "prompt", "at_least", True),
    ]


def test_checks_say_what_to_do(make_inputs: MakeInputs):
    inputs = make_inputs(rows(kept=10, short=10, plain=80))
    kept, asking = run_checks([METRIC], length_instruction(inputs).results, inputs.settings)
    assert (kept.outcome, kept.advice, kept.records) == ("fail", "lengthen", 10)
    assert kept.where == {"kept": "broken"}
    assert asking.outcome == "pass"
    bare = make_inputs(rows(0, 0, 100))
    _, asking = run_checks([METRIC], length_instruction(bare).results, bare.settings)
    assert (asking.outcome, asking.advice) == ("fail", "add_long_requests")


@pytest.mark.parametrize(
    ("text", "requests"),
    [("<script>3 words</script>", 0), ("不少于2000字" * 400, 400), ("\u202e3 words or less", 1)],
)
def test_hostile_prompts(make_inputs: MakeInputs, text: str, requests: int):
    output = length_instruction(make_inputs(rows_of([text], ["好"])))
    assert output.results[0].info["requests"] == output.tables["length_instructions"].num_rows == requests
