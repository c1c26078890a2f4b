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

    `by_line` when each line is a value of its own, `containers` the keys whose lists hold the rows.
    """

    by_line: bool
    containers: frozenset[str]


def json_layout(head: bytes, whole: bool) -> Layout | None:
    """The layout of JSON text that begins with `head` (`whole` when that is all there is); None when it is no JSON."""
    text = head.lstrip()
    if _mostly_objects(head, whole):
        return Layout(True, frozenset())
    if text[:1] == b"[":
        return Layout(False, frozenset())
    return Layout(False, _containers(text, whole)) if text[:1] == b"{" else None


def _mostly_objects(head: bytes, whole: bool) -> bool:
    """Whether at least half of the first 40 lines are objects by themselves."""
    lines = head.split(b"\n", 200)
    lines = [line for line in (lines if whole else lines[:-1]) if line.strip()][:40]
    return (
        bool(lines)
        and 2 * sum(_is_object(line) for line in lines) >= len(lines)
        and not (len(lines) == 1 and _list_keys(_value(lines[0])))
    )


def _is_object(line: bytes) -> bool:
    return line.lstrip()[:1] == b"{" and isinstance(_value(line), dict)


def _value(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _containers(text: bytes, whole: bool) -> frozenset[str]:
    """The keys of one single object that hold lists of objects; empty when it is a row itself."""
    end = balanced_end(text, 0)
    if end:
        return frozenset() if text[end:].strip() or not whole else _list_keys(_value(text[:end]))
    return CONTAINERS if end == 0 and _opens_container(text) else frozenset()


def _list_keys(value: Any) -> frozenset[str]:
    """The keys that hold lists of objects: the known names, or the only key there is."""
    if not isinstance(value, dict):
        return frozenset()
    found = {key for key, item in value.items() if isinstance(item, list) and item and isinstance(item[0], dict)}
    return frozenset(found & CONTAINERS or (found - _CONVERSATIONS if len(value) == 1 else ()))


def _opens_container(text: bytes) -> bool:
    """Whether the object that begins the text, and does not end in it, has a list of objects under a known name."""
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
        if window.peek() == ord("[") and name.strip(b'"').decode("utf-8", "replace") in CONTAINERS:
            window.start += 1
            return window.peek() == ord("{")
        if not window.step_over():
            return False
    return False
