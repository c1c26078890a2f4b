"""Lines and rows of files in words."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.report import InputFile, Intake, Report, Rows
from diversity.words.places import number_column, origin_text


def file(path: str, kind: str, numbered: Any = None) -> InputFile:
    return InputFile(
        path=path, format=kind, encoding="", compression=None, rows_read=1, rows_set_aside=0, bytes=1, numbered=numbered
    )


def report_of(files: list[InputFile]) -> Report:
    rows = Rows(read=2, set_aside=0)
    intake = Intake(
        files=files, shape="alpaca", field_map={}, rows=rows, records=2, units=2, reasons={}, fingerprint="f"
    )
    given: dict[str, Any] = {key: {} for key in ("settings", "packages", "overview", "seconds")}
    named = dict.fromkeys(("dataset", "version", "created_at", "embedder", "tokenizer", "code_version"), "x")
    return Report(**given, **named, intake=intake, rows=rows, results=[], checks=[])


LINES, ROWS = file("d/a.csv", "csv", "line"), file("d/b.json", "json", "row")


@pytest.mark.parametrize(
    ("language", "line", "row"),
    [("en", "a.csv, line 1234", "b.json, row 7"), ("zh", "a.csv 第 1234 行", "b.json 第 7 条")],
)
def test_a_row_that_is_no_line_is_not_called_one(
    monkeypatch: pytest.MonkeyPatch, language: str, line: str, row: str
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    report = report_of([LINES, ROWS])
    assert origin_text(report, "d/a.csv", 1234) == line
    assert origin_text(report, "d/b.json", 7) == row


@pytest.mark.parametrize(
    ("files", "heading"),
    [
        ([LINES], "column.line"),
        ([ROWS], "column.row"),
        ([LINES, ROWS], "column.line_or_row"),
        ([file("old.csv", "csv")], "column.row"),
    ],
)
def test_the_heading_over_numbers(files: list[InputFile], heading: str) -> None:
    assert number_column(report_of(files)) == heading
