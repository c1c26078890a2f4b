"""Marking the segments of a prompt that ask."""

from __future__ import annotations

from dataclasses import dataclass, replace

from diversity.features.request_words import (
    AHEAD,
    ANSWER_RULE,
    ASK_LABEL,
    ASKING_WORD,
    BARE_POINTER,
    FIRM_OPENING,
    HEAD_OPENING,
    MATERIAL_LABEL,
    OPENING,
    QUESTION_AHEAD,
    QUESTION_MARK,
    RULES_AHEAD,
    TAIL_REQUEST,
)

LONGEST, MUCH_LONGER = 400, 4


@dataclass(frozen=True, slots=True)
class LayoutSettings:
    """What still counts as a request.

    `line_segments`, `line_chars`: a longer line is material even if it opens or ends with a question (a request is
    rarely more than four sentences; passages mostly are). `edge_lines`: how many lines from either end are looked at.
    `short_share`: a line without any other sign is the request only when it holds less than this share of the prompt;
    `apart_share`: so does the first line that an empty one sets off.
    """

    line_segments: int = 4
    line_chars: int = 400
    edge_lines: int = 8
    short_share: float = 0.3
    apart_share: float = 0.5


DEFAULT_LAYOUT = LayoutSettings()


@dataclass(frozen=True, slots=True)
class Parts:
    """A prompt's segments as text, their numbers line by line, which of them are bare labels, which lines are turns of
    a conversation that is told, and whether an empty line sets the first line off."""

    pieces: list[str]
    lines: list[range]
    bare: list[bool]
    told: list[bool]
    apart: bool


def mark_requests(parts: Parts, settings: LayoutSettings) -> list[bool]:
    """One flag a segment: whether it asks."""
    request = [False] * len(parts.pieces)
    _mark_labelled(parts, request)
    head = _mark_head(parts, request, settings)
    tail = _mark_tail(parts, request, settings, soft=not head)
    if not head and not tail and not any(request):
        _mark_short_line(parts, request, settings)
    if any(parts.told) and not any(request):
        return mark_requests(replace(parts, told=[False] * len(parts.lines)), settings)
    return request


def points_ahead(piece: str) -> bool:
    """Whether a sentence asks about what comes after it."""
    if not AHEAD.search(piece) or RULES_AHEAD.search(piece):
        return False
    if QUESTION_MARK.search(piece):
        return True
    return HEAD_OPENING.match(piece) is not None and not BARE_POINTER.match(piece)


def _mark_labelled(parts: Parts, request: list[bool]) -> None:
    """Mark what follows a question label, to the end of its line. Many such labels are worked examples: then only the
    last one asks."""
    pieces, lines, bare = parts.pieces, parts.lines, parts.bare
    marked: list[list[int]] = []
    for number, line in enumerate(lines):
        for i in line if not parts.told[number] else ():
            if not ASK_LABEL.match(pieces[i]):
                continue
            follows = lines[number + 1] if bare[i] and i == line[-1] and number + 1 < len(lines) else range(0)
            if not (follows and MATERIAL_LABEL.match(pieces[follows[0]])):
                marked.append([j for j in (*range(i, line.stop), *follows) if not bare[j]])
            else:
                marked.append([])
            break
    for group in marked[-1:] if len(marked) > 2 else marked:
        for j in group:
            request[j] = True


def _mark_head(parts: Parts, request: list[bool], settings: LayoutSettings) -> bool:
    """Mark the run of asking lines at the head; on a line shared with the material, the asking sentences before it."""
    pieces, bare, found = parts.pieces, parts.bare, False
    for number, line in enumerate(parts.lines[: settings.edge_lines]):
        if all(bare[i] or request[i] for i in line):
            found = found or any(request[i] for i in line)
            continue
        if parts.told[number] or _is_labelled_material(pieces[line[0]]):
            return found
        last = all(bare[i] for i in range(line.stop, len(pieces)))
        if not found and _shares_line(pieces, line, last=last):
            return _mark_leading(pieces, line, request)
        if not _is_all_there_is(parts, line, request) and _asks_as_line(pieces, line, settings, head=not found):
            for i in line:
                request[i] = not bare[i]
            found = True
            continue
        return found or _mark_leading(pieces, line, request)
    return found


