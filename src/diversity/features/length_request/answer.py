"""How long an answer is in the unit of a request, and whether it keeps the request.

People count differently: with or without marks, hyphenated words as one or as two, a heading as a paragraph or not. A
count is therefore a range from the strict to the generous reading, and a request is kept when either reading keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from diversity.features.length_request.base import DEFAULT_LENGTH_REQUEST, LengthRequest, LengthRequestSettings
from diversity.text.patterns import compiled_later
from diversity.text.scripts import WIDE, word_of
from diversity.text.segmentation import SegmentSettings, segment
from diversity.text.terms import terms

Count = tuple[int, int]

_WIDE = compiled_later(rf"[{WIDE}]")
_SPACED = word_of(f"_{WIDE}")
_WORD = compiled_later(rf"{_SPACED}(?:['’.,:/@-]{_SPACED})*")
_HYPHENS = compiled_later(r"(?<=\w)[-/](?=\w)")
_MARK = compiled_later(r"[^\w\s]|_")
_MARKUP = compiled_later(r"\*\*|__|^[^\S\n]*+(?:#{1,6}\s+|[-*]{3,}+\s*$)", re.MULTILINE)
_STOP = compiled_later(r"[.!?。！？…][\"'”’」』）)】》〉\]]*$")
_CLAUSES = compiled_later(r"[，。！？；、,.!?;\n]+")
_BLANK = compiled_later(r"\n[ \t\r]*\n")
_HEADING = compiled_later(
    r"\s*(?:#{1,6}\s|\*\*[^*]+\*\*\s*$|《[^》]+》\s*$|【[^】]+】\s*$|[^\n]{1,60}[:：]\s*$|(?:title|标题|题目)\s*[:：])",
    re.I,
)
_NUMBERED = compiled_later(
    r"[ \t]*(?:\*\*)?(?:[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z])[.)）、．:：](?!\d)|[①-⑳]|"
    r"第[一二三四五六七八九十]{1,3}[,，、：:是条点])"
)
_BULLET = compiled_later(r"[ \t]*[-*•·●○◦▪–—+]\s*(?=\S)")
_INLINE = compiled_later(r"(?:(?<=\s)|(?<=[。；;：:，,])|^)[(（]?(\d{1,2})[.)）、．](?!\d)")
_ORDINAL = compiled_later(
    r"首先|其次|再次|此外|另外|最后|第[一二三四五六七八九十](?=[,，、是：:点])|[一二三四五六七八九]是|\b(?:first|second|third|fourth|fifth|finally|lastly)(?:ly)?\b",
    re.I,
)
_LISTED = compiled_later(r"[,，、;；]|\band\b|以及|和")
_LAID_OUT = compiled_later(r"^[ \t]*```|^[ \t]*\|.*\|[ \t]*\n[ \t]*\|", re.MULTILINE)
_SENTENCES = SegmentSettings(max_tokens=1_000_000)
# From so many words on a Chinese text is counted in characters when somebody says "words".
_MANY_WORDS = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """`actual`: the count nearest to what was asked. `deviation`: how far it is beyond the limit, as a share of the
    limit, negative for too short; 0 where kept. All None for a request that is not judged: about a part of the answer,
    or about sentences and paragraphs of one that holds code or a table."""

    actual: int | None
    kept: bool | None
    deviation: float | None


def judge(request: LengthRequest, answer: str, settings: LengthRequestSettings = DEFAULT_LENGTH_REQUEST) -> Outcome:
    """Holds an answer against a request. Of a request about each part the part that is farthest off counts."""
    if request.scope == "part" or not countable(answer, request.unit):
        return Outcome(None, None, None)
    sizes = _sizes(answer, request.unit, request.scope, request.of)
    outcomes = [_held(request, size, settings) for size in sizes]
    return max(outcomes, key=lambda one: abs(one.deviation or 0), default=Outcome(0, False, -1.0))


def countable(answer: str, unit: str) -> bool:
    """Whether readers would agree on a count: lines of code and rows of a table are neither sentences nor none."""
    return unit not in ("sentences", "paragraphs") or not _LAID_OUT.search(answer)


@lru_cache(maxsize=16)
def _sizes(answer: str, unit: str, scope: str, of: str) -> tuple[Count, ...]:
    """The different sizes of what is asked about, counted once for all requests that look at an answer in one way."""
    texts = [answer] if scope == "answer" else parts(answer, of)
    return tuple(dict.fromkeys(measure(text, unit) for text in texts))


def measure(text: str, unit: str) -> Count:
    """The strict and the generous count of `text` in a unit of UNITS."""
    found = _COUNTS[unit](_MARKUP.sub("", text) if unit in ("zi", "words", "characters") else text)
    return min(found), max(found)


def parts(text: str, of: str) -> list[str]:
    """The paragraphs, sentences, list items or lines that `each` is said of; list items where nothing is said."""
    lines = [line for line in text.split("\n") if line.strip()]
    listed = [line for line in lines if _marked(line)]
    if of in ("items", "") and len(listed) > 1:
        return [_without(_BULLET, _without(_NUMBERED, line)) for line in listed]
    if of == "sentences":
        return [text[start:end] for start, end in segment(text, _SENTENCES)]
    return [block for block in (lines if of == "lines" else _blocks(text)) if not _HEADING.match(block)]


def _held(request: LengthRequest, count: Count, settings: LengthRequestSettings) -> Outcome:
    low, high = request.low or 0, request.high if request.high is not None else float("inf")
    least, most = float(low), float(high)
    if request.relation == "about":
        least = min(low * (1 - settings.about_tolerance), low - settings.least_tolerance)
        most = max(high * (1 + settings.about_tolerance), high + settings.least_tolerance)
    if count[1] < least:
        return Outcome(count[1], False, (count[1] - low) / low)
    if count[0] > most:
        return Outcome(count[0], False, (count[0] - high) / max(high, 1))
    return Outcome(int(min(max(count[0], low), count[1])), True, 0.0)


def _zi(text: str) -> Count:
    """As word processors count Chinese: a wide character, a Latin word and a number are one each; marks or not."""
    plain = len(_WIDE.findall(text)) + len(_WORD.findall(text))
    return plain, plain + len(_MARK.findall(text))


def _characters(text: str) -> Count:
    return sum(not character.isspace() for character in text), len(text.strip())


def _words(text: str) -> Count:
    """Spaced words, hyphens joining or not; of Chinese the runs between marks or the dictionary words."""
    spaced = _WORD.findall(text)
    split = sum(1 + len(_HYPHENS.findall(word)) for word in spaced)
    wide = len(_WIDE.findall(text))
    if not wide:
        return len(spaced), split
    runs = len(re.findall(rf"[{WIDE}]+", text))
    dictionary = sum(_WIDE.match(term) is not None for term in terms(text))
    return len(spaced) + runs, split + (wide if dictionary >= _MANY_WORDS else max(dictionary, runs))


def _sentences(text: str) -> Count:
    """Those that end with a mark, or all that a reader would take for one."""
    pieces = [text[start:end] for start, end in segment(text, _SENTENCES)]
    return max(sum(_STOP.search(piece) is not None for piece in pieces), min(len(pieces), 1)), len(pieces)


def _verses(text: str) -> Count:
    lines = [line for line in text.split("\n") if line.strip() and not _HEADING.match(line)]
    return len(lines), len([clause for line in lines for clause in _CLAUSES.split(line) if clause.strip()])


def _blocks(text: str) -> list[str]:
    stripped = text.strip()
    blocks = _BLANK.split(stripped) if _BLANK.search(stripped) else stripped.split("\n")
    return [block for block in blocks if block.strip()]


def _paragraphs(text: str) -> Count:
    """Blocks between blank lines without headings; where nothing is a list, every line may be one."""
    blocks = _blocks(text)
    lines = [line for line in text.split("\n") if line.strip()]
    strict = sum("\n" in block or not _HEADING.match(block) for block in blocks)
    return strict, len(blocks) if any(_marked(line) for line in lines) else len(lines)


def _items(text: str) -> Count:
    """Lines with a number or bullet; else inline numbers, ordinals, lines, and last what commas part."""
    lines = [line for line in text.split("\n") if line.strip()]
    kinds = [sum(pattern.match(line) is not None for line in lines) for pattern in (_NUMBERED, _BULLET)]
    if sum(kinds) > 1:
        return min(kind for kind in kinds if kind), sum(kinds)
    inline = _inline(text)
    if inline > 1:
        return inline, inline
    if len(lines) > 1:
        return sum(not _HEADING.match(line) for line in lines), len(lines)
    ways = [
        len(_ORDINAL.findall(text)),
        len([part for part in _LISTED.split(text) if part.strip()]),
        _sentences(text)[1],
    ]
    used = [way for way in ways if way] or [0]
    return min(used), max(used)


def _inline(text: str) -> int:
    """How far numbers inside lines run: 1. … 2. … 3. …"""
    at = 0
    for found in _INLINE.finditer(text):
        at += int(found[1]) == at + 1
    return at


def _lines(text: str) -> Count:
    """Lines with and without headings; running prose breaks where the screen ends, so there a sentence may be one."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) == 1:
        return 1, _sentences(text)[1]
    return sum(not _HEADING.match(line) for line in lines), len(lines)


def _without(mark: re.Pattern[str], line: str) -> str:
    found = mark.match(line)
    return line[found.end() :] if found else line


def _marked(line: str) -> bool:
    return bool(_NUMBERED.match(line) or _BULLET.match(line))


_COUNTS: dict[str, Callable[[str], Count]] = {
    "zi": _zi,
    "words": _words,
    "characters": _characters,
    "sentences": _sentences,
    "verses": _verses,
    "paragraphs": _paragraphs,
    "items": _items,
    "lines": _lines,
}
