"""Values of a row: as text, as an id, as JSON."""

from __future__ import annotations

import json
import numbers
from collections.abc import Mapping
from typing import Any

import orjson

from diversity.normalize.chat import text_of
from diversity.normalize.failure import Failure
from diversity.readers.parse import kind_of

# Whole numbers beyond it have neighbours that a float cannot tell from them.
EXACT = 2**53


def as_text(value: Any, name: str) -> str:
    """A field's text, empty for null. Raises Failure for anything that is no text."""
    if type(value) is str:
        return value
    if is_absent(value):
        return ""
    if isinstance(value, list) and value and all(isinstance(part, Mapping) and "text" in part for part in value):
        return text_of(value, name)[0]
    if isinstance(value, str):
        return str(value)
    raise Failure("wrong_type", f"{name}: {kind_of(value)}")


def is_absent(value: Any) -> bool:
    """Whether a value stands for nothing: null, or not a number, which is what tables have in its place."""
    return value is None or (isinstance(value, float) and value != value)


def joined(instruction: str, given: str) -> str:
    """Instruction and input, an empty line between; the one that is not blank where the other is."""
    if not given or given.isspace():
        return instruction
    return given if not instruction or instruction.isspace() else f"{instruction}\n\n{given}"


def own_id(value: Any) -> str | None:
    """The user's own id as text; None for blank text and whatever is neither text nor a whole number.

    A column of whole numbers of which one is missing comes as 1.0, 2.0 from a DataFrame, and is 1, 2 all the same.
    """
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else None
    return str(int(value)) if isinstance(value, numbers.Integral) and not isinstance(value, bool) else None


def as_json(fields: dict[str, Any]) -> str:
    """The fields as JSON text.

    Dates and the like as text, bytes by their number only. Raises Failure for text with half a character in it.
    """
    try:
        return orjson.dumps(fields, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return _json_at_length(fields)


def _json_at_length(fields: dict[str, Any]) -> str:
    """What orjson refuses: integers beyond 64 bits and deep nesting are fine, lone surrogates are not."""
    try:
        text = json.dumps(fields, ensure_ascii=False, default=_plain)
        text.encode("utf-8")
    except UnicodeEncodeError as half:
        raise Failure("lone_surrogate", ascii(half.object[half.start])[1:-1]) from half
    except (TypeError, ValueError, RecursionError) as error:
        raise Failure("wrong_type", f"a field that cannot be written as JSON: {error}") from error
    return text


def _plain(value: Any) -> str:
    return f"<{len(value)} bytes>" if isinstance(value, (bytes, bytearray, memoryview)) else str(value)
