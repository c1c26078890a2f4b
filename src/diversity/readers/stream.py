"""A file's bytes, unpacked if they are gzipped, in chunks; and how far the reading has come."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

CHUNK = 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"


class ByteStream:
    """Chunks of a file's content. `compression` is gzip or None, by the file's first bytes; `size` and `position`
    count bytes on disk.

    `cut` says why the content ended early (a damaged or truncated archive), None when it did not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.position = 0
        self.cut: str | None = None
        with path.open("rb") as file:
            self.compression = "gzip" if file.read(2) == GZIP_MAGIC else None

    def chunks(self) -> Iterator[bytes]:
        """The content from its start, at most 1 MiB at a time."""
        with self.path.open("rb") as file:
            content = gzip.GzipFile(fileobj=file) if self.compression else file
            try:
                while chunk := content.read1(CHUNK):
                    self.position = file.tell()
                    yield chunk
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                self.cut = str(error)
            self.position = self.size
