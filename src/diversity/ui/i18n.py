"""Words and numbers in the reader's language. The catalogues are flat JSON: `locales/<language>.json` and
`locales/<language>.<part>.json`."""

from __future__ import annotations

import json
import logging
import math
import os
import string
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

LANGUAGES = {"zh": "中文", "en": "English"}
LANGUAGE_KEY = "lang"
LOCALES = Path(__file__).parent / "locales"
STRICT_VARIABLE = "DIVERSITY_STRICT_CATALOGUE"

_log = logging.getLogger(__name__)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All strings of one language. A key that stands in two files is an error."""
    strings: dict[str, str] = {}
    for path in sorted(LOCALES.glob(f"{language}*.json")):
        part: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        twice = strings.keys() & part.keys()
        if twice:
            raise ValueError(f"{path.name} repeats {sorted(twice)}")
        strings |= part
    return strings


class _Numbers(string.Formatter):
    """Formats by the kind of a value: `{n}` an integer with separators, `{x}` a float, `{r:percent}`,
    `{n:record|records}`."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str):
            return value
        if format_spec == "percent":
            return percent(value)
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return f"{number(value)} {one if value == 1 else many}"
        if isinstance(value, Sequence):
            return ", ".join(str(item) for item in value)
        return number(value)


_NUMBERS = _Numbers()


def translate(language: str, key: str, /, **numbers: Any) -> str:
    """The string `key` in `language`, with `numbers` filled in.

    An unknown key or a missing number gives the key and a log line, or KeyError when the environment asks for
    strictness (tests do).
    """
    try:
        return _NUMBERS.vformat(catalogue(language)[key], (), numbers)
    except KeyError as error:
        if os.environ.get(STRICT_VARIABLE):
            raise KeyError(f"{language}: {key} lacks {error}") from error
        _log.warning("catalogue %s: %s lacks %s", language, key, error)
        return key


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


def number(value: float | None) -> str:
    """An integer with separators; a float with two significant decimals, fewer where it is large."""
    if value is None or not math.isfinite(value):
        return "–"
    if isinstance(value, int) or (float(value).is_integer() and abs(value) >= 10):
        return f"{int(value):,}"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:,.1f}" if size >= 10 else f"{value:,.2f}"


def percent(ratio: float | None) -> str:
    """A ratio of 0-1 as a percentage with one decimal."""
    return "–" if ratio is None or not math.isfinite(ratio) else f"{ratio * 100:.1f}%"


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
