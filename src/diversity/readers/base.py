"""What every reader yields: rows as they stand in the file, and rows that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple, get_args

Reason = Literal[
    # the file
    "unreadable_file",
    "truncated_file",
    "trailing_comma",
    "missing_comma",
    "row_too_large",
    # the row's text
    "broken_json",
    "broken_csv",
    "column_count",
    "undecodable",
    "lone_surrogate",
    "duplicate_keys",
    # the row's fields
    "not_an_object",
    "unknown_shape",
    "wrong_type",
    "unknown_role",
    "no_prompt",
    "no_answer",
    "blank_answer_midway",
    # a field of a row that is used without it
    "long_label",
]
REASONS: tuple[str, ...] = get_args(Reason)

# Of a file with one of these nobody knows how much is missing.
DAMAGES = frozenset({"unreadable_file", "truncated_file"})

# Faults of rows that are used all the same.
BESIDE = frozenset({"long_label"})

RAW_LIMIT = 10_000
MAX_ROW = 32 * 1024 * 1024


class Row(NamedTuple):
    """One row.

    Its number (see `SetAside.line`), its value as parsed, and its own text where the format has one (UTF-8).
    """

    line: int
    value: Any
    text: bytes | None


class Problem(NamedTuple):
    """A row that is set aside: number, reason code, what was found, its own text. `costs_row` is False for a fault
    beside the rows, which are all read.
    """

    line: int
    reason: Reason
    detail: str
    text: bytes | str
    costs_row: bool = True


Item = Row | Problem
Rows = Callable[[], Iterator[Item]]


def shown(text: bytes | str) -> str:
    """A row's text for a person.

    At most 10,000 characters, bytes that are not UTF-8 as `\\xNN`, lone surrogates as `\\udNNN`.
    """
    if isinstance(text, bytes):
        text = text[: RAW_LIMIT * 4].decode("utf-8", "backslashreplace")
    return text[:RAW_LIMIT].encode("utf-8", "backslashreplace").decode("utf-8")
