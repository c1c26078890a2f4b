"""The language of whoever reads, and the catalogue in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from diversity.words.catalogue import LANGUAGES, catalogue, number, percent, translate

VARIABLE = "DIVERSITY_LANGUAGE"
# Characters that act on what shows them and are not seen themselves: controls, which a terminal obeys, marks that turn
# the rest of a line around, and halves of characters. Shown as their codes; a line break is for the caller.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def terminal_language() -> str:
    """`zh` or `en`: DIVERSITY_LANGUAGE, else the terminal's locale; English where that says nothing."""
    named = (os.environ.get(name, "") for name in (VARIABLE, *_LOCALES))
    code = next((value for value in named if value), "")[:2].lower()
    return code if code in LANGUAGES else "en"


_asked: Callable[[], str] = terminal_language


def ask(source: Callable[[], str]) -> None:
    """Has `source` asked for the language from now on: a page knows its reader better than the server's terminal."""
    global _asked
    _asked = source


def t(key: str, /, **numbers: Any) -> str:
    """The string `key` in the reader's language."""
    return translate(_asked(), key, **numbers)


def known(key: str) -> bool:
    """Whether the reader's language has `key`: for texts about things that are discovered, such as checks."""
    return key in catalogue(_asked())


def t_or(key: str, fallback: str, /, **numbers: Any) -> str:
    """The string `key`, or `fallback` where the catalogue has none or a number that it needs is missing."""
    said = t(key, **numbers) if known(key) else key
    return fallback if said == key else said


def figure(value: float | None, unit: str, decimals: int = 1) -> str:
    """A figure as a reader wants it: `ratio` as a percentage, `tokens`, `count` and `types` with their word, `score`
    bare. `decimals` above 1 are those of a percentage, one more those of any other figure."""
    if value is None:
        return "–"
    if unit == "ratio":
        return percent(value, decimals)
    if unit == "count":
        return number(round(value))
    shown = t(f"unit.{unit}", n=value) if known(f"unit.{unit}") else number(value)
    return shown if decimals == 1 else shown.replace(number(value), f"{value:,.{decimals + 1}f}")


def p_value(p: float | None) -> str:
    """The chance of an accident; none is 0."""
    return "–" if p is None else "<0.001" if p < 0.0005 else f"{p:.3f}"


def one_line(value: str, limit: int = 160) -> str:
    """A text on one line, for a sentence, a table cell or a list entry."""
    flat = harmless(" ".join(value[: limit * 2].split()))
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def harmless(text: str) -> str:
    """A text for a terminal, where each character that acts instead of being seen is its code (`\\u001b`); tabs and
    line breaks stay."""
    return text if text.isprintable() else _ACTING.sub(lambda one: f"\\u{ord(one[0]):04x}", text)
