"""The reader's language: chosen, in the address, or the browser's; and the catalogue in it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from diversity.ui.catalogue import LANGUAGES, LOCALES, STRICT_VARIABLE, catalogue, count, number, percent, translate

__all__ = [
    "LANGUAGES",
    "LANGUAGE_KEY",
    "LOCALES",
    "STRICT_VARIABLE",
    "browser_language",
    "catalogue",
    "count",
    "figure",
    "known",
    "language",
    "number",
    "percent",
    "t",
    "t_or",
    "translate",
]
LANGUAGE_KEY = "lang"


def t(key: str, /, **numbers: Any) -> str:
    """The string `key` in the reader's language."""
    return translate(language(), key, **numbers)


def known(key: str) -> bool:
    """Whether the reader's language has `key`: for texts about things that are discovered, such as checks."""
    return key in catalogue(language())


def t_or(key: str, fallback: str, /, **numbers: Any) -> str:
    """The string `key`, or `fallback` where the catalogue has none or a number that it needs is missing."""
    said = t(key, **numbers) if known(key) else key
    return fallback if said == key else said


def language() -> str:
    """`zh` or `en`: chosen by the reader, else from the address, else from the browser."""
    chosen = st.session_state.get(LANGUAGE_KEY) or st.query_params.get(LANGUAGE_KEY)
    return chosen if chosen in LANGUAGES else browser_language(st.context.locale)


def browser_language(locale: str | None) -> str:
    """Chinese unless the browser says that it speaks something else."""
    return "zh" if not locale or locale.lower().startswith("zh") else "en"


def figure(value: float | None, unit: str) -> str:
    """A figure as a reader wants it: `ratio` as a percentage, `tokens`, `count` and `types` with their word, `score`
    bare."""
    if value is None:
        return "–"
    if unit == "ratio":
        return percent(value)
    if unit == "count":
        return number(round(value))
    return t(f"unit.{unit}", n=value) if known(f"unit.{unit}") else number(value)
