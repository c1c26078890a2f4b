"""Finds where values begin and end in a stream of JSON text, without parsing them and without holding more than one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diversity.readers.base import MAX_ROW

# Outside of strings JSON knows only these: anything else (say Chinese text after a quote that should have been
# escaped) is a break, seen at once.
_OUTSIDE = rb"[ \t\r\n,:+\-.0-9A-Za-z]*+"
_STRING = rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
_STEP = re.compile(_OUTSIDE + rb"(?:" + _STRING + _OUTSIDE + rb")*+[{}\[\]]", re.S)
_UNFINISHED = re.compile(
    _OUTSIDE + rb"(?:" + _STRING + _OUTSIDE + rb")*+" + rb'(?:"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+\\?)?\Z', re.S
)
_SCALAR = re.compile(_STRING + rb"|[^\s,\]\[{}\"]++", re.S)
_FLAT_ROW = re.compile(rb"[ \t\r\n]*+(\{" + _OUTSIDE + rb"(?:" + _STRING + _OUTSIDE + rb")*+\})[ \t\r\n]*+,", re.S)
_LIST = re.compile(rb"\[[ \t\r\n]*+")
_BLANK = re.compile(rb"[ \t\r\n]*+")
_OPENING = frozenset(b"{[")


class Window:
    """A moving window over UTF-8 chunks: `data` from `start` on is not consumed yet."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.data = b""
        self.start = 0
        self.ended = False
        self._line, self._counted = 1, 0

    @property
    def line(self) -> int:
        """The line of the text, from 1, that `start` is on."""
        self._line += self.data.count(b"\n", self._counted, self.start)
        self._counted = self.start
        return self._line

    def more(self) -> bool:
        """Reads on, at least doubling what is not consumed; False at the end of the text."""
        self._line, self._counted = self.line, 0
        rest = self.data[self.start :]
        parts, size, wanted = [rest], 0, max(len(rest), 1)
        while size < wanted and (chunk := next(self._chunks, b"")):
            parts.append(chunk)
            size += len(chunk)
        self.data, self.start = b"".join(parts), 0
        self.ended = size == 0
        return not self.ended

    def peek(self) -> int | None:
        """The next byte that is not blank, None at the end of the text."""
        while True:
            match = _BLANK.match(self.data, self.start)
            self.start = match.end() if match else self.start
            if self.start < len(self.data):
                return self.data[self.start]
            if not self.more():
                return None

    def flat_row(self) -> bytes | None:
        """The object at `start` when it holds no other object or list and a comma follows.

        Both are consumed. The common case in one step.
        """
        match = _FLAT_ROW.match(self.data, self.start)
        if match is None:
            return None
        self.start = match.end()
        return match[1]

    def take(self, end: int) -> bytes:
        """The text from `start` to `end`, which is consumed."""
        text = self.data[self.start : end]
        self.start = end
        return text

    def scalar(self) -> bytes | None:
        """The string, number or word at `start`, consumed; None when there is none."""
        while (match := _SCALAR.match(self.data, self.start)) is None or match.end() == len(self.data):
            if len(self.data) - self.start > MAX_ROW or not self.more():
                break
        return self.take(match.end()) if match else None

    def value_end(self) -> int | None:
        """Where the object or list at `start` ends; 0 when the text ends before, None when it is broken or too long."""
        while True:
            end = balanced_end(self.data, self.start)
            if end is None or end > 0:
                return end
            if len(self.data) - self.start > MAX_ROW:
                return None
            if not self.more():
                return 0

    def holds_objects(self) -> bool:
        """Whether the list at `start` begins with an object; nothing is consumed."""
        while (match := _LIST.match(self.data, self.start)) is None or match.end() == len(self.data):
            if not self.more():
                return False
        return self.data[match.end()] == ord("{")

    def is_cut(self) -> bool:
        """Whether what stands at `start` is whole as far as it goes, and the text ends in it."""
        return self.ended and balanced_end(self.data, self.start) == 0

    def step_over(self) -> bool:
        """Consumes the value at `start`, whatever it is; False when it is broken or unfinished."""
        if self.peek() not in (ord("{"), ord("[")):
            return self.scalar() is not None
        end = self.value_end()
        self.start = end or self.start
        return bool(end)


def balanced_end(data: bytes, start: int) -> int | None:
    """The position behind the object or list that begins at `start`.

    0 when it goes on behind `data`, None when it is broken.
    """
    depth, position = 0, start
    while True:
        match = _STEP.match(data, position)
        if match is None:
            return 0 if _UNFINISHED.match(data, position) else None
        position = match.end()
        depth += 1 if data[position - 1] in _OPENING else -1
        if depth == 0:
            return position
