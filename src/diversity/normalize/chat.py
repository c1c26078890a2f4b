"""Messages → turns.

One turn is a user's query and the assistant's final answer to it, whatever tools were called in between.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from diversity.normalize.failure import Failure
from diversity.readers.parse import kind_of

USER, ASSISTANT, SYSTEM, CALL, RESULT = "user", "assistant", "system", "call", "result"
_ROLES: dict[str, str] = {
    **dict.fromkeys(("user", "human", "prompter", "用户", "人类"), USER),
    **dict.fromkeys(
        ("assistant", "gpt", "chatgpt", "bot", "model", "ai", "chatbot", "moss", "bing", "bard", "助手", "机器人"),
        ASSISTANT,
    ),
    **dict.fromkeys(("system", "developer", "系统"), SYSTEM),
    **dict.fromkeys(("function_call", "tool_call", "tool_calls"), CALL),
    **dict.fromkeys(
        ("tool", "observation", "function", "function_response", "tool_response", "ipython", "environment"), RESULT
    ),
}
_ROLE_KEYS = ("from", "role", "speaker")
_TEXT_KEYS = ("value", "content", "text")
_ASKED = ("human", "user", "prompt", "query", "question", "instruction")
_REPLIED = ("assistant", "gpt", "bot", "moss", "answer", "response", "output")
_BESIDE = {"commands": CALL, "tool responses": RESULT, "results": RESULT}
# A run of blanks is entered at its start only: from each of its places it would be read to its end once more.
_MARKER = re.compile(
    r"\A\s*<\|[^|<>]{1,30}\|>\s*:?\s*|(?:(?<!\s)\s++)?(?:<eo[a-z]>|<\|(?:im_end|endoftext|end)\|>)\s*+\Z"
)


class TurnTools(NamedTuple):
    """What tools were asked and said in a turn, and is in neither its prompt nor its answer.

    `messages` are (`call` or `result`, text) in order. `before` says that the answer was said after them.
    """

    messages: tuple[tuple[str, str], ...]
    before: bool

    @property
    def result_before(self) -> bool:
        """Whether the answer was said with a tool's result in view, and so may rest on that."""
        return self.before and any(kind == RESULT for kind, _ in self.messages)


class Chat(NamedTuple):
    """What a list of messages holds.

    `plain` is False when it held more than the turns and the system text show (tools, greetings, other parts).
    `tools` has one entry a turn, none at all where no tool was used.
    """

    system: str | None
    turns: list[tuple[str, str]]
    plain: bool
    shape: str
    tools: tuple[TurnTools, ...] = ()


_NO_TOOLS = TurnTools((), False)


class _Turn:
    """One turn being put together."""

    __slots__ = ("after_tools", "asked", "calls", "said", "tools")

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self.calls: list[str] = []
        self.tools: list[tuple[str, str]] = []
        self.after_tools = False

    def answer(self) -> str:
        said = [text for text in self.said if text.strip()]
        return "\n\n".join(said) if said else "\n".join(self.calls)

    def left_out(self) -> TurnTools:
        answered = any(text.strip() for text in self.said)
        return TurnTools(tuple(one for one in self.tools if answered or one[0] == RESULT), self.after_tools)


def looks_like_messages(value: Any) -> bool:
    """Whether a value is a list of messages.

    Objects with a role, objects with both sides of a turn, pairs, or texts in turn.
    """
    if not isinstance(value, list) or not value:
        return False
    first = value[0]
    if isinstance(first, Mapping):
        return any(key in first for key in _ROLE_KEYS) or _both_sides(first) is not None
    return isinstance(first, (str, list)) and len(value) > 1


def has_roles(value: Any) -> bool:
    """Whether a value is a list of objects that say who speaks."""
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, Mapping) and any(key in first for key in _ROLE_KEYS)


def chat_of(messages: Sequence[Any]) -> Chat:
    """The turns of a list of messages.

    Several messages of one side in a row are joined by an empty line. Where tools were used, what the assistant said
    after the last tool message is the answer; if it said nothing then, what it said before; if it said nothing at
    all, the calls themselves. A greeting before the first query belongs to no turn. Raises Failure.
    """
    if messages and isinstance(messages[0], (str, list)):
        return Chat(None, _alternating(messages), True, "messages")
    if messages and isinstance(messages[0], Mapping) and not any(key in messages[0] for key in _ROLE_KEYS):
        return _chat_of_pairs(messages)
    return _chat_of_roles(messages)


