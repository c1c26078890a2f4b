"""One JSON text → its value, or the reason why it is none.

Nothing is guessed: what JSON forbids is a problem, not a repair.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from diversity.readers.base import Item, Problem, Row

_INT_LIMIT = float(2**63)
_COLON = re.compile(rb'"[ \t\r\n]*+:')
_FLAT = frozenset({str, int, bool, type(None)})


class DuplicateKey(Exception):
    """An object that names one key twice, with two values."""


def parse_row(line: int, text: bytes) -> Item:
    """The row in `text`, or a `Problem`: undecodable, broken_json, lone_surrogate, duplicate_keys, not_an_object."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return _second_look(line, text, error)
    if type(value) is not dict:
        return Problem(line, "not_an_object", kind_of(value), text)
    return _exactly(line, text) if _doubtful(text, value) else Row(line, value, text)


def _second_look(line: int, text: bytes, error: orjson.JSONDecodeError) -> Item:
    """NaN, Infinity and lone surrogates are refused by orjson, and read by Python's own parser.

    Find out which it was.
    """
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as bad:
        return Problem(line, "undecodable", f"byte {bad.object[bad.start]:#04x} at {bad.start + 1}", text)
    item = _exactly(line, text, error)
    if isinstance(item, Row):
        try:
            json.dumps(item.value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError as half:
            return Problem(line, "lone_surrogate", ascii(half.object[half.start])[1:-1], text)
    return item


def _exactly(line: int, text: bytes, first: orjson.JSONDecodeError | None = None) -> Item:
    """Python's own parser: slower, but it keeps large integers whole and shows every key."""
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except DuplicateKey as duplicate:
        return Problem(line, "duplicate_keys", str(duplicate), text)
    except (ValueError, RecursionError) as error:
        return Problem(line, "broken_json", _where(first or error), text)
    return Row(line, value, text) if type(value) is dict else Problem(line, "not_an_object", kind_of(value), text)


def _where(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno} of the row)"
    return str(error)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        for key, content in pairs:
            if value[key] != content:
                raise DuplicateKey(key)
    return value


def value_of(text: str) -> Any:
    """The value of JSON text that was written from a row: large integers are whole, and it may hold Infinity."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)
    return json.loads(text) if _contents(value)[1] else value


def _doubtful(text: bytes, row: dict[str, Any]) -> bool:
    """Whether a key may stand twice, or an integer have been too large for orjson (which makes it a float)."""
    colons = len(_COLON.findall(text))
    if _FLAT.issuperset(map(type, row.values())):
        return colons > len(row)
    keys, large = _contents(row)
    return large or colons > keys


def _contents(value: Any) -> tuple[int, bool]:
    """(number of keys at all depths, whether there is a number that may have been an integer too large for orjson)."""
    keys, large, left = 0, False, [value]
    while left:
        value = left.pop()
        items = value
        if type(value) is dict:
            keys, items = keys + len(value), value.values()
        if _FLAT.issuperset(map(type, items)):
            continue
        for item in items:
            if type(item) is dict or type(item) is list:
                left.append(item)
            elif type(item) is float:
                large = large or abs(item) >= _INT_LIMIT
    return keys, large


def kind_of(value: Any) -> str:
    """The JSON name of a value's type: object, list, text, number, true/false, null."""
    names = {
        dict: "object",
        list: "list",
        str: "text",
        int: "number",
        float: "number",
        bool: "true/false",
        type(None): "null",
    }
    return names.get(type(value), type(value).__name__)
