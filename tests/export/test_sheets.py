from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.export.sheets import json_lines, sheet_cell, without_formulas


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "  =", "＝", "＋", "－", "＠"])
def test_what_a_sheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert without_formulas(pd.DataFrame({"a": [f"{start}1+1"]}))["a"].tolist() == [f"'{start}1+1"]


@pytest.mark.parametrize(
    "blank", [" ", "\u00a0", "\u3000", "\ufeff", "\u200b", "\v", "\f", "\x00", "\u2003\ufeff "], ids=ascii
)
def test_a_blank_does_not_hide_a_formula(blank: str) -> None:
    assert sheet_cell(f"{blank}=1+1") == f"'{blank}=1+1"
    assert sheet_cell(f"{blank}word") == f"{blank}word"


@pytest.mark.parametrize("text", ["-d0", "=1+0", "'-d0", "''=1", "\u3000'@a"])
def test_one_apostrophe_taken_off_gives_the_text(text: str) -> None:
    assert str(sheet_cell(text)).removeprefix("'") == text
    assert sheet_cell("'tis") == "'tis"


def test_columns_with_gaps_are_covered_and_keep_their_gaps() -> None:
    found = without_formulas(pd.DataFrame({"a": [None, "=1", float("nan"), "x"]}, dtype=object))["a"]
    assert found.isna().tolist() == [True, False, True, False]
    assert found[1] == "'=1"


def test_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"n": [-1, 2], "x": [-0.5, None], "b": [True, False]})
    pd.testing.assert_frame_equal(without_formulas(frame), frame)


def test_headings_are_covered() -> None:
    assert list(without_formulas(pd.DataFrame({"=1": ["x"], "b": [1]})).columns) == ["'=1", "b"]


@given(st.lists(st.text()))
def test_nothing_else_changes(texts: list[str]) -> None:
    found = without_formulas(pd.DataFrame({"a": pd.Series(texts, dtype=object)}))["a"].tolist()
    assert [one.removeprefix("'") if one != text else one for one, text in zip(found, texts, strict=True)] == texts
    assert not any(one[:1] in tuple("=+-@\t\r\n") for one in found if one)


def test_json_lines_hold_texts_and_gaps_as_they_are() -> None:
    rows = pd.DataFrame(
        {"path": ["a/b", "“引”\n"], "n": [1, 2], "score": [0.5, None], "tags": [["x"], np.array([1, 2])]}
    )
    lines = json_lines(rows).decode().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"path": "a/b", "n": 1, "score": 0.5, "tags": ["x"]},
        {"path": "“引”\n", "n": 2, "score": None, "tags": [1, 2]},
    ]
    assert "a/b" in lines[0]
    assert "“引”" in lines[1]
