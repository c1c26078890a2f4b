"""What a file holds, by its content: the name of a file says nothing for certain."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from diversity.readers.json_scan import Window, balanced_end

CONTAINERS = frozenset(
    {
        "data",
        "train",
        "rows",
        "records",
        "examples",
        "items",
        "samples",
        "dataset",
        "validation",
        "test",
        "dev",
        "valid",
        "eval",
        "evaluation",
        "holdout",
    }
)
_CONVERSATIONS = frozenset(
    {
        "conversations",
        "conversation",
        "messages",
        "instances",
        "history",
        "turns",
        "dialog",
        "dialogue",
        "chosen",
        "rejected",
    }
)


class Layout(NamedTuple):
    """How a text file is laid out.

    `by_line` when each line is a value of its own, `in_lists` when one object holds the rows, in lists.
    """

    by_line: bool
    in_lists: bool


def json_layout(head: bytes, whole: bool) -> Layout | None:
    """The layout of JSON text that begins with `head` (`whole` when that is all there is); None when it is no JSON."""
    text = head.lstrip()
    if _mostly_objects(head, whole):
        return Layout(True, False)
    if text[:1] == b"[":
        return Layout(False, False)
    return Layout(False, _is_container(text, whole)) if text[:1] == b"{" else None


def _mostly_objects(head: bytes, whole: bool) -> bool:
    """Whether at least half of the first 40 lines are objects by themselves."""
    lines = head.split(b"\n", 200)
    lines = [line for line in (lines if whole else lines[:-1]) if line.strip()][:40]
    return (
        bool(lines)
        and 2 * sum(_is_object(line) for line in lines) >= len(lines)
        and not (len(lines) == 1 and _holds_rows(_value(lines[0])))
    )


def _is_object(line: bytes) -> bool:
    return line.lstrip()[:1] == b"{" and isinstance(_value(line), dict)


def _value(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _is_container(text: bytes, whole: bool) -> bool:
    """Whether one single object is not a row itself but holds the rows."""
    end = balanced_end(text, 0)
    if end:
        return not text[end:].strip() and whole and _holds_rows(_value(text[:end]))
    return end == 0 and _opens_container(text)


def _holds_rows(value: Any) -> bool:
    """Whether an object has a list of objects under a known name, or holds nothing but lists of objects."""
    if not isinstance(value, dict):
        return False
    found = {key for key, item in value.items() if isinstance(item, list) and item and isinstance(item[0], dict)}
    return bool(found & CONTAINERS) or bool(
        found - _CONVERSATIONS and all(not value[key] for key in value.keys() - found)
    )


def _opens_container(text: bytes) -> bool:
    """Whether the object that begins the text, and does not end in it, has a list of objects under a known name, or
    one that does not end in the text either and is no conversation."""
    window = Window(iter([text]))
    window.peek()
    window.start += 1
    while (byte := window.peek()) is not None:
        if byte == ord(","):
            window.start += 1
            continue
        name = window.scalar()
        if name is None or window.peek() != ord(":"):
            return False
        window.start += 1
        said = name.strip(b'"').decode("utf-8", "replace")
        objects = window.peek() == ord("[") and window.holds_objects()
        if objects and said in CONTAINERS:
            return True
        if not window.step_over():
            return objects and said not in _CONVERSATIONS
    return False
