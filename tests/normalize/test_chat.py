"""Messages → turns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diversity.normalize import Failure
from diversity.normalize.chat import chat_of, is_moss, looks_like_messages, moss_chat, tools_in


def said(*pairs: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"from": role, "value": text} for role, text in pairs]


def test_sharegpt() -> None:
    chat = chat_of(said(("system", "be kind"), ("human", "hi"), ("gpt", "hello"), ("human", "bye"), ("gpt", "see you")))
    assert chat == ("be kind", [("hi", "hello"), ("bye", "see you")], True, "sharegpt", ())


def test_messages_with_roles() -> None:
    messages = [
        {"role": role, "content": text} for role, text in [("developer", "d"), ("user", "q"), ("assistant", "a")]
    ]
    assert chat_of(messages) == ("d", [("q", "a")], True, "messages", ())


def test_the_answer_is_what_is_said_after_the_tools() -> None:
    chat = chat_of(
        said(
            ("human", "weather?"),
            ("gpt", "Let me look."),
            ("function_call", '{"name": "w"}'),
            ("observation", "20°"),
            ("gpt", "It is 20°."),
            ("human", "thanks"),
            ("gpt", "welcome"),
        )
    )
    assert chat.turns == [("weather?", "It is 20°."), ("thanks", "welcome")]
    assert not chat.plain


def test_several_tool_calls_in_one_turn() -> None:
    chat = chat_of(
        said(
            ("human", "q"),
            ("function_call", "c1"),
            ("observation", "r1"),
            ("function_call", "c2"),
            ("observation", "r2"),
            ("gpt", "a"),
        )
    )
    assert chat.turns == [("q", "a")]


def test_calls_are_the_answer_when_nothing_is_said() -> None:
    assert chat_of(said(("human", "q"), ("function_call", "c1"), ("function_call", "c2"))).turns == [("q", "c1\nc2")]
    assert chat_of(said(("human", "q"), ("gpt", "a"), ("function_call", "c"))).turns == [("q", "a")]


def test_calls_in_the_message_itself() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "w", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "content": "20°", "tool_call_id": "1"},
        {"role": "assistant", "content": "20 degrees"},
    ]
    assert chat_of(messages).turns == [("q", "20 degrees")]
    only_call = chat_of(messages[:2])
    assert only_call.turns[0][1].startswith('[{"id":"1"')
    assert not only_call.plain


def test_messages_of_one_side_in_a_row_are_joined() -> None:
    chat = chat_of(said(("human", "a"), ("human", "b"), ("gpt", "c"), ("gpt", "d")))
    assert chat.turns == [("a\n\nb", "c\n\nd")]
    assert chat.plain


def test_a_greeting_belongs_to_no_turn() -> None:
    chat = chat_of(said(("gpt", "Welcome!"), ("human", "q"), ("gpt", "a")))
    assert chat.turns == [("q", "a")]
    assert not chat.plain


def test_content_parts() -> None:
    parts = [
        {"type": "text", "text": "look"},
        {"type": "image_url", "image_url": {"url": "x"}},
        {"type": "text", "text": "here"},
    ]
    chat = chat_of(
        [{"role": "user", "content": parts}, {"role": "assistant", "content": [{"type": "text", "text": "ok"}]}]
    )
    assert chat.turns == [("look\nhere", "ok")]
    assert not chat.plain


def test_other_fields_of_a_message_are_not_lost() -> None:
    assert not chat_of([{"role": "user", "content": "q"}, {"role": "assistant", "content": "a", "weight": 0}]).plain


def test_turns_with_both_sides() -> None:
    assert chat_of([{"human": "q1", "assistant": "a1"}, {"human": "q2", "assistant": "a2"}]).turns == [
        ("q1", "a1"),
        ("q2", "a2"),
    ]


def test_texts_in_turn_and_pairs() -> None:
    assert chat_of(["q1", "a1", "q2", "a2"]).turns == [("q1", "a1"), ("q2", "a2")]
    assert chat_of(["q1", "a1", "q2"]).turns == [("q1", "a1"), ("q2", "")]
    assert chat_of([["q1", "a1"], ["q2", "a2"]]).turns == [("q1", "a1"), ("q2", "a2")]


def test_moss() -> None:
    chat = {
        f"turn_{n}": {
            "Human": f"<|Human|>: q{n}<eoh>\n",
            "Inner Thoughts": "<|Inner Thoughts|>: None<eot>\n",
            "MOSS": f"<|MOSS|>: a{n}<eom>\n",
        }
        for n in range(11, 0, -1)
    }
    assert is_moss(chat)
    found = moss_chat(chat)
    assert found.turns == [(f"q{n}", f"a{n}") for n in range(1, 12)]
    assert (found.plain, found.shape) == (False, "moss")


FAILING: dict[str, tuple[Any, str, str]] = {
    "a role nobody knows": (said(("human", "q"), ("wizard", "a")), "unknown_role", "message 2: wizard"),
    "no role": ([{"role": "user", "content": "q"}, {"content": "a"}], "unknown_role", "message 2: null"),
    "a number for text": (said(("human", "q"), ("gpt", 42)), "wrong_type", "message 2: number"),
    "no object": ([{"role": "user", "content": "q"}, "a"], "wrong_type", "message 2: text"),
    "an object without sides": ([{"human": "q", "assistant": "a"}, {"human": "q"}], "unknown_role", "turn 2: human"),
    "no pair": ([["q", "a"], ["q"]], "wrong_type", "messages 2: no pair of texts"),
    "mixed texts": (["q", "a", 3], "wrong_type", "messages: text and other values mixed"),
}


@pytest.mark.parametrize("kind", FAILING)
def test_what_cannot_be_read(kind: str) -> None:
    messages, reason, detail = FAILING[kind]
    with pytest.raises(Failure) as failure:
        chat_of(messages)
    assert (failure.value.reason, failure.value.detail) == (reason, detail)


@pytest.mark.parametrize(
    ("value", "is_list"),
    [
        (3, False),
        ([], False),
        ("[]", False),
        ([1], False),
        ([{"a": 1}], False),
        (["a"], False),
        ([{"role": "x"}], True),
    ],
)
def test_what_looks_like_messages(value: Any, is_list: bool) -> None:
    assert looks_like_messages(value) is is_list


@pytest.mark.parametrize(
    ("before", "answer"), [((), "c"), ((("gpt", "Let me look."),), "Let me look.")], ids=["nothing said", "said before"]
)
def test_a_blank_message_says_nothing(before: tuple[tuple[str, str], ...], answer: str) -> None:
    chat = chat_of(said(("human", "q"), *before, ("function_call", "c"), ("observation", "r"), ("gpt", "")))
    assert chat.turns == [("q", answer)]


USED = said(
    ("human", "q"),
    ("gpt", "Let me look."),
    ("function_call", "c1"),
    ("observation", "r1"),
    ("gpt", "a"),
    ("human", "thanks"),
    ("gpt", "welcome"),
)


def test_what_tools_said_is_told_by_turn() -> None:
    tools = chat_of(USED).tools
    assert [one.messages for one in tools] == [(("call", "c1"), ("result", "r1")), ()]
    assert [(one.before, one.result_before) for one in tools] == [(True, True), (False, False)]
    assert chat_of(said(("human", "q"), ("gpt", "a"))).tools == ()


@pytest.mark.parametrize(
    ("after", "messages", "result_before"),
    [
        ((("function_call", "c"),), [], False),
        ((("gpt", "a"), ("function_call", "c")), ["c"], False),
        ((("function_call", "c"), ("gpt", "a")), ["c"], False),
        ((("function_call", "c"), ("observation", "r")), ["r"], False),
        ((("gpt", "a"), ("function_call", "c"), ("observation", "r"), ("gpt", "")), ["c", "r"], False),
        ((("observation", "r"), ("gpt", "a")), ["r"], True),
    ],
)
def test_only_what_is_in_no_answer_is_left_out(
    after: tuple[tuple[str, str], ...], messages: list[str], result_before: bool
) -> None:
    (tools,) = chat_of(said(("human", "q"), *after)).tools
    assert [text for _, text in tools.messages] == messages
    assert tools.result_before is result_before


def test_a_call_beside_a_text_is_left_out_too() -> None:
    messages = [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "Let me look.", "tool_calls": [{"id": "1"}]},
        {"role": "tool", "content": "20°"},
        {"role": "assistant", "content": "a"},
    ]
    (tools,) = chat_of(messages).tools
    assert tools.messages == (("call", '[{"id":"1"}]'), ("result", "20°"))


def test_tools_of_moss() -> None:
    turn = {
        "Human": "<|Human|>: q<eoh>",
        "Commands": "<|Commands|>: Search(x)<eoc>",
        "Tool Responses": "<|Results|>:\nfound\n<eor>",
        "MOSS": "<|MOSS|>: a<eom>",
    }
    nothing = turn | {"Commands": "<|Commands|>: None<eoc>", "Tool Responses": "<|Results|>:\nNone\n<eor>"}
    tools = moss_chat({"turn_1": turn, "turn_2": nothing}).tools
    assert tools[0].messages == (("call", "Search(x)"), ("result", "found"))
    assert [one.result_before for one in tools] == [True, False]
    assert moss_chat({"turn_1": nothing}).tools == ()


def test_tools_are_found_again_in_the_fields_of_a_record() -> None:
    turns = [("q", "a"), ("thanks", "welcome")]
    wanted = chat_of(USED).tools
    other = said(("human", "x"), ("function_call", "c"), ("gpt", "y"))
    for source in (
        {"tags": ["a", "b"], "other": other, "conversations": USED},
        {"data": {"conversations": USED}},
        {"conversations": json.dumps(USED)},
    ):
        assert tools_in(source, turns) == wanted
    for source in ({}, {"conversations": [{"role": "wizard"}]}, {"conversations": other}, {"n": 3}):
        assert tools_in(source, turns) == ()
