"""Lines of a prompt whose form says what they are: turns of a conversation, the heads of tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from diversity.features.request_words import ASK_LABEL, MATERIAL_LABEL, OPENING

_SPEAKER = re.compile(r"\s*([^\W\d_][^:：\n,，。.?？!！]{0,14}?)\s*[:：](?=.)", re.DOTALL)
_SPEAKER_THAT_ASKS = re.compile("用户|user", re.IGNORECASE)
_DELIMITERS = (",", "，", "|", "\t", ";")
_NUMBER = re.compile(r"\W*\d[\d.,:%]*\s*\w{0,2}")
_RULE = re.compile(r"[\s|:+=\-]+")
TURNS = 3
ROWS, CELLS, CELL_CHARS = 2, 3, 24


def spoken(lines: Sequence[str]) -> list[bool]:
    """Which lines are turns of a conversation that is told: at least three, of at least two speakers, one of whom
    speaks again. Labels of questions and of material are no speakers."""
    names = [_speaker(line) for line in lines]
    turns = Counter(name for name in names if name)
    if len(turns) < 2 or sum(turns.values()) < TURNS or max(turns.values()) < 2:
        return [False] * len(lines)
    return [bool(name) for name in names]


def _speaker(line: str) -> str:
    found = _SPEAKER.match(line)
    if found is None or MATERIAL_LABEL.match(line) or OPENING.match(line):
        return ""
    name = found.group(1)
    return name if not ASK_LABEL.match(line) or _SPEAKER_THAT_ASKS.match(name) else ""


def table_heads(lines: Sequence[str]) -> list[bool]:
    """Which lines name the columns of a table: three cells or more, followed by two lines of at least as many; set off
    from them by a rule, or without a cell that is a number where those have some."""
    out = [False] * len(lines)
    within = ""
    for i, line in enumerate(lines):
        mark = _delimiter(line)
        if mark and mark != within:
            ruled = i + 1 < len(lines) and _is_rule(lines[i + 1])
            rows = lines[i + 1 + ruled :][:ROWS]
            same = len(rows) == ROWS and all(row.count(mark) >= line.count(mark) for row in rows)
            out[i] = same and (ruled or (not _numbers(line, mark) and all(_numbers(row, mark) for row in rows)))
        within = mark
    return out


def _numbers(line: str, mark: str) -> bool:
    return any(_NUMBER.fullmatch(cell) for cell in line.split(mark))


def _is_rule(line: str) -> bool:
    return "-" in line and _RULE.fullmatch(line) is not None


def _delimiter(line: str) -> str:
    """What stands between the cells of a line of at least CELLS short ones; empty where it has none."""
    counts = [line.count(mark) for mark in _DELIMITERS]
    most = max(counts)
    if most < CELLS - 1 or len(line) > CELL_CHARS * (most + 1) or line[-1] in "。.!?！？":
        return ""
    return _DELIMITERS[counts.index(most)]
