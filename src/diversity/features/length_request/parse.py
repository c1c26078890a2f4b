"""The requests of a text in either language: outside quotations, code and the material that the prompt is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from diversity.features.instruction import read_layout
from diversity.features.length_request.base import (
    DEFAULT_LENGTH_REQUEST,
    FINE,
    LengthRequest,
    LengthRequestSettings,
)
from diversity.features.length_request.chinese import parse_chinese
from diversity.features.length_request.english import parse_english
from diversity.text.patterns import compiled_later
from diversity.text.segmentation import segment

# A measure of the other language may stand in either: both parsers see every text, their units do not overlap.
_QUOTED = compiled_later(
    r"“[^”]{0,2000}+”|「[^」]{0,2000}+」|『[^』]{0,2000}+』|《[^》]{0,200}+》|\"[^\"\n]{0,600}+\"|```.*?(?:```|\Z)|"
    r"`[^`\n]*+`",
    re.DOTALL,
)
# A line that sets a rule, whatever the layout says: numbered demands at the end, "Length: 300 words".
_RULE = compiled_later(
    r"^[\s\-*•·]*(?:\(?\d{1,2}[.、)）]|[①-⑩])?\s*(?:\*\*)?(?:要求|注意|字数|篇幅|全文|长度|格式|限|请|不少于|不超过|不得|至少|最多|"
    r"requirements?|length|word (?:count|limit)|note|constraints?|please|keep|limit|write|use|make|"
    r"your (?:answer|response)|"
    r"the (?:answer|response|essay|story|summary|output))",
    re.IGNORECASE,
)
# A first line of at most so many characters that bears no label is taken as the request; beyond it layout decides.
_FIRST_LINE = 300
_SHORT = 120
_LABELLED = compiled_later(r"\s*[\w ]{2,20}[:：]")
_PASSAGE = 200
# Of a line that may set a rule so much is read; what it opens with is a few words.
_RULE_READ = 80
# Two limits of one length: "不低于二百字，不高于三百字", "at least 100 words and at most 200".
_NEAR = 24


def parse_requests(text: str, settings: LengthRequestSettings = DEFAULT_LENGTH_REQUEST) -> list[LengthRequest]:
    """What `text` asks about the length of its answer, in the order of the text."""
    found = [*parse_chinese(text, settings.exact_up_to), *parse_english(text, settings.exact_up_to)]
    if not found:
        return []
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    asked = [one for one in found if not _within(one, quoted)]
    return _settled(_merged(sorted(_instructions(text, asked), key=lambda one: one.start)))


def _instructions(text: str, found: list[LengthRequest]) -> list[LengthRequest]:
    """Those that stand in what asks, not in the material."""
    if not found or (len(text) <= _SHORT and "\n" not in text):
        return found
    spans = segment(text)
    layout = read_layout(text, spans)
    if layout.position in ("only", "none"):
        return found
    first = len(text) - len(text.lstrip()) + len(text.lstrip().split("\n", 1)[0])
    plain = first <= _FIRST_LINE and not _LABELLED.match(text)
    asking = [span for span, request in zip(spans, layout.request, strict=True) if request]
    return [
        one
        for one in found
        if (plain and one.end <= first) or _touched(one, asking) or _RULE.match(_line(text, one.start))
    ]


def _within(one: LengthRequest, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of `spans` (in order, without overlap) holds all of the request."""
    at = bisect_left(spans, one.end, key=lambda span: span[1])
    return at < len(spans) and spans[at][0] <= one.start


def _touched(one: LengthRequest, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of `spans` (in order, without overlap) holds any of the request."""
    at = bisect_left(spans, one.start + 1, key=lambda span: span[1])
    return at < len(spans) and spans[at][0] < one.end


def _line(text: str, at: int) -> str:
    start = text.rfind("\n", 0, at) + 1
    return text[start : min(at + 12, start + _RULE_READ)]


def _merged(found: list[LengthRequest]) -> list[LengthRequest]:
    """Overlapping readings once, the longest; two limits of one length as one range."""
    out: list[LengthRequest] = []
    for one in found:
        last = out[-1] if out else None
        if last and one.start < last.end:
            if one.end - one.start > last.end - last.start:
                out[-1] = one
        elif last and _two_sided(last, one):
            low, high = last.low or one.low, last.high or one.high
            out[-1] = replace(last, relation="between", low=low, high=high, end=one.end)
        else:
            out.append(one)
    return out


def _two_sided(first: LengthRequest, second: LengthRequest) -> bool:
    same = (first.unit, first.scope) == (second.unit, second.scope) and second.start - first.end <= _NEAR
    if not same or {first.relation, second.relation} != {"at_least", "at_most"}:
        return False
    low, high = first.low or second.low, first.high or second.high
    return low is not None and high is not None and low < high


def _settled(found: list[LengthRequest]) -> list[LengthRequest]:
    """Two demands of one unit that no text can meet at once ("a) in five sentences, b) in two") are about parts."""
    limits: dict[str, list[tuple[float, float]]] = {}
    for one in found:
        if one.scope == "answer":
            limits.setdefault(one.unit, []).append((one.low or 0, one.high if one.high is not None else inf))
    torn = {unit for unit, ranges in limits.items() if max(low for low, _ in ranges) > min(high for _, high in ranges)}
    long = _long(found)
    return [
        replace(one, scope="part") if one.scope == "answer" and one.unit in torn else one
        for one in found
        if not (long and _passage(one))
    ]


def _passage(one: LengthRequest) -> bool:
    return (one.unit, one.relation, one.high) == ("paragraphs", "exact", 1)


def _long(found: list[LengthRequest]) -> bool:
    """With so many characters asked for, 一段 and "a paragraph" mean a passage."""
    return any(one.unit in FINE and one.scope == "answer" and (one.low or 0) >= _PASSAGE for one in found)