def _chat_of_roles(messages: Sequence[Any]) -> Chat:
    turns: list[_Turn] = []
    system: list[str] = []
    plain, sharegpt, after_tool = True, False, False
    for place, message in enumerate(messages, 1):
        if not isinstance(message, Mapping):
            raise Failure("wrong_type", f"message {place}: {kind_of(message)}")
        sharegpt = sharegpt or "from" in message
        role, text, whole, call = _message(message, place)
        plain = plain and whole
        if role == SYSTEM:
            system.append(text)
            continue
        if role == USER:
            if not turns or turns[-1].said or turns[-1].calls or after_tool:
                turns.append(_Turn())
            turns[-1].asked.append(text)
            after_tool = False
            continue
        if not turns:
            plain = False
            continue
        if role == ASSISTANT:
            if after_tool and text.strip():
                turns[-1].said.clear()
                turns[-1].after_tools, after_tool = True, False
            turns[-1].said.append(text)
            if call:
                turns[-1].tools.append((CALL, call))
            continue
        plain, after_tool = False, True
        turns[-1].tools.append((role, text))
        if role == CALL:
            turns[-1].calls.append(text)
    return Chat(
        "\n\n".join(system) if system else None,
        [("\n\n".join(turn.asked), turn.answer()) for turn in turns],
        plain,
        "sharegpt" if sharegpt else "messages",
        tuple(turn.left_out() for turn in turns) if any(turn.tools for turn in turns) else (),
    )


def _message(message: Mapping[str, Any], place: int) -> tuple[str, str, bool, str]:
    """(role, text, whether that is all the message holds, calls of tools beside the text)."""
    named = next((message[key] for key in _ROLE_KEYS if key in message), None)
    role = _ROLES.get(named.strip().lower()) if isinstance(named, str) else None
    if role is None:
        raise Failure("unknown_role", f"message {place}: {named if isinstance(named, str) else kind_of(named)}")
    content = next((message[key] for key in _TEXT_KEYS if key in message), None)
    calls = message.get("tool_calls") or message.get("function_call") if role == ASSISTANT else None
    text, whole = text_of(content, f"message {place}") if content is not None else ("", True)
    if not calls:
        return role, text, whole and len(message) == 2, ""
    called = calls if isinstance(calls, str) else orjson.dumps(calls, default=str).decode()
    return (role, text, False, called) if text.strip() else (CALL, called, False, "")


def text_of(content: Any, what: str) -> tuple[str, bool]:
    """(the text of a message, whether it was nothing but text).

    Content parts are joined by a line end, parts that are no text left out.
    """
    if isinstance(content, str):
        return content, True
    if isinstance(content, list):
        texts = [
            part if isinstance(part, str) else part.get("text") for part in content if isinstance(part, (str, Mapping))
        ]
        found = [text for text in texts if isinstance(text, str)]
        return "\n".join(found), len(found) == len(content)
    raise Failure("wrong_type", f"{what}: {kind_of(content)}")


def _alternating(items: Sequence[Any]) -> list[tuple[str, str]]:
    """Turns of texts that alternate between user and assistant, or of [query, answer] pairs."""
    if isinstance(items[0], str):
        if not all(isinstance(item, str) for item in items):
            raise Failure("wrong_type", "messages: text and other values mixed")
        return [
            (asked, items[place + 1] if place + 1 < len(items) else "")
            for place, asked in enumerate(items)
            if place % 2 == 0
        ]
    return pairs_of(items, "messages")


def pairs_of(items: Any, what: str) -> list[tuple[str, str]]:
    """Turns of [query, answer] pairs, as in alpaca's `history`. Raises Failure."""
    if not isinstance(items, (list, tuple)):
        raise Failure("wrong_type", f"{what}: {kind_of(items)}")
    for place, item in enumerate(items, 1):
        if not isinstance(item, (list, tuple)) or len(item) != 2 or not all(isinstance(text, str) for text in item):
            raise Failure("wrong_type", f"{what} {place}: no pair of texts")
    return [(asked, replied) for asked, replied in items]


def _both_sides(item: Mapping[str, Any]) -> tuple[str, str] | None:
    names = {key.lower(): key for key in item if isinstance(key, str)}
    asked, replied = (
        next((names[key] for key in _ASKED if key in names), None),
        next((names[key] for key in _REPLIED if key in names), None),
    )
    return (asked, replied) if asked is not None and replied is not None else None


def _chat_of_pairs(items: Sequence[Any]) -> Chat:
    turns: list[tuple[str, str]] = []
    tools: list[TurnTools] = []
    plain = True
    for place, item in enumerate(items, 1):
        keys = _both_sides(item) if isinstance(item, Mapping) else None
        if keys is None:
            raise Failure(
                "unknown_role",
                f"turn {place}: {', '.join(map(str, item)) if isinstance(item, Mapping) else kind_of(item)}",
            )
        asked, replied = (item[key] if item[key] is not None else "" for key in keys)
        turns.append((text_of(asked, f"turn {place}")[0], text_of(replied, f"turn {place}")[0]))
        plain = plain and len(item) == 2
        tools.append(_NO_TOOLS if len(item) == 2 else _tools_beside(item))
    return Chat(None, turns, plain, "messages", tuple(tools) if any(one.messages for one in tools) else ())


