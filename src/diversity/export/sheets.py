"""Texts from data in a sheet: shown, never run."""

from __future__ import annotations

import pandas as pd

# What Excel, LibreOffice and Google Sheets take for the start of a formula (OWASP, CSV injection); the full-width forms
# count as such where Chinese or Japanese is the sheet's language.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def without_formulas(rows: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before every text that a sheet would run as a formula. Numbers stay numbers."""
    texts = {
        name: rows[name].map(_shown, na_action="ignore")
        for name in rows.columns
        if pd.api.types.is_string_dtype(rows[name]) or pd.api.types.is_object_dtype(rows[name])
    }
    return rows.assign(**texts)


def _shown(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
