"""Cells, lines and file names made of what users wrote."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from diversity.export.sheets import sheet_cell
from diversity.ui.safe import file_name, json_lines, one_line, sheet
from ui.factory import HOSTILE


@pytest.mark.parametrize("text", ["=CMD()", "+1", "-1+2", "@SUM(A1)", "\t=1", "  =1", "|calc", "＝1"])
def test_formulas_are_defused(text: str):
    assert sheet_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["plain", "", "中文", 3, -1.5, None, "a=b"])
def test_other_cells_stay(value: object):
    assert sheet_cell(value) == value


def test_sheet_is_readable_by_spreadsheets():
    content = sheet(pd.DataFrame({"raw": HOSTILE, "=bad": range(len(HOSTILE))}))
    assert content.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(content))
    assert list(back.columns) == ["raw", "'=bad"]
    assert back["raw"].tolist() == [f"'{text}" if text.startswith("=") else text for text in HOSTILE]


def test_json_lines_keep_values():
    rows = [json.loads(line) for line in json_lines(pd.DataFrame({"raw": HOSTILE})).decode().splitlines()]
    assert [row["raw"] for row in rows] == HOSTILE


def test_one_line():
    assert one_line("a\n\n b\tc") == "a b c"
    assert one_line("x" * 500, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("数据 v1.jsonl", "数据_v1.jsonl"),
        ("", "file"),
        ("...", "file"),
        ("a\0b", "a_b"),
    ],
)
def test_file_name(name: str, safe: str):
    assert file_name(name) == safe


def test_file_name_is_never_long():
    assert len(file_name("x" * 1000)) <= 120


def test_characters_that_turn_a_line_around_are_shown_as_codes():
    assert one_line("请\u202e解释") == "请\\u202e解释"
    assert one_line("a\u2067b\u2069c") == "a\\u2067b\\u2069c"
    assert one_line("שלום") == "שלום"
