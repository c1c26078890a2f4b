"""Tables as files: texts from data are shown in a sheet, never run, and stand in JSON as they are."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd

# What Excel, LibreOffice and Google Sheets take for the start of a formula (OWASP, CSV injection); the full-width forms
# count as such where Chinese or Japanese is the sheet's language.
_SIGNS = "=+\\-@|%＝＋－＠"
# What a sheet may leave out before it looks for a sign: white space of every kind, and what has no width.
_BLANK = r"\s\x00-\x1f\xad\u180e\u200b-\u200f\u2060\ufeff"
# Apostrophes are looked past as well: a text that has one of its own gets another, so taking one off gives the text.
_FORMULA = re.compile(rf"['{_BLANK}]*[{_SIGNS}]| *[\t\r\n]")


def without_formulas(rows: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before every text, headings included, that a sheet would run as a formula. Numbers
    stay numbers."""
    texts = {
        name: rows[name].map(sheet_cell, na_action="ignore")
        for name in rows.columns
        if pd.api.types.is_string_dtype(rows[name]) or pd.api.types.is_object_dtype(rows[name])
    }
    return rows.assign(**texts).rename(columns=sheet_cell)


def sheet_cell(value: object) -> object:
    """A cell that no spreadsheet runs: a text that could start a formula, behind blanks too, gets a leading
    apostrophe. Taken off again, it leaves the text as it was."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def json_lines(rows: pd.DataFrame) -> bytes:
    """The frame as JSON Lines in UTF-8, one object a row; what is missing is null."""
    plain = rows.astype(object).where(rows.notna(), None)
    lines = (json.dumps(row, ensure_ascii=False, default=_plain) for row in plain.to_dict("records"))
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    """A value of NumPy as Python has it."""
    return value.tolist() if hasattr(value, "tolist") else str(value)
