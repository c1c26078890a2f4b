"""Sentence-sized segments of Chinese and English text, with exact character offsets.

A segment is what a reader would point at: a sentence, a list item, a table row, a line of code. Over-long ones are
cut at the strongest break before the limit, so that a segment is never more than a bounded number of tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diversity.text.scripts import WIDE

Span = tuple[int, int]

_CLOSERS = "\"'”’」』）)】》〉］\\]"
# What a sentence may begin with right after a full stop, and what costs as many tokens as a Chinese character: Korean
# and full-width marks too.
_CJK = rf"{WIDE}\uac00-\ud7af\u3000-\u303f\uff00-\uffef"

# A run of blanks or dots is entered at its start only and never given back, so that it is read once, however long.
_BOUNDARY = re.compile(
    rf"""(?P<line>(?<![ \t\r])[ \t\r]*+[\n\u2028\u2029\x0b\x0c][\s]*)
    |(?P<hard>[。！？!?…．｡؟۔।][。！？!?….．]*[{_CLOSERS}]*)
    |(?P<stop>(?<!\.)\.++[{_CLOSERS}]*(?=\s|$|[{_CJK}]))""",
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"(?:^|[\s(（\[“\"'‘/])([^\s(（\[“\"'‘/]{1,12})$")
_TITLES = "mr mrs ms dr prof sr jr st gen col lt sgt capt cmdr maj adm rev hon gov sen rep pres messrs mt ft"
_REFERENCES = "vs v c ed eds al ca cf approx e.g i.e viz resp est"
_NUMBERED = frozenset(("no", "nos", "fig", "figs", "eq", "sec", "ch", "vol", "pp", "p", "art"))
_CLOSING = frozenset(("etc", "a.m", "p.m"))
_NAMES = "inc ltd co corp dept univ assn bros u.s u.k u.n d.c ph.d b.c a.d c.e b.c.e"
_MONTHS = "jan feb mar apr jun jul aug sep sept oct nov dec"
_ABBREVIATIONS = frozenset(f"{_TITLES} {_REFERENCES} {_NAMES} {_MONTHS}".split())
_LIST_NUMBER = re.compile(r"[ \t]*[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})$")
_WORDY = re.compile(r"[^\W_]")
_BREAKS = (re.compile(r"[；;]|[:：](?=\s|$)"), re.compile(r"[，,、]"), re.compile(r"\s+"))
_WIDE = re.compile(rf"[{_CJK}]")


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """How segments are cut.

    `max_tokens`: upper bound of a segment, in estimated tokens. 128 is above the 99.5th percentile of real sentences,
    so it cuts only run-on text; a winning segment must stay something that a reader can take in at a glance.
    `wide_cost`, `narrow_cost`: tokens per CJK and per other character that the estimate assumes (typical of current
    tokenizers). `wrap_width`: a line at least this long that breaks off in mid-sentence is taken as hard-wrapped and
    goes on in the next line.
    """

    max_tokens: int = 128
    wide_cost: float = 0.7
    narrow_cost: float = 0.25
    wrap_width: int = 50


DEFAULT_SEGMENTS = SegmentSettings()


def segment(text: str, settings: SegmentSettings = DEFAULT_SEGMENTS) -> list[Span]:
    """Return the `(start, end)` character spans of the segments of `text`, in order, without overlap.

    Spans carry no white space at their ends, and every character outside all spans is white space. A text of white
    space has none.
    """
    spans: list[Span] = []
    start = 0
    for stop in _sentence_ends(text, settings):
        _append(spans, text, start, stop)
        start = stop
    _append(spans, text, start, len(text))
    return _bounded(text, _joined(text, spans), settings)


def _sentence_ends(text: str, settings: SegmentSettings) -> list[int]:
    ends: list[int] = []
    line_start = 0
    for match in _BOUNDARY.finditer(text):
        kind = match.lastgroup
        if kind == "line":
            if not _wrapped(text, line_start, match, settings.wrap_width):
                ends.append(match.end())
            line_start = match.end()
        elif kind == "hard":
            if _ends_hard(text, match):
                ends.append(match.end())
        elif not _abbreviated(text, line_start, match):
            ends.append(match.end())
    return ends


def _wrapped(text: str, line_start: int, match: re.Match[str], width: int) -> bool:
    begin, end = match.span()
    if begin - line_start < width or end >= len(text) or match.group().count("\n") > 1:
        return False
    before, after = text[begin - 1], text[end]
    return (before.islower() or before == ",") and after.islower()


def _ends_hard(text: str, match: re.Match[str]) -> bool:
    """ASCII ! and ? end a sentence only before white space or wide text: `a != b` and `?q=1` go on."""
    if match.group()[0] not in "!?":
        return True
    end = match.end()
    return end >= len(text) or text[end].isspace() or _WIDE.match(text[end]) is not None


def _abbreviated(text: str, line_start: int, match: re.Match[str]) -> bool:
    begin = match.start()
    if match.end() - begin > 1:
        return False
    if _LIST_NUMBER.fullmatch(text, max(line_start, begin - 8), begin) and begin - line_start <= 8:
        return True
    found = _LAST_WORD.search(text, max(line_start, begin - 14), begin)
    if found is None:
        return False
    word = found.group(1)
    lower = word.lower()
    follows = text[match.end() : match.end() + 3].lstrip(" ")[:1]
    if lower in _NUMBERED and not word.isupper():
        return follows.isdigit()
    if lower in _CLOSING:
        return not follows.isupper()
    if len(word) == 1:
        return word.isupper() or word in _ABBREVIATIONS
    return lower in _ABBREVIATIONS or (word[-2] == "." and word[-1].isalpha())


def _append(spans: list[Span], text: str, start: int, stop: int) -> None:
    piece = text[start:stop]
    left = len(piece) - len(piece.lstrip())
    if left < len(piece):
        spans.append((start + left, start + len(piece.rstrip())))


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Join pieces without a letter or digit (a stray quote, `---`) to the one before on the same line."""
    out: list[Span] = []
    for start, end in spans:
        if out and not _WORDY.search(text, start, end) and "\n" not in text[out[-1][1] : start]:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _bounded(text: str, spans: list[Span], settings: SegmentSettings) -> list[Span]:
    cheapest = settings.max_tokens / max(settings.wide_cost, settings.narrow_cost)
    if all(end - start <= cheapest for start, end in spans):
        return spans
    out: list[Span] = []
    for start, end in spans:
        out.extend(_cut(text, start, end, settings) if end - start > cheapest else [(start, end)])
    return out


def _cut(text: str, start: int, end: int, settings: SegmentSettings) -> list[Span]:
    wide = sum(1 for _ in _WIDE.finditer(text, start, end))
    cost = wide * settings.wide_cost + (end - start - wide) * settings.narrow_cost
    if cost <= settings.max_tokens:
        return [(start, end)]
    step = max(1, int((end - start) * settings.max_tokens / cost))
    out: list[Span] = []
    while end - start > step:
        stop = _break_before(text, start, start + step)
        _append(out, text, start, stop)
        start = stop
    _append(out, text, start, end)
    return out


def _break_before(text: str, start: int, limit: int) -> int:
    """Return the last break in the second half of the window, the strongest kind first, else the limit itself."""
    for pattern in _BREAKS:
        found = None
        for found in pattern.finditer(text, start + (limit - start) // 2, limit):  # noqa: B007
            pass
        if found is not None:
            return found.end()
    return limit
