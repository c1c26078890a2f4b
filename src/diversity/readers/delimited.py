"""Rows of CSV and TSV text: delimiter and quoting by content, quoted line ends, fields of any size."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from diversity.readers.base import Item, Problem, Row

FIELD_LIMIT = 8 * 1024 * 1024
DELIMITERS = (",", "\t", ";", "|")
# Rows that a dialect is judged by, and how many of them may be broken: each of those may be read to the sample's end.
SAMPLED, BROKEN = 200, 20


class Dialect(NamedTuple):
    """How a table is written. `quoted` is False where a quotation mark is an ordinary character."""

    delimiter: str
    quoted: bool


def dialect_of(head: str, whole: bool, least: int = 2) -> Dialect | None:
    """The delimiter and quoting under which the first rows have most often the header's number of columns.

    Where most cells begin and end with a quotation mark, it quotes, if at least half of the rows can be read so. None
    when no delimiter gives `least` columns.
    """
    lines = list(io.StringIO(head, newline=""))
    best: tuple[float, int, Dialect] | None = None
    for quoted in (True, False):
        for delimiter in DELIMITERS:
            rows = _first_rows(lines, whole, Dialect(delimiter, quoted))
            agreeing, columns = _agreement(rows)
            if not quoted and best is not None and best[0] >= 0.5 and _mostly_quoted(rows):
                continue
            if columns >= least and (best is None or (agreeing, columns) > best[:2]):
                best = agreeing, columns, Dialect(delimiter, quoted)
    return best[2] if best else None


def _first_rows(lines: list[str], whole: bool, dialect: Dialect) -> list[list[str]]:
    """At most 200 rows; one that is broken has no cells, and the line behind its first begins the next row."""
    rows: list[list[str]] = []
    start = broken = 0
    while len(rows) < SAMPLED and broken < BROKEN:
        reader, done = _reader(islice(lines, start, None), dialect), 0
        try:
            for row in islice(reader, SAMPLED - len(rows)):
                done = reader.line_num
                if row:
                    rows.append(row)
            ended = start + done == len(lines)
            return rows if whole or not ended else rows[:-1]
        except csv.Error:
            # The last row of a sample need not be broken: it may only go on behind it.
            if not whole and start + reader.line_num == len(lines) and len(rows) > 1:
                return rows
            rows.append([])
            start, broken = start + done + 1, broken + 1
    return rows


def _agreement(rows: list[list[str]]) -> tuple[float, int]:
    """(share of the rows that have as many columns as the header, that number)."""
    columns = next((len(row) for row in rows if row), 0)
    if len(rows) < 2:
        return 0.0, columns
    return (sum(len(row) == columns for row in rows) - 1) / (len(rows) - 1), columns


def _mostly_quoted(rows: list[list[str]]) -> bool:
    """Whether most cells that are not empty, read as they stand, begin and end with a quotation mark."""
    cells = [cell.strip() for row in rows[1:] for cell in row if cell.strip()]
    return 2 * sum(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells) > len(cells)


def _reader(lines: Iterator[str], dialect: Dialect) -> Any:
    csv.field_size_limit(FIELD_LIMIT)
    if dialect.quoted:
        return csv.reader(lines, delimiter=dialect.delimiter, strict=True)
    return csv.reader(lines, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE, strict=True)


class _Lines:
    """Lines of UTF-8 chunks as text, line ends kept.

    Remembers those of the row being read, so that a broken row can be shown and read again from its second line.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._ready: list[str] = []
        self._tail = b""
        self.row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while not self._ready:
            chunk = next(self._chunks, b"")
            if not chunk and not self._tail:
                raise StopIteration
            parts = (self._tail + chunk).splitlines(keepends=True)
            self._tail = b"" if not chunk or parts[-1].endswith(b"\n") else parts.pop()
            self._ready = [part.decode("utf-8", "surrogateescape") for part in reversed(parts)]
        line = self._ready.pop()
        self.row.append(line)
        return line

    def back_to_second(self) -> None:
        """Gives back all lines of the row but its first."""
        self._ready.extend(reversed(self.row[1:]))
        self.row = []


def rows_of_table(chunks: Iterator[bytes], dialect: Dialect) -> Iterator[Item]:
    """Rows under the header's names, numbered by the line of the file they begin on.

    A row with another number of columns, or broken quoting, is set aside.
    """
    lines = _Lines(chunks)
    reader, line = _reader(lines, dialect), 1
    names: list[str] = []
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            first = lines.row[0]
            yield Problem(line, "broken_csv", str(error), first)
            lines.back_to_second()
            reader, line = _reader(lines, dialect), line + _line_ends(first)
            continue
        text, lines.row = "".join(lines.row), []
        if cells and not names:
            names = _names(cells)
        elif cells:
            yield _row(line, names, cells, text)
        line += _line_ends(text)


def _line_ends(row: str) -> int:
    """Lines that a row takes, as editors and `sed` count them: a lone carriage return is none but where it ends the
    row."""
    return row.count("\n") + row.endswith("\r")


def _names(cells: list[str]) -> list[str]:
    """The header's names, each once: an empty one is called by its place, a repeated one gets its place added."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = cell.strip() or f"column_{place}"
        names.append(f"{name}_{place}" if name in names else name)
    return names


def _row(line: int, names: list[str], cells: list[str], text: str) -> Item:
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError as error:
        return Problem(line, "undecodable", f"character {error.start + 1}", text.encode("utf-8", "surrogateescape"))
    if len(cells) != len(names):
        return Problem(line, "column_count", f"{len(cells)} instead of {len(names)}", encoded)
    return Row(line, dict(zip(names, cells, strict=True)), encoded)
