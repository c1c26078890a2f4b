"""Which segments of a prompt ask, and which are the material they ask about.

The request is looked for at the edges of the prompt, where people put it: whole lines first, then single sentences on
a line shared with the material. Evidence, strongest first: a label (`Question:`, `问题：`), a question mark, an
opening that asks (imperatives, question words), and, when a prompt has several lines and none of these, a short line
beside much longer ones. Turns of a conversation that is told ask nothing, unless nothing else does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diversity.features.prompt_shape import spoken, table_heads
from diversity.features.request_marks import DEFAULT_LAYOUT, LayoutSettings, Parts, mark_requests, points_ahead
from diversity.features.request_words import (
    ANSWER_LABEL,
    ANSWERS,
    ASK_LABEL,
    MARKUP,
    MATERIAL_LABEL,
    QUESTION_MARK,
    WHOLE_OPENING,
    WHOLE_QUESTION,
    WHOLE_WORDS,
)
from diversity.text.segmentation import Span

_COLON = re.compile(r"[:：](?=\s*\S)")
# A request that ends in a colon is rarely longer.
HEAD_CHARS = 160


@dataclass(frozen=True, slots=True)
class Layout:
    """Roles of the segments of one prompt.

    `request`: one flag a segment, true where it asks. `material`: true where it may hold key information (neither
    asks nor is a bare label). `position`: where the request stands: `before`, `after`, `around` or `inside` the
    material, `only` when there is no material, `none` when nothing asks.
    """

    request: list[bool]
    material: list[bool]
    position: str


def read_layout(text: str, spans: Sequence[Span], settings: LayoutSettings = DEFAULT_LAYOUT) -> Layout:
    """Tell request from material in a prompt cut into `spans` (as `segmentation.segment` gives them)."""
    pieces = [text[start:end] for start, end in spans]
    lines = _lines(text, spans)
    whole = [text[spans[line[0]][0] : spans[line[-1]][1]] for line in lines]
    bare = [_is_bare_label(piece) for piece in pieces]
    for line, heads in zip(lines, table_heads(whole), strict=True):
        bare[line[0]] |= heads and len(line) == 1
    request = [False] * len(pieces)
    if len(pieces) > 1:
        apart = len(lines) > 1 and text[spans[lines[0][-1]][1] : spans[lines[1][0]][0]].count("\n") > 1
        request = mark_requests(Parts(pieces, lines, bare, spoken(whole), apart), settings)
    material = [not (asks or label) for asks, label in zip(request, bare, strict=True)]
    if not any(material) or len(material) == 1:
        return Layout([True] * len(pieces), [True] * len(pieces), "only")
    return Layout(request, material, _position(request, material))


def part_request(text: str, spans: Sequence[Span]) -> list[Span]:
    """Part the first sentence at its colon, where what stands before it asks about what comes after."""
    if not spans:
        return []
    start, end = spans[0]
    colon = _COLON.search(text, start, min(end, start + HEAD_CHARS))
    if colon is None or colon.end() >= end or not points_ahead(text[start : colon.end()]):
        return list(spans)
    left = colon.end()
    while text[left].isspace():
        left += 1
    return [(start, colon.end()), (left, end), *spans[1:]]


def asks_about_all(request: str) -> bool:
    """Whether a sentence asks for what rests on all of the material: a summary, a translation, a title, a class."""
    if QUESTION_MARK.search(request) or ANSWERS.search(request):
        return WHOLE_QUESTION.search(request) is not None
    return (WHOLE_OPENING.match(request) or WHOLE_WORDS.search(request)) is not None


def _lines(text: str, spans: Sequence[Span]) -> list[range]:
    """Group segment numbers by line."""
    out: list[range] = []
    first = 0
    for i in range(1, len(spans) + 1):
        if i == len(spans) or "\n" in text[spans[i - 1][1] : spans[i][0]]:
            out.append(range(first, i))
            first = i
    return out


def _is_bare_label(piece: str) -> bool:
    if len(piece) > 40:
        return False
    if ANSWER_LABEL.fullmatch(piece) or MARKUP.fullmatch(piece):
        return True
    return any(
        found is not None and found.end() == len(piece)
        for found in (ASK_LABEL.match(piece), MATERIAL_LABEL.match(piece))
    )


def _position(request: list[bool], material: list[bool]) -> str:
    asks = [i for i, flag in enumerate(request) if flag]
    holds = [i for i, flag in enumerate(material) if flag]
    if not asks:
        return "none"
    before, after = asks[0] < holds[0], asks[-1] > holds[-1]
    if before and after:
        return "around"
    if before or after:
        return "before" if before else "after"
    return "inside"
