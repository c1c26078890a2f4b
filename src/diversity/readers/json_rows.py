"""Rows of JSON text.

One object a line, an array of objects, objects one after another, or an object that holds such a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from diversity.readers.base import MAX_ROW, RAW_LIMIT, Item, Problem, Reason, Row
from diversity.readers.detect import CONTAINERS
from diversity.readers.json_scan import Window, balanced_end
from diversity.readers.parse import parse_row

_KEY = re.compile(rb'\{\s*+("(?:[^"\\\x00-\x1f]|\\.)*+")\s*+:')
_ROWS = re.compile(rb'\[\s*+(?:\{|\])|\{\s*+"')
_CLOSING = re.compile(rb"\](?:\s*+\})?\s*+\Z")
_SPLITS = frozenset(f'"{name}"'.encode() for name in CONTAINERS)
_ANY: frozenset[str] = frozenset()
_KEPT = RAW_LIMIT * 4


def rows_of_lines(chunks: Iterator[bytes]) -> Iterator[Item]:
    """One JSON value a line. Blank lines are passed over; a last line that breaks off is `truncated_file`."""
    number, tail = 0, b""
    for chunk in chunks:
        *lines, tail = (tail + chunk).split(b"\n")
        yield from _of_lines(lines, number)
        number += len(lines)
        if len(tail) > MAX_ROW:
            yield _too_large(number + 1, tail)
            tail = _rest_after_line(chunks)
            number += 1
    # Behind a row that was too large the rest may be several lines.
    *lines, tail = tail.split(b"\n")
    yield from _of_lines(lines, number)
    for item in _of_lines([tail], number + len(lines)):
        yield item._replace(reason="truncated_file") if isinstance(item, Problem) and _is_cut(item, tail) else item


def _of_lines(lines: list[bytes], before: int) -> Iterator[Item]:
    for number, line in enumerate(lines, before + 1):
        if line and not line.isspace():
            yield parse_row(number, line) if len(line) <= MAX_ROW else _too_large(number, line)


def _is_cut(problem: Problem, text: bytes) -> bool:
    """Whether a row is broken only in that it ends too early, be it in the middle of a character."""
    start = len(text) - len(text.lstrip())
    return problem.reason in ("broken_json", "undecodable") and balanced_end(text, start) == 0


def _too_large(number: int, text: bytes) -> Problem:
    return Problem(number, "row_too_large", f"> {MAX_ROW >> 20} MiB", text[:_KEPT])


def _rest_after_line(chunks: Iterator[bytes]) -> bytes:
    for chunk in chunks:
        _, found, rest = chunk.partition(b"\n")
        if found:
            return rest
    return b""


class JsonRows:
    """Rows of an array, of objects one after another (also pretty-printed), or, with `in_lists`, of all lists of
    objects that one object holds, whatever they are called.

    Rows in a list are numbered from 1, other objects by the line they begin on. A row that is broken is set aside
    whole; reading goes on at the next object that begins with the same key as a row before, closes properly and
    shares at least half of its keys.
    """

    def __init__(self, chunks: Iterator[bytes], in_lists: bool = False) -> None:
        self._window = Window(chunks)
        self._in_lists = in_lists
        self._number = 0
        self._shapes: dict[str, frozenset[str]] = {}
        self._largest = 0
        self._told: set[Reason] = set()
        self._at_row = self._in_list = self._after_list = False

    def __iter__(self) -> Iterator[Item]:
        window = self._window
        while (byte := window.peek()) is not None:
            if byte == ord("["):
                window.start += 1
                yield from self._array()
            elif byte == ord("{") and self._in_lists:
                yield from self._container()
            elif byte == ord(","):
                window.start += 1
            elif byte != ord("{") and self._after_list:
                yield self._stray()
            else:
                yield self._value(window.line)

    def _array(self) -> Iterator[Item]:
        window, comma, first, self._in_list = self._window, False, True, True
        while (byte := window.peek()) is not None and byte != ord("]"):
            number = self._number
            if comma or first:
                yield from self._flat_rows()
            if self._number > number:
                comma, first = True, False
                continue
            if byte == ord(","):
                if comma or first:
                    yield from self._once("broken_json", b",,")
                comma = True
                window.start += 1
                continue
            if not comma and not first and byte == ord("{"):
                yield from self._once("missing_comma", b"")
            self._number += 1
            self._at_row = False
            yield self._value(self._number)
            comma, first = self._at_row, False
        if byte is None:
            yield from self._once("truncated_file", b"")
        elif comma:
            yield from self._once("trailing_comma", b",")
        window.start += byte is not None
        self._in_list, self._after_list = False, True

    def _flat_rows(self) -> Iterator[Row]:
        """Rows without nesting, as long as they follow each other in good order."""
        window = self._window
        while True:
            before = window.start
            text = window.flat_row()
            item = None if text is None else parse_row(self._number + 1, text)
            if text is None or not isinstance(item, Row):
                window.start = before
                return
            self._number += 1
            self._learn(item.value, len(text))
            yield item

    def _container(self) -> Iterator[Item]:
        """The object whose lists hold the rows: its other fields are stepped over."""
        window = self._window
        window.start += 1
        while (byte := window.peek()) is not None and byte != ord("}"):
            if byte == ord(","):
                window.start += 1
                continue
            name = window.scalar() if byte == ord('"') else None
            if name is None or window.peek() != ord(":"):
                yield self._broken(window.line, "truncated_file" if window.is_cut() else "broken_json")
                return
            window.start += 1
            if window.peek() == ord("[") and (name in _SPLITS or window.holds_objects()):
                window.start += 1
                yield from self._array()
            elif not window.step_over():
                yield self._broken(window.line, "truncated_file" if window.is_cut() else "broken_json")
                return
        if byte is None:
            yield from self._once("truncated_file", b"")
        window.start += byte is not None

    def _stray(self) -> Problem:
        """What stands behind a list and is no row, up to the next row or list: one fault, however many words it has."""
        window, line, kept = self._window, self._window.line, b""
        while (match := _ROWS.search(window.data, window.start)) is None:
            kept = (kept + window.take(max(window.start, len(window.data) - _KEPT)))[:_KEPT]
            if not window.more():
                break
        kept += window.take(match.start() if match else len(window.data))
        return Problem(self._number + 1, "broken_json", f"line {line} of the file", kept[:_KEPT].rstrip(), False)

    def _once(self, reason: Reason, text: bytes) -> Iterator[Problem]:
        """A fault between rows: it costs no row, and is told once a file."""
        if reason not in self._told:
            self._told.add(reason)
            yield Problem(self._number + 1, reason, f"line {self._window.line} of the file", text, False)

    def _value(self, number: int) -> Item:
        window = self._window
        if window.data[window.start] not in b"{[":
            text = window.scalar()
            return self._broken(number, "broken_json") if text is None else self._parsed(number, text)
        end = window.value_end()
        if not end:
            return self._broken(number, "broken_json" if end is None else "truncated_file")
        item = parse_row(number, window.data[window.start : end])
        if isinstance(item, Problem) and item.reason == "broken_json":
            return self._broken(number, "broken_json")
        if isinstance(item, Row):
            self._learn(item.value, end - window.start)
        window.start = end
        return item

    def _parsed(self, number: int, text: bytes) -> Item:
        item = parse_row(number, text)
        broken = isinstance(item, Problem) and item.reason == "broken_json"
        return Problem(number, "broken_json", _said(text, self._window.line), text) if broken else item

    def _learn(self, row: dict[str, object], size: int) -> None:
        self._largest = max(self._largest, size)
        key = next(iter(row), "")
        if key not in self._shapes and len(self._shapes) < 64:
            self._shapes[key] = frozenset(row)

    def _broken(self, number: int, reason: Reason) -> Problem:
        """Sets aside the text from here to the next row that is whole, or to the end of the file."""
        window, line, kept, skip = self._window, self._window.line, b"", 1
        reach = 4 * self._largest + 65_536
        while True:
            found = self._next_row(window.start + skip, reach)
            end = found if found is not None else max(window.start, len(window.data) - reach)
            skip = 0 if end > window.start else skip
            kept += window.take(end)[:_KEPT]
            if found is not None or not window.more():
                break
            kept = kept[:_KEPT]
        if found is None:
            closing = _CLOSING.search(window.data, window.start) if self._in_list else None
            kept += window.take(closing.start() if closing else len(window.data))[:_KEPT]
            self._told.add("truncated_file")
        self._at_row = found is not None
        reason = "broken_json" if self._at_row else reason
        return Problem(number, reason, _said(kept, line), kept[:_KEPT].rstrip(b" \t\r\n,"))

    def _next_row(self, start: int, reach: int) -> int | None:
        """The position of the first whole row from `start` on, at most `reach` bytes long.

        None when there is none in the window.
        """
        data = self._window.data
        for match in _KEY.finditer(data, start):
            known = self._shapes.get(_text(match[1])) if self._shapes else _ANY
            end = balanced_end(data, match.start()) if known is not None else None
            if known is None or not end or end - match.start() > reach:
                continue
            item = parse_row(0, data[match.start() : end])
            if isinstance(item, Row) and 2 * len(known & item.value.keys()) >= len(known):
                return match.start()
        return None


def _text(quoted: bytes) -> str:
    """What a quoted key says; the quoted key itself when it is no valid text, which no row's key is equal to."""
    try:
        return str(orjson.loads(quoted))
    except orjson.JSONDecodeError:
        return ascii(quoted)


def _said(text: bytes, line: int) -> str:
    item = parse_row(0, text)
    found = item.detail if isinstance(item, Problem) else "not closed"
    return f"line {line} of the file: {found}"
