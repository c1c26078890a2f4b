"""Where a row stands in its file: a line where rows are numbered by lines, else its number."""

from __future__ import annotations

from diversity.report import Report
from diversity.words.language import one_line, t

NAME = 60


def place_text(number: int | str, by_line: bool) -> str:
    """`line 7` or `row 7`, without separators: the number is there to be looked up."""
    return t("place.line" if by_line else "place.row", n=str(number))


def origin_text(report: Report, file: str, number: int) -> str:
    """The file's own name and the place in it."""
    by_line = next((one.by_line for one in report.intake.files if one.path == file), True)
    return t("record.origin", file=one_line(file.rsplit("/", 1)[-1], NAME), place=place_text(number, by_line))


def number_column(report: Report) -> str:
    """The catalogue's heading over numbers of rows from all of the report's files."""
    kinds = {file.by_line for file in report.intake.files if file.rows_read}
    return "column.line_or_row" if len(kinds) > 1 else "column.row" if kinds == {False} else "column.line"