def _tools_beside(item: Mapping[str, Any]) -> TurnTools:
    """What an object with both sides of a turn holds of tools; `None` is MOSS' word for nothing."""
    found = (
        (_BESIDE[name.lower()], _MARKER.sub("", value).strip())
        for name, value in item.items()
        if isinstance(name, str) and name.lower() in _BESIDE and isinstance(value, str)
    )
    messages = tuple(one for one in found if one[1] not in ("", "None"))
    return TurnTools(messages, True) if messages else _NO_TOOLS


def moss_chat(chat: Mapping[str, Any]) -> Chat:
    """The turns of MOSS' nested form, in the order of their numbers, without their markers.

    It is an object `turn_1`, `turn_2`, … of objects with Human, MOSS, Inner Thoughts and so on. Raises Failure.
    """
    items = [chat[key] for key in sorted(chat, key=_turn_number)]
    found = _chat_of_pairs(items)
    return Chat(
        None,
        [(_MARKER.sub("", asked), _MARKER.sub("", replied)) for asked, replied in found.turns],
        found.plain,
        "moss",
        found.tools,
    )


def _turn_number(key: str) -> int:
    digits = re.search(r"\d+\Z", key)
    return int(digits[0]) if digits else 0


def is_moss(value: Any) -> bool:
    """Whether a value is MOSS' nested form."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(isinstance(key, str) and key.startswith("turn_") for key in value)
    )


def tools_in(source: Mapping[str, Any], turns: Sequence[tuple[str, str]]) -> tuple[TurnTools, ...]:
    """The tools of the conversation that made these turns, looked for in the fields that a record keeps and one level
    below; none where it is not there."""
    fields = [unpacked(value) for value in source.values()]
    below = (value for field in fields if isinstance(field, Mapping) for value in field.values())
    return next((found for value in (*fields, *below) if (found := _tools_of(value, turns))), ())


def _tools_of(messages: Any, turns: Sequence[tuple[str, str]]) -> tuple[TurnTools, ...]:
    if not is_moss(messages) and not looks_like_messages(messages):
        return ()
    try:
        chat = moss_chat(messages) if is_moss(messages) else chat_of(messages)
    except Failure:
        return ()
    return chat.tools if chat.turns == list(turns) else ()


def unpacked(value: Any) -> Any:
    """A list or object that stands in a table's cell as JSON text; anything else as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            return orjson.loads(value)
        except ValueError:
            return value
    return value


def paired(asked: Sequence[Any], replied: Sequence[Any], what: str) -> list[tuple[str, str]]:
    """Turns of a list of queries and a list of the answers to them. Raises Failure."""
    if len(asked) != len(replied):
        raise Failure("wrong_type", f"{what}: {len(asked)} and {len(replied)} texts")
    return list(zip(asked, replied, strict=True))


def is_texts(value: Any) -> bool:
    """Whether a value is a list of nothing but texts, and not empty."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def continued(asked: Any, replied: Any) -> list[Any]:
    """The messages of a row whose prompt or answer is a list of them.

    A preferred answer (`chosen`) may repeat the end of the prompt, or all of it: what it repeats is there once, as the
    answer has it. A prompt that is one text is what the first user message of such an answer says in other words.
    """
    before = asked if isinstance(asked, list) else [{"role": USER, "content": asked}]
    after = replied if isinstance(replied, list) else [{"role": ASSISTANT, "content": replied}]
    said = [_said(message) for message in after]
    systems = [message for message in before if _said(message)[0] == SYSTEM and _said(message) not in said]
    own = [message for message in before if _said(message)[0] != SYSTEM]
    spoken = [one for one in said if one[0] != SYSTEM]
    repeated = _overlap([_said(message) for message in own], spoken)
    if not repeated and not isinstance(asked, list) and spoken and spoken[0][0] == USER:
        repeated = 1
    return [*systems, *own[: len(own) - repeated], *after]


def _said(message: Any) -> tuple[str | None, Any]:
    """(role, content) of a message; without a role for what is none."""
    if not isinstance(message, Mapping):
        return None, message
    named = next((message[key] for key in _ROLE_KEYS if key in message), None)
    content = next((message[key] for key in _TEXT_KEYS if key in message), None)
    return _ROLES.get(named.strip().lower()) if isinstance(named, str) else None, content


def _overlap(before: Sequence[Any], after: Sequence[Any]) -> int:
    """How many of the last of `before` are the first of `after`."""
    return next((n for n in range(min(len(before), len(after)), 0, -1) if before[-n:] == after[:n]), 0)
