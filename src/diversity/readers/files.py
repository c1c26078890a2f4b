"""One input file: what it is, and its rows."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

import pyarrow as pa

from diversity.errors import InputError
from diversity.readers.base import Item, Problem
from diversity.readers.columnar import columnar_format, record_batches, rows_of_batches, unpacked
from diversity.readers.delimited import Dialect, dialect_of, rows_of_table
from diversity.readers.detect import json_layout
from diversity.readers.encoding import Utf8
from diversity.readers.json_rows import JsonRows, rows_of_lines
from diversity.readers.stream import ByteStream

HEAD = 1024 * 1024
FOREIGN = {
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
    b"SQLite": "SQLite",
    b"%PDF": "PDF",
}


class InputData:
    """A file recognised by its content.

    `format` is json, jsonl, csv, tsv, parquet or arrow, `numbered` what the number of a row counts, `encoding` the
    text's (settled once the first character above ASCII was read), `compression` gzip or None, `size` and `position`
    bytes on disk.

    Raises InputError when the file is empty or of a kind that is not read; the message names it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._stream = ByteStream(path)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read ({error.strerror}).", "unreadable", path=str(path), reason=error.strerror or ""
            ) from error
        self._text = Utf8(self._stream.chunks())
        head = next(self._stream.chunks(), b"")
        if self._stream.size == 0 or (not head and self._stream.cut is None):
            raise InputError(f"{path}: the file is empty.", "empty_file", path=str(path))
        self.format = columnar_format(head) or self._text_format(head)

    @property
    def numbered(self) -> Literal["line", "row"]:
        return "line" if self.format in ("jsonl", "csv", "tsv") else "row"

    @property
    def compression(self) -> str | None:
        return self._stream.compression

    @property
    def size(self) -> int:
        return self._stream.size

    @property
    def position(self) -> int:
        return self._stream.position

    @property
    def encoding(self) -> str:
        return self._text.name

    def rows(self) -> Iterator[Item]:
        """The rows from the first one on; a damaged end is a `Problem`, not an exception. To be called once."""
        if self.format in ("parquet", "arrow"):
            yield from self._columnar()
            return
        last = 0
        for item in self._rows:
            last = item.line
            yield item
        if self._stream.cut is not None:
            yield Problem(last + 1, "truncated_file", self._stream.cut, b"", False)

    def _columnar(self) -> Iterator[Item]:
        last = 0
        try:
            with unpacked(self.path, self.compression is not None) as path:
                for item in rows_of_batches(record_batches(path, self.format)):
                    last = item.line
                    yield item
        except (pa.ArrowException, EOFError, OSError, zlib.error) as error:
            yield Problem(last + 1, "unreadable_file", next(iter(str(error).splitlines()), type(error).__name__), b"")
        self._stream.position = self.size

    def _text_format(self, head: bytes) -> str:
        foreign = next((name for magic, name in FOREIGN.items() if head.startswith(magic)), None)
        if foreign:
            raise InputError(
                f"{self.path}: {foreign} files are not read. "
                "Unpack or convert it to JSON, JSONL, CSV, TSV or Parquet (gzip is fine).",
                "foreign_format",
                path=str(self.path),
                format=foreign,
            )
        chunks = iter(self._text)
        first, ended = _gather(chunks)
        layout = json_layout(first, ended)
        chunks = chain([first], chunks)
        if layout is not None:
            self._rows: Iterator[Item] = (
                rows_of_lines(chunks) if layout.by_line else iter(JsonRows(chunks, layout.in_lists))
            )
            return "jsonl" if layout.by_line or not (first.lstrip()[:1] == b"[" or layout.in_lists) else "json"
        dialect = None if b"\0" in first[:4096] else self._dialect(first.decode("utf-8", "surrogateescape"), ended)
        if dialect is None:
            begins = ascii(first[:40])[1:]
            raise InputError(
                f"{self.path}: neither JSON, JSONL, CSV, TSV nor Parquet. It begins with {begins}.",
                "unknown_format",
                path=str(self.path),
                begins=begins,
            )
        self._rows = rows_of_table(chunks, dialect)
        return "tsv" if dialect.delimiter == "\t" else "csv"

    def _dialect(self, head: str, ended: bool) -> Dialect | None:
        """A table of one column looks like any text: the file's name must say that it is one."""
        named = any(suffix.lower() in (".csv", ".tsv", ".tab") for suffix in self.path.suffixes[-2:])
        return dialect_of(head, ended) or (dialect_of(head, ended, least=1) if named else None)


def _gather(chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    """(about the first MiB of the text, whether that is all of it)."""
    parts: list[bytes] = []
    size = 0
    while size < HEAD:
        chunk = next(chunks, b"")
        if not chunk:
            return b"".join(parts), True
        parts.append(chunk)
        size += len(chunk)
    return b"".join(parts), False
