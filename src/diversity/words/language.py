"""The language of whoever reads, and the catalogue in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from diversity.words.catalogue import LANGUAGES, catalogue, number, percent, translate

VARIABLE = "DIVERSITY_LANGUAGE"
# Characters that would turn the rest of a line around: shown as their codes.
_TURNING = frozenset(map(chr, (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
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


def one_line(value: str, limit: int = 160) -> str:
    """A text on one line, for a sentence, a table cell or a list entry."""
    flat = " ".join(value[: limit * 2].split())
    if not flat.isascii() and not _TURNING.isdisjoint(flat):
        flat = "".join(f"\\u{ord(one):04x}" if one in _TURNING else one for one in flat)
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
