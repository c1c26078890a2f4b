"""Which files a path stands for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from diversity.errors import InputError

SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".tab", ".parquet", ".pq", ".arrow", ".feather"})


def files_of(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """(files to read, files passed over), each path's files in sorted order, no file twice.

    A path that is a file is read whatever it is called. A folder is searched with its subfolders; hidden entries and
    files of other kinds are passed over. A folder that the `datasets` library saved stands for its shards in their
    own order.

    Raises InputError for a path that does not exist and for a folder without a file to read.
    """
    read: dict[Path, None] = {}
    passed: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found: dict[Path, None] = {}
            _search(path, found, passed)
            read.update(found)
            if not found:
                suffixes = ", ".join(sorted(SUFFIXES))
                raise InputError(
                    f"{path}: no data file in this folder. Expected {suffixes}, also with .gz.",
                    "no_data_file",
                    path=str(path),
                    suffixes=suffixes,
                )
        elif path.is_file():
            read[path] = None
        else:
            raise InputError(f"{path}: no such file or folder.", "no_such_path", path=str(path))
    return list(read), [path for path in passed if path not in read]


def _search(folder: Path, read: dict[Path, None], passed: dict[Path, None]) -> None:
    shards = saved_shards(folder)
    if shards is not None:
        read.update(dict.fromkeys(shards))
        return
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith(".") or (path.is_symlink() and path.is_dir()):
            passed[path] = None
        elif path.is_dir():
            _search(path, read, passed)
        elif path.is_file():
            (read if _has_data(path) else passed)[path] = None


def _has_data(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    last = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else suffixes[-1] if suffixes else ""
    return last in SUFFIXES


def saved_shards(folder: Path) -> list[Path] | None:
    """The Arrow shards of a folder saved by `datasets` (of all splits, when it has several).

    None for any other folder.
    """
    splits = folder / "dataset_dict.json"
    if splits.is_file():
        names = _read(splits).get("splits", [])
        return [shard for name in names for shard in saved_shards(_inside(folder, str(name))) or []]
    state = folder / "state.json"
    if not state.is_file() or not (folder / "dataset_info.json").is_file():
        return None
    return list(_shards(folder, state))


def _shards(folder: Path, state: Path) -> Iterator[Path]:
    entries = _read(state).get("_data_files", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and "filename" in entry for entry in entries):
        raise InputError(f"{state}: _data_files is no list of objects with a filename.")
    for entry in entries:
        shard = _inside(folder, str(entry["filename"]))
        if not shard.is_file():
            raise InputError(f"{state} names the shard {entry['filename']}, which is not there.")
        yield shard


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{folder}: {name} lies outside of the folder.")
    return path


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: not readable as JSON ({error}).") from error
    if not isinstance(value, dict):
        raise InputError(f"{path}: an object was expected.")
    return value
