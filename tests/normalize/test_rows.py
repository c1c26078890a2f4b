"""Rows of every shape → drafts."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from diversity.errors import InputError, UsageError
from diversity.normalize import Draft, Failure, Normalizer

CHAT = [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]

CONVERSATION = [
    {"role": "system", "content": "s"},
    {"role": "user", "content": "q1"},
    {"role": "assistant", "content": "a1"},
    {"role": "user", "content": "q2"},
    {"role": "assistant", "content": "a2"},
]


def draft(row: dict[str, Any], **options: Any) -> Draft:
    (found,) = Normalizer(**options).drafts(row)
    return found


def source(found: Draft) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(found.source)
    return kept


SHAPES: dict[str, tuple[dict[str, Any], str, list[tuple[str, str]]]] = {
    "alpaca": ({"instruction": "i", "input": "", "output": "o"}, "alpaca", [("i", "o")]),
    "alpaca with input": ({"instruction": "i", "input": "x", "output": "o"}, "alpaca", [("i\n\nx", "o")]),
    "alpaca, instruction in the input": ({"instruction": "", "input": "x", "output": "o"}, "alpaca", [("x", "o")]),
    "alpaca, response": ({"instruction": "i", "input": None, "response": "o"}, "alpaca", [("i", "o")]),
    "alpaca, context": ({"instruction": "i", "context": "c", "response": "o"}, "alpaca", [("i\n\nc", "o")]),
    "alpaca, history": (
        {"instruction": "i", "output": "o", "history": [["q", "a"]]},
        "alpaca",
        [("q", "a"), ("i", "o")],
    ),
    "alpaca, no history": ({"instruction": "i", "output": "o", "history": []}, "alpaca", [("i", "o")]),
    "alpaca, other case": ({"Instruction": "i", "Output": "o"}, "alpaca", [("i", "o")]),
    "alpaca with its full prompt": (
        {"instruction": "i", "input": "", "output": "o", "text": "all"},
        "alpaca",
        [("i", "o")],
    ),
    "sharegpt": ({"conversations": CHAT}, "sharegpt", [("q", "a")]),
    "sharegpt as text": ({"conversations": json.dumps(CHAT)}, "sharegpt", [("q", "a")]),
    "messages": (
        {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]},
        "messages",
        [("q", "a")],
    ),
    "messages and prompt": (
        {"prompt": "p", "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]},
        "messages",
        [("q", "a")],
    ),
    "moss": (
        {"chat": {"turn_1": {"Human": "<|Human|>: q<eoh>\n", "MOSS": "<|MOSS|>: a<eom>\n"}}},
        "moss",
        [("q", "a")],
    ),
    "texts in turn": ({"id": "1", "data": ["q", "a", "q2", "a2"]}, "messages", [("q", "a"), ("q2", "a2")]),
    "turns with both sides": ({"conversation": [{"human": "q", "assistant": "a"}]}, "messages", [("q", "a")]),
    "seed": ({"instruction": "i", "instances": [{"input": "x", "output": "o"}]}, "self_instruct", [("i\n\nx", "o")]),
    "prompt and completion": ({"prompt": "p", "completion": "c"}, "prompt_answer", [("p", "c")]),
    "query and response": ({"query": "p", "response": "c"}, "prompt_answer", [("p", "c")]),
    "question and std_answer": ({"question": "p", "std_answer": "c"}, "prompt_answer", [("p", "c")]),
    "input and output": ({"input": "p", "output": "c"}, "prompt_answer", [("p", "c")]),
    "input and target": ({"input": "p", "target": "c"}, "prompt_answer", [("p", "c")]),
    "source and target": ({"source": "p", "target": "c"}, "prompt_answer", [("p", "c")]),
    "preferences": ({"prompt": "p", "chosen": "c", "rejected": "r"}, "prompt_answer", [("p", "c")]),
    "preferences as messages": (
        {
            "prompt": "p",
            "chosen": [{"role": "user", "content": "p"}, {"role": "assistant", "content": "c"}],
            "rejected": [],
        },
        "messages",
        [("p", "c")],
    ),
    "conversational prompt": (
        {"prompt": [{"role": "user", "content": "p"}], "completion": [{"role": "assistant", "content": "c"}]},
        "messages",
        [("p", "c")],
    ),
    "lists of texts": (
        {"instruction": ["q1", "q2", "q3"], "output": ["a1", "a2", "a3"]},
        "alpaca",
        [("q1", "a1"), ("q2", "a2"), ("q3", "a3")],
    ),
    "lists of one text": ({"prompt": ["q"], "answer": ["a"]}, "prompt_answer", [("q", "a")]),
    "lists of texts with inputs": (
        {"instruction": ["q1", "q2"], "input": ["", "x"], "output": ["a1", "a2"]},
        "alpaca",
        [("q1", "a1"), ("q2\n\nx", "a2")],
    ),
    "lists of texts about one context": (
        {"context": "c", "question": ["q1", "q2"], "answer": ["a1", "a2"], "history": [["q0", "a0"]]},
        "prompt_answer",
        [("q0", "a0"), ("q1\n\nc", "a1"), ("q2", "a2")],
    ),
    "a conversation in two fields": (
        {"prompt": CONVERSATION[:2], "completion": CONVERSATION[2:]},
        "messages",
        [("q1", "a1"), ("q2", "a2")],
    ),
    "a prompt of several turns": (
        {"prompt": CONVERSATION[:4], "completion": CONVERSATION[4:]},
        "messages",
        [("q1", "a1"), ("q2", "a2")],
    ),
    "a preferred answer that repeats everything": (
        {"prompt": CONVERSATION[:4], "chosen": CONVERSATION},
        "messages",
        [("q1", "a1"), ("q2", "a2")],
    ),
    "a preferred answer that repeats the last query": (
        {"prompt": CONVERSATION[:4], "chosen": CONVERSATION[3:]},
        "messages",
        [("q1", "a1"), ("q2", "a2")],
    ),
    "a preferred answer that words the prompt anew": (
        {"prompt": "p ", "chosen": [{"role": "user", "content": "p"}, {"role": "assistant", "content": "c"}]},
        "messages",
        [("p", "c")],
    ),
    "a dialogue to talk about": (
        {"instruction": "Summarise the dialogue.", "output": "They agree.", "dialogue": ["A: hi", "B: hello"]},
        "alpaca",
        [("Summarise the dialogue.", "They agree.")],
    ),
    "turns that are pairs beside a prompt and an answer": (
        {"prompt": "p", "answer": "a", "turns": [["q", "r"], ["s", "t"]]},
        "prompt_answer",
        [("p", "a")],
    ),
    "a dialogue with roles beside a prompt and an answer": (
        {"prompt": "p", "answer": "a", "dialogue": CONVERSATION},
        "messages",
        [("q1", "a1"), ("q2", "a2")],
    ),
    "Chinese names": ({"问题": "p", "答案": "c"}, "prompt_answer", [("p", "c")]),
    "Chinese alpaca": ({"指令": "i", "输入": "x", "输出": "o"}, "alpaca", [("i\n\nx", "o")]),
}


@pytest.mark.parametrize("kind", SHAPES)
def test_every_shape(kind: str) -> None:
    row, shape, turns = SHAPES[kind]
    found = draft(row)
    assert (found.shape, found.turns) == (shape, turns)


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
@pytest.mark.parametrize("repeated", [0, 1])
def test_a_conversation_in_two_fields_keeps_its_system(cut: int, repeated: int) -> None:
    found = draft({"prompt": CONVERSATION[:cut], "completion": CONVERSATION[cut - repeated :], "note": 1})
    assert (found.system, found.turns) == ("s", [("q1", "a1"), ("q2", "a2")])
    assert source(found) == {"note": 1}


def test_a_field_that_is_no_conversation_is_kept() -> None:
    row = {"instruction": "i", "output": "o", "dialogue": ["A: hi", "B: hello"], "id": 1}
    assert source(draft(row)) == {"dialogue": ["A: hi", "B: hello"], "id": 1}
    assert draft(row, field_map={"messages": "dialogue"}).turns == [("A: hi", "B: hello")]


def test_rows_of_several_shapes_are_mixed() -> None:
    normalizer = Normalizer()
    for row in [{"instruction": "i", "output": "o"}, {"conversations": CHAT}, {"instruction": "i2", "output": "o"}]:
        normalizer.drafts(row)
    assert normalizer.shape == "mixed"
    assert normalizer.field_map() == {"prompt": "instruction", "answer": "output"}


def test_seeds_with_several_instances_give_a_draft_each() -> None:
    row = {"id": "s1", "instruction": "i", "instances": [{"input": "", "output": "a"}, {"input": "x", "output": "b"}]}
    found = Normalizer().drafts(row)
    assert [(one.record_id, one.turns) for one in found] == [("s1", [("i", "a")]), ("s1-2", [("i\n\nx", "b")])]


def test_texts_are_left_as_they_are() -> None:
    assert draft({"prompt": " p \n", "answer": "\ta\0 "}).turns == [(" p \n", "\ta\0 ")]


@pytest.mark.parametrize("name", ["system", "system_prompt", "meta_instruction", "System"])
def test_system(name: str) -> None:
    assert draft({"prompt": "p", "answer": "a", name: "s"}).system == "s"
    assert draft({"prompt": "p", "answer": "a", name: " "}).system is None
    assert draft({"conversations": CHAT, name: "s"}).system == "s"


def test_system_in_both_places() -> None:
    chat = [{"from": "system", "value": "inside"}, *CHAT]
    assert draft({"conversations": chat, "system": "above"}).system == "above\n\ninside"
    assert draft({"conversations": chat, "system": "inside"}).system == "inside"


def test_a_field_map_takes_the_place_of_detection() -> None:
    row = {"instruction": "i", "input": "x", "output": "o", "meta": {"ask": ["p0", "p1"], "reply": "r"}, "key": 7}
    found = draft(row, field_map={"prompt": "meta.ask.1", "answer": "meta.reply", "id": "key", "system": "input"})
    assert (found.turns, found.record_id, found.system) == ([("p1", "r")], "7", "x")
    assert draft(row, field_map={"answer": "meta.reply"}).turns == [("i\n\nx", "r")]
    assert draft({"talk": CHAT}, field_map={"messages": "talk"}).turns == [("q", "a")]
    assert draft({"conversations": CHAT, "p": "x", "q": "y"}, field_map={"prompt": "p", "answer": "q"}).turns == [
        ("x", "y")
    ]


def test_a_field_whose_name_holds_a_dot() -> None:
    assert draft({"a.b": "p", "c": "r"}, field_map={"prompt": "a.b", "answer": "c"}).turns == [("p", "r")]


def test_a_map_that_means_nothing() -> None:
    with pytest.raises(UsageError, match=r"'colour'.*prompt, input, answer"):
        Normalizer({"colour": "x"})
    with pytest.raises(UsageError, match="gives 'prompt' no field"):
        Normalizer({"prompt": ""})


def test_a_field_that_no_row_has_is_named_with_what_there_is() -> None:
    normalizer = Normalizer({"prompt": "q", "task_type": "kind"})
    normalizer.drafts({"q": "x", "answer": "y", "other": 1})
    with pytest.raises(InputError, match=r"field kind that was named. Fields found: q, answer, other"):
        normalizer.require_fields()
    normalizer.drafts({"q": "x", "answer": "y", "kind": None})
    normalizer.require_fields()


def test_everything_else_is_kept() -> None:
    row = {
        "prompt": "p",
        "answer": "a",
        "id": 1,
        "category": "c",
        "day": date(2024, 2, 3),
        "big": 10**30,
        "blob": b"xyz",
        "file": "f",
    }
    assert source(draft(row)) == {
        "id": 1,
        "category": "c",
        "day": "2024-02-03",
        "big": 10**30,
        "blob": "<3 bytes>",
        "file": "f",
    }
    assert draft({"prompt": "p", "answer": "a"}).source == "{}"


def test_tool_traffic_is_kept() -> None:
    chat = [CHAT[0], {"from": "function_call", "value": "{}"}, {"from": "observation", "value": "r"}, CHAT[1]]
    assert source(draft({"conversations": chat, "tools": "[]"})) == {"conversations": chat, "tools": "[]"}
    assert source(draft({"conversations": CHAT, "tools": "[]"})) == {"tools": "[]"}


FAILING: dict[str, tuple[dict[str, Any], str, str]] = {
    "no prompt": ({"prompt": " ", "answer": "a"}, "no_prompt", "turn 1 of 1"),
    "prompt missing": ({"answer": "a", "n": 1}, "no_prompt", "no such field; fields: answer, n"),
    "prompt null": ({"prompt": None, "answer": "a"}, "no_prompt", "no such field; fields: answer"),
    "no answer": ({"instruction": "i", "output": ""}, "no_answer", "turn 1 of 1"),
    "answer missing": (
        {"idx": 1, "Skill": "Math", "Instruction": "i"},
        "no_answer",
        "no such field; fields: idx, Skill, Instruction",
    ),
    "answer not a number": ({"prompt": "p", "answer": float("nan")}, "no_answer", "no such field; fields: prompt"),
    "an integer for an answer": ({"question": "q", "std_answer": 42}, "wrong_type", "std_answer: number"),
    "a list for an answer": ({"question": "q", "answer": ["a"]}, "wrong_type", "answer: list"),
    "lists of different lengths": (
        {"question": ["q1", "q2", "q3"], "answer": ["a1", "a2"]},
        "wrong_type",
        "question, answer: 3 and 2 texts",
    ),
    "inputs of another number": (
        {"instruction": ["q1", "q2"], "input": ["x"], "output": ["a1", "a2"]},
        "wrong_type",
        "instruction, input: 2 and 1 texts",
    ),
    "a list of questions and one answer": ({"question": ["q1", "q2"], "answer": "a"}, "wrong_type", "question: list"),
    "one question and a list of answers": ({"question": "q", "answer": ["a", "b"]}, "wrong_type", "answer: list"),
    "lists of pairs": ({"question": [["a", "b"]] * 2, "answer": [["c", "d"]] * 2}, "wrong_type", "question: list"),
    "a blank answer in a list": ({"question": ["q", "r"], "answer": ["", "a"]}, "blank_answer_midway", "turn 1 of 2"),
    "an object for a prompt": ({"question": {"a": 1}, "answer": "a"}, "wrong_type", "question: object"),
    "a number for system": ({"prompt": "p", "answer": "a", "system": 3}, "wrong_type", "system: number"),
    "history of another kind": (
        {"instruction": "i", "output": "o", "history": [["q"]]},
        "wrong_type",
        "history 1: no pair of texts",
    ),
    "nothing known": ({"title": "t", "paragraphs": []}, "unknown_shape", "fields: title, paragraphs"),
    "nothing at all": ({}, "unknown_shape", "fields: "),
    "no messages": ({"messages": []}, "no_prompt", "no message of a user"),
    "messages null": ({"messages": None}, "unknown_shape", "fields: "),
    "messages of another kind": ({"messages": 3}, "wrong_type", "messages: number"),
    "messages of broken JSON": ({"messages": "[{'role': 'user'}]"}, "wrong_type", "messages: text"),
    "a number of turns": ({"turns": 3}, "unknown_shape", "fields: turns"),
    "only a system message": ({"messages": [{"role": "system", "content": "s"}]}, "no_prompt", "no message of a user"),
    "last answer missing": ({"conversations": [*CHAT, CHAT[0]]}, "no_answer", "turn 2 of 2"),
    "blank in the middle": (
        {"conversations": [CHAT[0], {"from": "gpt", "value": " "}, *CHAT]},
        "blank_answer_midway",
        "turn 1 of 2",
    ),
    "blank query in the middle": (
        {"conversations": [*CHAT, {"from": "human", "value": ""}, CHAT[1]]},
        "no_prompt",
        "turn 2 of 2",
    ),
    "unknown role": (
        {"conversations": [CHAT[0], {"from": "wizard", "value": "x"}]},
        "unknown_role",
        "message 2: wizard",
    ),
    "no instance": ({"instruction": "i", "instances": []}, "no_answer", "instances: empty"),
    "instance of another kind": ({"instruction": "i", "instances": ["x"]}, "wrong_type", "instances 1: text"),
    "half a character in a field": ({"prompt": "p", "answer": "a", "note": "\ud83d"}, "lone_surrogate", "\\ud83d"),
}


@pytest.mark.parametrize("kind", FAILING)
def test_rows_that_are_no_record(kind: str) -> None:
    row, reason, detail = FAILING[kind]
    with pytest.raises(Failure) as failure:
        draft(row)
    assert (failure.value.reason, failure.value.detail) == (reason, detail)


def test_rows_with_ever_new_fields_do_not_fill_the_memory() -> None:
    normalizer = Normalizer()
    for number in range(6000):
        normalizer.drafts({"prompt": "p", "answer": "a", f"field{number}": 1})
    assert len(normalizer._plans) <= 4096
    assert len(normalizer.fields) < 1000


def test_a_table_of_several_shapes_leaves_fields_empty() -> None:
    empty = dict.fromkeys(["instruction", "output", "prompt", "answer", "task_type", "category", "conversations"])
    normalizer = Normalizer()
    found = [
        *normalizer.drafts({**empty, "instruction": "i", "output": "o", "category": "c"}),
        *normalizer.drafts({**empty, "prompt": "p", "answer": "a", "task_type": float("nan")}),
        *normalizer.drafts({**empty, "conversations": CHAT, "task_type": "t"}),
    ]
    assert [(one.shape, one.task_type) for one in found] == [
        ("alpaca", ("c",)),
        ("prompt_answer", ()),
        ("sharegpt", ("t",)),
    ]
    assert list(normalizer.fields) == list(empty)


def test_a_blank_answer_gives_way_to_another_name_for_it() -> None:
    row = {"prompt": "p", "answer": "", "std_answer": "s"}
    assert draft(row).turns == [("p", "s")]
    with pytest.raises(Failure):
        draft(row, field_map={"answer": "answer"})
    with pytest.raises(Failure):
        draft({"prompt": "p", "answer": " ", "std_answer": ""})


def test_fields_that_nothing_is_read_from() -> None:
    normalizer = Normalizer()
    normalizer.drafts({"id": "1", "prompt": "p", "answer": "a", "category": "c", "一级分类": "x", "score": 1})
    normalizer.drafts({"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]})
    assert normalizer.unused() == ("一级分类", "score")
    mapped = Normalizer({"answer": "reply.text"}, "meta.kind")
    mapped.drafts({"prompt": "p", "reply": {"text": "a"}, "meta": {"kind": "x"}, "metadata": 1})
    assert mapped.unused() == ("metadata",)


@pytest.mark.parametrize(
    ("row", "example"),
    [
        ({"id": "1", "title": "t", "body": "b"}, "prompt=title,answer=body"),
        ({"id": "1", "prompt": "t", "body": "b"}, "prompt=prompt,answer=body"),
        ({"标题": "t", "正文": "b"}, "prompt=标题,answer=正文"),
        ({"title": "t"}, "prompt=title,answer=FIELD"),
        ({"the title": "t", "body": "b"}, "'prompt=the title,answer=body'"),
    ],
)
def test_an_example_of_a_map(row: dict[str, Any], example: str) -> None:
    normalizer = Normalizer()
    with pytest.raises(Failure):
        normalizer.drafts(row)
    assert normalizer.example_map() == example
