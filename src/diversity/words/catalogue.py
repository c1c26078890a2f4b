"""Words and numbers in a language. The catalogues are flat JSON, `locales/<language>.json`; no browser is needed."""

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

LANGUAGES = {"zh": "中文", "en": "English"}
LOCALES = Path(__file__).parent / "locales"
STRICT_VARIABLE = "DIVERSITY_STRICT_CATALOGUE"

_log = logging.getLogger(__name__)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All strings of one language."""
    strings: dict[str, str] = json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    return strings


class _Numbers(string.Formatter):
    """Formats by the kind of a value: `{n}` an integer with separators, `{x}` a float, `{r:percent}` (`share`),
    `{d:fine}` with three decimals, `{x:tenths}` with one, `{q:count}` a quantile of counts, `{n:record|records}`, a
    list with `joint`."""

    def __init__(self, joint: str) -> None:
        self.joint = joint

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str):
            return value
        if format_spec == "percent":
            return share(value)
        if format_spec == "fine":
            return _signed(f"{value:z.3f}")
        if format_spec == "tenths":
            return _signed(f"{value:z,.1f}")
        if format_spec == "count":
            return count(value)
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return f"{number(value)} {one if value == 1 else many}"
        if isinstance(value, Sequence):
            return self.joint.join(str(item) for item in value)
        return number(value)


_NUMBERS = {"zh": _Numbers("、"), "en": _Numbers(", ")}


def translate(language: str, key: str, /, **numbers: Any) -> str:
    """The string `key` in `language`, with `numbers` filled in.

    An unknown key or a missing number gives the key and a log line, or KeyError when the environment asks for
    strictness (tests do).
    """
    try:
        return _NUMBERS[language].vformat(catalogue(language)[key], (), numbers)
    except KeyError as error:
        if os.environ.get(STRICT_VARIABLE):
            raise KeyError(f"{language}: {key} lacks {error}") from error
        _log.warning("catalogue %s: %s lacks %s", language, key, error)
        return key


def number(value: float | None) -> str:
    """An integer with separators; a float with two significant decimals, fewer where it is large, more where it is
    small."""
    if value is None or not math.isfinite(value):
        return "–"
    if isinstance(value, int) or (float(value).is_integer() and abs(value) >= 10):
        return _signed(f"{int(value):,}")
    size = abs(value)
    if 0.0001 <= size < 0.1:
        return _signed(f"{value:.{1 - math.floor(math.log10(size))}f}")
    return _signed(f"{value:,.0f}" if size >= 100 else f"{value:,.1f}" if size >= 10 else f"{value:z,.2f}")


def count(value: float) -> str:
    """A quantile of counts, which may lie half-way between two: no decimals but that half's."""
    half = abs(value) < 10 and float(2 * value).is_integer() and not float(value).is_integer()
    return _signed(f"{value:,.1f}" if half else f"{value:z,.0f}")


def _signed(written: str) -> str:
    """A number with a minus sign, as the axes of figures have it, for a hyphen."""
    return written.replace("-", "−")


def percent(ratio: float | None, decimals: int = 1) -> str:
    """A ratio of 0-1 as a percentage."""
    return "–" if ratio is None or not math.isfinite(ratio) else _signed(f"{ratio * 100:z.{decimals}f}%")


def share(ratio: float | None) -> str:
    """A percentage with as many decimals as it takes not to read as 0% or 100% where it is neither."""
    for decimals in range(1, 7):
        shown = percent(ratio, decimals)
        if shown not in (percent(0, decimals), percent(1, decimals)):
            return shown
    return percent(ratio)