def _mark_tail(parts: Parts, request: list[bool], settings: LayoutSettings, *, soft: bool) -> bool:
    """As `_mark_head`, from the end. `soft`: nothing at the head asks, so weaker signs do."""
    pieces, bare, found = parts.pieces, parts.bare, False
    asked = any(request)
    for number in range(len(parts.lines) - 1, max(-1, len(parts.lines) - 1 - settings.edge_lines), -1):
        line = parts.lines[number]
        if all(bare[i] or request[i] for i in line):
            found = found or any(request[i] for i in line)
            continue
        if parts.told[number] or _is_labelled_material(pieces[line[0]]):
            return found
        if _is_all_there_is(parts, line, request):
            return found or _turn_to_last(parts, line, request)
        if _asks_as_line(pieces, line, settings, head=False):
            for i in line:
                request[i] = not bare[i]
            found = True
            continue
        return found or (not asked and _mark_trailing(pieces, line, request, soft=soft))
    return found


def _is_labelled_material(piece: str) -> bool:
    return MATERIAL_LABEL.match(piece) is not None and not OPENING.match(piece)


def _shares_line(pieces: list[str], line: range, *, last: bool) -> bool:
    """Whether the line begins with a request and goes on with its material: after a colon, or as nothing else
    follows."""
    first = pieces[line[0]]
    return len(line) > 1 and points_ahead(first) and (last or (first[-1] in ":：" and not QUESTION_AHEAD.search(first)))


def _is_all_there_is(parts: Parts, line: range, request: list[bool]) -> bool:
    """Whether the line is the only material that is left for a request that needs some."""
    needs = request[0] and (parts.apart or points_ahead(parts.pieces[0]))
    return needs and all(parts.bare[i] or request[i] or i in line for i in range(len(request)))


def _turn_to_last(parts: Parts, line: range, request: list[bool]) -> bool:
    """A passage that begins like a request does not ask where a short question follows it."""
    pieces = parts.pieces
    rest = [i for i in range(len(pieces)) if i not in line]
    short = sum(len(pieces[i]) for i in rest) > MUCH_LONGER * sum(len(pieces[i]) for i in line)
    weak = not (FIRM_OPENING.match(pieces[0]) or QUESTION_MARK.search(pieces[0]) or pieces[0][-1] in ":：")
    if not (short and weak and len(line) == 1 and QUESTION_MARK.search(pieces[line[0]])):
        return False
    for i in range(len(request)):
        request[i] = i in line
    return True


def _asks_as_line(pieces: list[str], numbers: range, settings: LayoutSettings, *, head: bool) -> bool:
    line = [pieces[i] for i in numbers]
    if len(line) > settings.line_segments or sum(map(len, line)) > settings.line_chars:
        return False
    if (
        any(QUESTION_MARK.search(piece) for piece in (line[0], line[-1]))
        or (HEAD_OPENING if head else OPENING).match(line[0])
        or FIRM_OPENING.match(line[-1])
    ):
        return True
    return len(line) == 1 and len(line[0]) < 80 and ASKING_WORD.search(line[0]) is not None


def _mark_leading(pieces: list[str], line: range, request: list[bool]) -> bool:
    """Mark the asking sentences that the line begins with; after a colon only the question that it announces."""
    announced = pointed = False
    for i in line:
        piece = pieces[i]
        ahead = points_ahead(piece)
        asks = QUESTION_MARK.search(piece) or FIRM_OPENING.match(piece) or ASK_LABEL.match(piece)
        if not (asks or announced or ahead or (pointed and ANSWER_RULE.match(piece))) or len(piece) > LONGEST:
            break
        request[i] = True
        if piece[-1] in ":：" and not QUESTION_AHEAD.search(piece):
            break
        announced = piece[-1] in ":："
        pointed = pointed or ahead
    return request[line[0]]


def _mark_trailing(pieces: list[str], line: range, request: list[bool], *, soft: bool) -> bool:
    found = False
    for i in reversed(line):
        asks = QUESTION_MARK.search(pieces[i]) or FIRM_OPENING.match(pieces[i]) or ASK_LABEL.match(pieces[i])
        if not (asks or (soft and TAIL_REQUEST.match(pieces[i]))) or len(pieces[i]) > LONGEST:
            break
        request[i] = found = True
    return found


def _mark_short_line(parts: Parts, request: list[bool], settings: LayoutSettings) -> None:
    pieces, lines = parts.pieces, parts.lines
    if len(lines) < 2:
        return
    sizes = [sum(len(pieces[i]) for i in line) for line in lines]
    limits = (settings.apart_share if parts.apart else settings.short_share, settings.short_share)
    edges = [
        k
        for k, limit in zip((0, len(lines) - 1), limits, strict=True)
        if sizes[k] < limit * sum(sizes) and len(lines[k]) <= settings.line_segments and not parts.told[k]
    ]
    if parts.apart and 0 in edges:
        edges = [0]
    if edges:
        for i in lines[min(edges, key=lambda k: (pieces[lines[k][-1]][-1] in ".。!！;；", k))]:
            request[i] = True
