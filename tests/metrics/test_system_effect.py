"""The figure over whole sets: classes, one-sidedness, groups, tools, shapes of data, and what does not matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs

from diversity.checks import run_checks
from diversity.metrics.base import MetricOutput
from diversity.metrics.system_effect import METRIC, TABLE

ENGLISH = "Always answer in English."
STOCK = "You are a helpful assistant."


def effective(n: int) -> dict[str, Any]:
    return {
        "id": f"e{n}",
        "system": ENGLISH,
        "prompt": f"第{n}座灯塔建在哪里？",
        "answer": f"Lighthouse number {n} stands on the northern island of the bay.",
    }


def decorative(n: int) -> dict[str, Any]:
    return {"id": f"d{n}", "system": STOCK, "prompt": f"第{n}号仓库里有什么？", "answer": f"有{n * 3}箱苹果。"}


def absent(n: int) -> dict[str, Any]:
    return {"id": f"n{n}", "prompt": f"What is {n} plus one?", "answer": f"It is {n + 1}."}


def computed(make_inputs: MakeInputs, rows: list[dict[str, Any]], **settings: Any) -> MetricOutput:
    return METRIC.compute(make_inputs(rows, **settings))


def outcome(make_inputs: MakeInputs, rows: list[dict[str, Any]], **settings: Any) -> Any:
    inputs = make_inputs(rows, **settings)
    return run_checks([METRIC], METRIC.compute(inputs).results, inputs.settings)[0]


def test_the_figure_is_the_smaller_share(make_inputs: MakeInputs) -> None:
    rows = [*map(effective, range(10)), *map(decorative, range(30)), *map(absent, range(5))]
    output = computed(make_inputs, rows)
    result = output.results[0]
    assert result.value == pytest.approx(0.25)
    assert result.info["classes"] == {"effective": 10, "decorative": 30, "tools": 0, "absent": 5}
    assert result.info["boilerplate_share"] == 1.0
    classes = dict(zip(*(output.tables[TABLE][name].to_pylist() for name in ("record_id", "class")), strict=True))
    assert all(classes[f"e{n}"] == "effective" for n in range(10))
    assert all(classes[f"d{n}"] == "decorative" for n in range(30))
    assert all(classes[f"n{n}"] == "absent" for n in range(5))


@pytest.mark.parametrize(
    ("one", "advice"), [(effective, "add_decorative"), (decorative, "add_effective")], ids=["effective", "decorative"]
)
def test_one_sided_data_fails_and_says_what_to_add(make_inputs: MakeInputs, one: Any, advice: str) -> None:
    check = outcome(make_inputs, [one(n) for n in range(25)])
    assert (check.outcome, check.value, check.advice) == ("fail", 0.0, advice)
    both = outcome(make_inputs, [*map(effective, range(20)), *map(decorative, range(20))])
    assert both.outcome == "pass"


def test_no_system_at_all_is_said_and_fails_only_where_systems_are_expected(make_inputs: MakeInputs) -> None:
    rows = [absent(n) for n in range(30)]
    assert outcome(make_inputs, rows).reason == "no_systems"
    expected = outcome(make_inputs, rows, **{"system_effect.expected": True})
    assert (expected.outcome, expected.advice) == ("fail", "add_systems")


@pytest.mark.parametrize("nothing", ["\u200b", "\ufeff", " \u200d\n", "\x00\x1f", "\u202e"])
def test_a_system_that_cannot_be_seen_is_none(make_inputs: MakeInputs, nothing: str) -> None:
    rows = [absent(n) | {"system": nothing} for n in range(60)]
    assert outcome(make_inputs, rows).reason == "no_systems"
    info = computed(make_inputs, [*rows, *map(decorative, range(20))]).results[0].info
    assert info["classes"] == {"effective": 0, "decorative": 20, "tools": 0, "absent": 60}
    assert (info["with_system"], info["distinct"], info["groups"]) == (20, 1, 1)


def test_few_systems_are_not_judged(make_inputs: MakeInputs) -> None:
    check = outcome(make_inputs, [*map(effective, range(5)), *map(absent, range(30))])
    assert (check.outcome, check.reason) == ("not_applicable", "few_systems")


def test_the_same_record_again_does_not_change_the_share(make_inputs: MakeInputs) -> None:
    rows = [*map(effective, range(10)), *map(decorative, range(20))]
    twice = rows + [row | {"id": row["id"] + "b"} for row in rows]
    assert computed(make_inputs, rows).results[0].value == computed(make_inputs, twice).results[0].value


@pytest.mark.parametrize("shape", ["messages", "sharegpt", "alpaca", "moss"])
def test_shapes_of_data(make_inputs: MakeInputs, shape: str) -> None:
    """The first answer ignores the system, the two later ones obey it."""
    turns = [
        ("今天星期几？", "星期二。"),
        ("明天呢？", "It is Wednesday, of course."),
        ("后天呢？", "It is Thursday then."),
    ]
    rows = [_shaped(shape, n, turns) for n in range(21)]
    output = computed(make_inputs, rows)
    assert output.results[0].info["classes"]["effective"] == 21
    assert output.tables[TABLE]["kept"].to_pylist() == [["language:en"]] * 21


def _shaped(shape: str, n: int, turns: list[tuple[str, str]]) -> dict[str, Any]:
    turns = [(f"{query}（{n}）", answer) for query, answer in turns]
    if shape == "alpaca":
        *history, (query, answer) = turns
        return {
            "system": ENGLISH,
            "instruction": query,
            "input": "",
            "output": answer,
            "history": [list(pair) for pair in history],
        }
    if shape == "moss":
        chat = {f"turn_{k}": {"Human": q, "MOSS": a} for k, (q, a) in enumerate(turns, 1)}
        return {"meta_instruction": ENGLISH, "chat": chat}
    who, what, names = ("from", "value", ("system", "human", "gpt")) if shape == "sharegpt" else (
        "role", "content", ("system", "user", "assistant")
    )  # fmt: skip
    said = [{who: names[0], what: ENGLISH}]
    for query, answer in turns:
        said += [{who: names[1], what: query}, {who: names[2], what: answer}]
    return {"conversations" if shape == "sharegpt" else "messages": said}


def test_a_system_that_lists_tools_is_not_judged_unless_the_answer_calls_one(make_inputs: MakeInputs) -> None:
    tools = 'Use these tools: [{"name": "get_weather", "description": "Weather", "parameters": {}}]'
    rows = [
        {"id": "plain", "system": tools, "prompt": "Hello there", "answer": "Hello, how are you?"},
        {"id": "called", "system": tools, "prompt": "Rain?", "answer": '{"name": "get_weather", "arguments": {}}'},
    ]
    table = computed(make_inputs, rows).tables[TABLE].to_pylist()
    assert {row["record_id"]: row["class"] for row in table} == {"plain": "tools", "called": "effective"}


def test_groups_and_boilerplate(make_inputs: MakeInputs) -> None:
    own = [
        {"system": f"你叫{name}，在{place}工作。", "prompt": f"{name}好", "answer": f"你好，我是{place}的{name}。"}
        for name, place in zip(
            "甲乙丙丁戊己庚辛壬癸", ("山", "河", "湖", "海", "沙", "林", "谷", "岛", "桥", "塔"), strict=True
        )
    ]
    info = computed(make_inputs, [*map(decorative, range(30)), *own]).results[0].info
    assert info["boilerplate"] == 30
    assert info["top_groups"][0]["records"] == 30
    assert info["top_groups"][0]["text"] == STOCK


@pytest.mark.parametrize("system", ["", "   ", "\x00", "“" * 3000, "{" * 5000, "a" * 200_000, "[[((*.?)\\d+"])
def test_odd_systems(make_inputs: MakeInputs, system: str) -> None:
    rows = [{"system": system, "prompt": "hi", "answer": "hello"}, decorative(1)]
    assert computed(make_inputs, rows).results[0].status == "not_applicable"


def test_with_vectors_an_answer_near_its_own_system_counts(make_inputs: MakeInputs) -> None:
    class Topics:
        name = key = "topics"
        dimension = 8

        def encode(self, texts: Any) -> Any:
            rows = np.full((len(texts), 8), 0.05, np.float32)
            for at, text in enumerate(texts):
                rows[at, [k for k in range(8) if f"topic{k}" in text] or [0]] = 1.0
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    rows = [
        {
            "id": f"{n}",
            "system": f"Speak about topic{n % 8}.",
            "prompt": f"Tell me something, {n}",
            "answer": f"topic{k}",
        }
        for n in range(40)
        for k in [n % 8]
    ]
    table = METRIC.compute(make_inputs(rows, Topics())).tables[TABLE]
    assert min(table["gain_meaning"].to_pylist()) > 0.5
    assert set(table["class"].to_pylist()) == {"effective"}
