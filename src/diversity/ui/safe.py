"""Texts from data, shown as texts: never as Markdown, HTML, LaTeX, emoji codes, or a formula in a sheet."""

from __future__ import annotations

import unicodedata

import pandas as pd
import streamlit as st

from diversity.export.sheets import json_lines, without_formulas
from diversity.words.language import one_line

__all__ = ["LONG_TEXT", "block", "file_name", "json_lines", "one_line", "sheet", "text"]

LONG_TEXT = 20_000
_NAME_LENGTH = 120


def text(value: str) -> None:
    """A short text from data, on its own lines."""
    st.text(value)


def block(value: str, *, limit: int = LONG_TEXT, height: int | None = None) -> bool:
    """A text from data in a box with a copy button, cut at `limit` characters. Whether it was cut."""
    st.code(value[:limit], language=None, wrap_lines=True, height=height or "content")
    return len(value) > limit


def sheet(frame: pd.DataFrame) -> bytes:
    """A table as CSV for a spreadsheet: UTF-8 with BOM, formulas defused in cells and headings."""
    return without_formulas(frame).to_csv(index=False).encode("utf-8-sig")


def file_name(*parts: str) -> str:
    """A file name from names that a user chose: letters, digits, `-`, `_` and `.` of any script stay, everything else
    becomes `_`."""
    kept = (character if _harmless(character) else "_" for character in "-".join(parts))
    return "".join(kept).strip("._")[:_NAME_LENGTH] or "file"


def _harmless(character: str) -> bool:
    return character in "-_." or unicodedata.category(character)[0] in "LN"
