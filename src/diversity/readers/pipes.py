"""What comes through a pipe, as a file: to see what a file is, its beginning is read more than once."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from diversity.errors import UsageError

STANDARD_INPUT = "-"


@contextmanager
def without_pipes(paths: Sequence[str | Path]) -> Iterator[list[str]]:
    """The paths, with a temporary file in place of `-` (standard input) and of each pipe; removed at the end.

    Raises UsageError where standard input is named twice.
    """
    if sum(str(path) in (STANDARD_INPUT, "/dev/stdin") for path in paths) > 1:
        raise UsageError("Standard input can be read only once: name `-` once.", "stdin_twice")
    with TemporaryDirectory(prefix="diversity-") as folder:
        yield [_as_file(str(path), Path(folder), place) for place, path in enumerate(paths, 1)]


def _as_file(path: str, folder: Path, place: int) -> str:
    if path == STANDARD_INPUT:
        return _written(sys.stdin.buffer, folder / "stdin")
    if not Path(path).is_fifo():
        return path
    with open(path, "rb") as pipe:
        return _written(pipe, folder / ("stdin" if path == "/dev/stdin" else f"pipe-{place}"))


def _written(source: BinaryIO, target: Path) -> str:
    with target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    return str(target)
