"""Files, a data frame or an iterable of dicts: all the same to what comes after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol

from diversity.errors import InputError
from diversity.readers import InputData, Item, Problem, Row, files_of
from diversity.readers.parse import kind_of
from diversity.report import InputFile
from diversity.text.names import valid_name

RECORDS = "<records>"
# The folder of a store that holds what readers dropped into the browser.
UPLOADS = ".uploads"
PathLike = str | Path
Source = PathLike | Sequence[PathLike] | Iterable[Mapping[str, Any]] | Any


class Input(Protocol):
    """One file, or what stands for it."""

    format: str

    @property
    def numbered(self) -> Literal["line", "row"]: ...
    @property
    def compression(self) -> str | None: ...
    @property
    def encoding(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def position(self) -> int: ...
    def rows(self) -> Iterator[Item]: ...


class GivenRows:
    """Rows from Python.

    Dicts, or the rows of a pandas DataFrame. `size` and `position` count rows; `size` is 0 when it is not known.
    """

    format = "records"
    numbered: Literal["line", "row"] = "row"
    compression = None
    encoding = "utf-8"

    def __init__(self, rows: Any) -> None:
        self.size = _length(rows) or 0
        self.position = 0
        self._rows: Iterable[Any] = _frame_rows(rows) if hasattr(rows, "itertuples") else rows

    def rows(self) -> Iterator[Item]:
        for row in self._rows:
            self.position += 1
            if isinstance(row, Mapping):
                yield Row(self.position, row, None)
            else:
                yield Problem(self.position, "not_an_object", kind_of(row), repr(row))


def _frame_rows(frame: Any) -> Iterator[dict[str, Any]]:
    names = [str(name) for name in frame.columns]
    for values in frame.itertuples(index=False, name=None):
        yield dict(zip(names, map(_plain, values), strict=True))


def _plain(value: Any) -> Any:
    """A cell as Python has it: a data frame keeps lists as numpy arrays, and missing values as objects of their own."""
    if type(value).__module__ == "numpy":
        return value.tolist()
    return None if type(value).__name__ in ("NAType", "NaTType") else value


class Inputs:
    """All inputs of one run.

    `named` are (name, opened input or the reason why it cannot be opened), `passed` the files of a folder that are
    not read.
    """

    def __init__(self, source: Source) -> None:
        paths = _paths(source)
        self.passed: list[Path] = []
        if paths is None:
            self.named: list[tuple[str, Path | None]] = [(RECORDS, None)]
            self._rows: Any = source
            self.total = _length(source)
            return
        files, self.passed = files_of(paths)
        self.named = list(zip(_told_apart(files), files, strict=True))
        self.total = sum(path.stat().st_size for path in files)

    def opened(self, path: Path | None) -> Input:
        """The input. Raises InputError when it cannot be read at all."""
        return GivenRows(self._rows) if path is None else InputData(path)

    def passed_over(self) -> list[InputFile]:
        """The files that were not read, to be told."""
        return [
            InputFile(
                path=valid_name(str(path)),
                format="skipped",
                encoding="",
                compression=None,
                rows_read=0,
                rows_set_aside=0,
                bytes=_size(path),
            )
            for path in self.passed
        ]


def shown_name(path: Path) -> str:
    """A file as its records name it: its path, or the name its owner gave it where it came through the browser."""
    return valid_name(path.name if UPLOADS in path.parts else str(path))


def _told_apart(files: Sequence[Path]) -> list[str]:
    """The files' names; what would be the name of two gets a number, ` (2)`, ` (3)`, …"""
    taken: dict[str, None] = {}
    for path in files:
        name = shown_name(path)
        numbered = (f"{name} ({number})" for number in count(2))
        taken[name if name not in taken else next(one for one in numbered if one not in taken)] = None
    return list(taken)


def _length(rows: Any) -> int | None:
    return len(rows) if hasattr(rows, "__len__") else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _paths(source: Source) -> list[Path] | None:
    """The paths given, None when rows were given. Raises InputError for an empty list."""
    if isinstance(source, (str, Path)):
        return [Path(source)]
    if isinstance(source, Mapping):
        raise InputError("One dict was given. Expected paths, a list of dicts or a DataFrame.")
    if isinstance(source, (list, tuple)):
        if not source:
            raise InputError("Nothing was given to read: the list is empty.")
        if all(isinstance(item, (str, Path)) for item in source):
            return [Path(item) for item in source]
    if not isinstance(source, Iterable):
        raise InputError(f"{type(source).__name__} was given. Expected paths, an iterable of dicts or a DataFrame.")
    return None
