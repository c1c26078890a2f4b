"""Parquet and Arrow."""

from __future__ import annotations

import gc
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from diversity.errors import InputError
from diversity.readers import files_of

from .helpers import read, values, written

ROWS: list[dict[str, Any]] = [
    {
        "conversations": [{"from": "human", "value": f"问 {n}"}, {"from": "gpt", "value": "答"}],
        "id": n,
        "note": None if n % 2 else "x",
    }
    for n in range(5000)
]


def parquet(folder: Path, rows: list[dict[str, Any]] = ROWS) -> Path:
    path = folder / "rows.bin"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=900)
    return path


def arrow(folder: Path, name: str, rows: list[dict[str, Any]], stream: bool = True) -> Path:
    path = folder / name
    table = pa.Table.from_pylist(rows)
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(str(path), table.schema) as out:
        out.write_table(table, max_chunksize=700)
    return path


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_parquet(tmp_path: Path, packed: bool) -> None:
    path = parquet(tmp_path)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    rows, problems, data = read(path)
    assert values(rows) == ROWS
    assert [row.line for row in rows] == list(range(1, 5001))
    assert problems == []
    assert (data.format, data.compression, data.position) == ("parquet", "gzip" if packed else None, data.size)


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "file"])
def test_arrow(tmp_path: Path, stream: bool) -> None:
    rows, problems, data = read(arrow(tmp_path, "shard", ROWS, stream))
    assert values(rows) == ROWS
    assert (problems, data.format) == ([], "arrow")


def test_a_damaged_parquet_file_is_one_problem(tmp_path: Path) -> None:
    path = parquet(tmp_path)
    path.write_bytes(path.read_bytes()[:-50])
    rows, problems, _ = read(path)
    assert rows == []
    assert [(p.line, p.reason) for p in problems] == [(1, "unreadable_file")]


def test_parquet_text_that_is_not_utf8(tmp_path: Path) -> None:
    column = pa.array([b"good", b"bad \xff", b"fine"]).view(pa.string())
    pq.write_table(pa.table({"q": column, "a": ["1", "2", "3"]}), tmp_path / "bad.parquet")
    rows, problems, _ = read(tmp_path / "bad.parquet")
    assert values(rows) == [{"q": "good", "a": "1"}, {"q": "fine", "a": "3"}]
    assert [(p.line, p.reason) for p in problems] == [(2, "undecodable")]


def saved(folder: Path, rows: list[dict[str, Any]]) -> None:
    """A folder as `datasets.Dataset.save_to_disk` writes it: two shards, named in state.json."""
    folder.mkdir(parents=True)
    names = ["data-00000-of-00002.arrow", "data-00001-of-00002.arrow"]
    arrow(folder, names[0], rows[:3000])
    arrow(folder, names[1], rows[3000:])
    (folder / "state.json").write_text(
        json.dumps({"_data_files": [{"filename": name} for name in names], "_split": "train"})
    )
    (folder / "dataset_info.json").write_text(json.dumps({"features": {}, "splits": {}}))


def test_a_saved_dataset(tmp_path: Path) -> None:
    saved(tmp_path / "set", ROWS)
    files, passed = files_of([tmp_path / "set"])
    assert [file.name for file in files] == ["data-00000-of-00002.arrow", "data-00001-of-00002.arrow"]
    assert passed == []
    assert [value for file in files for value in values(read(file)[0])] == ROWS


def test_a_saved_dataset_of_several_splits(tmp_path: Path) -> None:
    saved(tmp_path / "set" / "train", ROWS)
    saved(tmp_path / "set" / "test", ROWS[:10])
    (tmp_path / "set" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    files, _ = files_of([tmp_path / "set"])
    assert [file.parent.name for file in files] == ["train", "train", "test", "test"]


def test_a_saved_dataset_with_a_shard_missing_or_outside(tmp_path: Path) -> None:
    saved(tmp_path / "set", ROWS)
    (tmp_path / "set" / "data-00001-of-00002.arrow").unlink()
    with pytest.raises(InputError, match="data-00001"):
        files_of([tmp_path / "set"])
    (tmp_path / "set" / "state.json").write_text('{"_data_files": [{"filename": "../other.arrow"}]}')
    with pytest.raises(InputError, match="outside"):
        files_of([tmp_path / "set"])


def test_a_folder_is_searched_in_order_and_tells_what_it_passed_over(tmp_path: Path) -> None:
    for name in [
        "b.jsonl",
        "a/z.json.gz",
        "a/a.csv",
        ".hidden.json",
        "notes.md",
        "a/.git/x.json",
        "c.JSON",
        "d.parquet",
    ]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    files, passed = files_of([tmp_path])
    assert [str(file.relative_to(tmp_path)) for file in files] == [
        "a/a.csv",
        "a/z.json.gz",
        "b.jsonl",
        "c.JSON",
        "d.parquet",
    ]
    assert [str(file.relative_to(tmp_path)) for file in passed] == [".hidden.json", "a/.git", "notes.md"]


def test_paths_that_hold_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        files_of([tmp_path / "missing"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no data file"):
        files_of([tmp_path / "empty"])


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path, "{}", "a.json")
    assert files_of([path, tmp_path, path])[0] == [path]


@pytest.mark.parametrize("cut", [False, True])
def test_a_damaged_packed_parquet_file_is_one_problem(tmp_path: Path, cut: bool) -> None:
    packed = gzip.compress(parquet(tmp_path, [{"a": str(n) * 50} for n in range(5000)]).read_bytes(), 0)
    middle = len(packed) // 2
    bad = packed[:middle] if cut else packed[:65_550] + b"\xff" * (len(packed) - 65_550)
    rows, problems, _ = read(written(tmp_path, bad, "bad.parquet.gz"))
    assert (rows, [problem.reason for problem in problems]) == ([], ["unreadable_file"])


def test_an_error_without_words_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise EOFError

    path = parquet(tmp_path)
    monkeypatch.setattr("diversity.readers.files.record_batches", fail)
    assert [problem.detail for problem in read(path)[1]] == ["EOFError"]


@pytest.mark.parametrize("files", [[{}], ["x.arrow"], {"filename": "x"}, 3])
def test_a_saved_dataset_with_a_broken_state(tmp_path: Path, files: Any) -> None:
    saved(tmp_path / "set", ROWS)
    (tmp_path / "set" / "state.json").write_text(json.dumps({"_data_files": files}))
    with pytest.raises(InputError, match="_data_files"):
        files_of([tmp_path / "set"])


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning", "error::ResourceWarning")
def test_an_arrow_file_is_closed(tmp_path: Path) -> None:
    assert values(read(arrow(tmp_path, "x.arrow", ROWS))[0]) == ROWS
    gc.collect()
