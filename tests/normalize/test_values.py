"""Values of a row: as text, as an id, as JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from diversity.normalize import Failure
from diversity.normalize.values import as_json, as_text, is_absent, joined, own_id


@pytest.mark.parametrize(
    ("value", "own"),
    [
        *(("x1", "x1"), ("", None), (None, None), (True, None), (np.True_, None)),
        *((12, "12"), (10**30, str(10**30)), (np.int64(7), "7")),
        *((1.5, None), (2.0, "2"), (np.float64(3), "3"), (1e30, None), (float("nan"), None), (float("inf"), None)),
    ],
)
def test_ids(value: Any, own: str | None) -> None:
    assert own_id(value) == own


@pytest.mark.parametrize(
    ("value", "text"),
    [("x", "x"), (" x\n", " x\n"), (None, ""), (float("nan"), ""), ([{"type": "text", "text": "part"}], "part")],
)
def test_texts(value: Any, text: str) -> None:
    assert as_text(value, "field") == text


@pytest.mark.parametrize(("value", "kind"), [(3, "number"), (True, "true/false"), ({"a": 1}, "object"), ([], "list")])
def test_what_is_no_text_is_named(value: Any, kind: str) -> None:
    with pytest.raises(Failure) as failure:
        as_text(value, "field")
    assert (failure.value.reason, failure.value.detail) == ("wrong_type", f"field: {kind}")


def test_only_null_and_not_a_number_are_absent() -> None:
    assert [is_absent(value) for value in (None, float("nan"), "", 0, 0.0, False, [])] == [True, True] + [False] * 5


@pytest.mark.parametrize(
    ("instruction", "given", "both"),
    [("i", "g", "i\n\ng"), ("i", " ", "i"), (" ", "g", "g"), ("", "", ""), ("i ", "g", "i \n\ng")],
)
def test_instruction_and_input(instruction: str, given: str, both: str) -> None:
    assert joined(instruction, given) == both


def test_json_of_what_orjson_refuses() -> None:
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    fields = {"day": date(2024, 2, 3), "big": 10**30, "blob": b"xyz", "deep": deep, "字": "文"}
    assert json.loads(as_json(fields)) == {
        "day": "2024-02-03",
        "big": 10**30,
        "blob": "<3 bytes>",
        "deep": deep,
        "字": "文",
    }
    assert "文" in as_json(fields)


def test_half_a_character_is_no_json() -> None:
    with pytest.raises(Failure, match="lone_surrogate"):
        as_json({"a": "\ud83d"})
