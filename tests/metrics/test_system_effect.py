"""The figure over whole sets: classes, one-sidedness, groups, tools, shapes of data, and what does not matter."""

from __future__ import annotations

import zlib
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


SWITCHES = "Tern answers politely.\n- Harbour map: enabled. API: Chart(place)\n- Radio: disabled.\n"
ZH_SWITCHES = "海燕回答时要有礼貌。\n- 港口地图：已启用。接口：Chart(地点)\n- 电台：已禁用。\n"


def moss(system: str, name: str, command: str) -> dict[str, Any]:
    turn = {
        "Human": "<|Human|>: Where is the pier?<eoh>\n",
        "Inner Thoughts": "<|Inner Thoughts|>: None<eot>\n",
        "Commands": f"<|Commands|>: {command}<eoc>\n",
        "Tool Responses": f"<|Results|>: {'None' if command == 'None' else 'Chart => north'}<eor>\n",
        "MOSS": "<|MOSS|>: It is in the north.<eom>\n",
    }
    return {"id": name, "meta_instruction": system, "chat": {"turn_1": turn}}


@pytest.mark.parametrize("system", [SWITCHES, ZH_SWITCHES], ids=["en", "zh"])
def test_a_session_that_calls_a_tool_its_system_grants_depends_on_it(make_inputs: MakeInputs, system: str) -> None:
    rows = [
        moss(system, "called", 'Chart("pier")'),
        moss(system, "not called", "None"),
        moss(system, "another", 'Radio("pier")'),
        moss(system.replace("Chart", "Radar"), "not granted", 'Chart("pier")'),
        moss("Tern answers politely.\n- Harbour map: disabled.\n", "no tools", "None"),
    ]
    table = computed(make_inputs, rows).tables[TABLE].to_pylist()
    assert {row["record_id"]: row["class"] for row in table} == {
        "called": "effective",
        "not called": "tools",
        "another": "tools",
        "not granted": "tools",
        "no tools": "decorative",
    }
    assert table[0]["kept"] == ["tool:Chart"]
    assert table[0]["score"] > 0.99
    assert table[1]["score"] is None


def test_calls_are_found_in_messages_whatever_form_they_have(make_inputs: MakeInputs) -> None:
    call = {"type": "function", "function": {"name": "get_tide", "arguments": "{}"}}
    listed = '{"type": "function", "function": {"name": "get_tide", "description": "Tide", "parameters": {}}}'
    system = f"# Tools\n<tools>\n{listed}\n</tools>"
    asked = {"role": "user", "content": "How high is the water?"}
    said = {"role": "assistant", "content": "Two metres."}
    rows = [
        {
            "id": "openai",
            "messages": [
                {"role": "system", "content": system},
                asked,
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "content": "2"},
                said,
            ],
        },
        {"id": "none", "messages": [{"role": "system", "content": system}, asked, said]},
        {
            "id": "sharegpt",
            "system": system,
            "conversations": [
                {"from": "human", "value": "How high is the water?"},
                {"from": "function_call", "value": '{"name": "get_tide", "arguments": {}}'},
                {"from": "observation", "value": "2"},
                {"from": "gpt", "value": "Two metres."},
            ],
        },
    ]
    table = [computed(make_inputs, [row]).tables[TABLE].to_pylist()[0] for row in rows]
    assert [row["class"] for row in table] == ["effective", "tools", "effective"]


def test_an_optional_list_of_phrases_is_not_called_broken(make_inputs: MakeInputs) -> None:
    systems = ['Use phrases like "as farmers say", "so they tell", etc.', "可以用“老话说得好”“常言道”之类的话。"]
    rows = [
        {"id": f"{n}", "system": system, "prompt": "Where is the pier?", "answer": "It is in the north."}
        for n, system in enumerate([*systems, 'End with "fair winds".', "以“一路顺风”结尾。"])
    ]
    table = computed(make_inputs, rows).tables[TABLE].to_pylist()
    assert [row["broken"] for row in table] == [[], [], ["words:fair winds"], ["words:一路顺风"]]


def test_a_short_answer_under_a_stock_phrase_is_no_effect(make_inputs: MakeInputs) -> None:
    """Whatever a vector says: these answers are as near to the stock phrase as can be, and others are not."""

    class Near:
        name = key = "near"
        dimension = 8

        def encode(self, texts: Any) -> Any:
            rows = np.full((len(texts), 8), 0.05, np.float32)
            for at, text in enumerate(texts):
                rows[at, 0 if len(text) < 16 else 1 + at % 7] = 1.0
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    rows = [
        {
            "id": f"s{n}",
            "system": "你是热心的中文助手。",
            "prompt": f"第{n}座灯塔在哪里建成的呢？请你告诉我。",
            "answer": f"{n}号岛。",
        }
        for n in range(20)
    ] + [
        {
            "id": f"o{n}",
            "system": f"你看守第{n}座灯塔，每天记录潮水的高度。",
            "prompt": f"第{n}号仓库里存放着什么东西？请你告诉我。",
            "answer": f"仓库里一共存放着{n}箱苹果，还有许多旧缆绳。",
        }
        for n in range(20)
    ]
    table = METRIC.compute(make_inputs(rows, Near())).tables[TABLE].to_pylist()
    assert {row["class"] for row in table if row["record_id"].startswith("s")} == {"decorative"}


def test_partners_speak_the_system_s_language_and_are_no_stock_phrases(make_inputs: MakeInputs) -> None:
    """English answers under English systems gain nothing from others' answers under Chinese or stock systems."""
    own = [
        {
            "id": f"e{n}",
            "system": f"Guide of pier {n}.",
            "prompt": f"Where is it, {n}?",
            "answer": f"Follow the guide, {n}.",
        }
        for n in range(8)
    ]
    others = [
        {"system": system, "prompt": f"Where is ship {n}?", "answer": f"Out at sea, {n}."}
        for n in range(150)
        for system in (f"你看守第{n}座灯塔。", STOCK)
    ]
    alone, beside = (computed(make_inputs, rows).tables[TABLE].to_pylist()[:8] for rows in (own, [*own, *others]))
    for one, other in zip(alone, beside, strict=True):
        assert other["gain_words"] is not None
        assert abs(one["gain_words"]) < 0.2
        assert abs(other["gain_words"]) < 0.2


def test_others_that_change_hardly_move_a_record_s_gain(make_inputs: MakeInputs) -> None:
    """A twentieth of the set is exchanged. Vectors are random, so a gain is all chance, and what moves it the partners;
    held against four of them, one record in ten moved by more
    than 0.05."""

    class Random:
        name = key = "random"
        dimension = 16

        def encode(self, texts: Any) -> Any:
            seeds = [zlib.crc32(text.encode()) for text in texts]
            rows = np.asarray([np.random.default_rng(seed).normal(size=16) for seed in seeds], np.float32)
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    rows = [
        {"id": f"r{n}", "system": f"Speak of dock {n % 12}.", "prompt": f"Which boat, {n}?", "answer": f"Boat {n}."}
        for n in range(420)
    ]

    def gains(some: list[dict[str, Any]]) -> dict[str, float]:
        table = METRIC.compute(make_inputs(some, Random())).tables[TABLE].to_pylist()
        return {row["record_id"]: row["gain_meaning"] for row in table}

    one, two = gains(rows[20:]), gains(rows[:-20])
    moves = [abs(one[name] - two[name]) for name in one if name in two]
    assert len(moves) == 380
    assert 0 < np.mean(moves) < 0.02
    assert np.quantile(moves, 0.9) < 0.04


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
