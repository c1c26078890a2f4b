from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow.parquet as pq

from diversity.ingest import ingest, preview
from diversity.ingest.sources import UPLOADS, Inputs, shown_name

ROW = json.dumps({"prompt": "q", "answer": "a"}).encode()
GBK = os.fsdecode("数据集.jsonl".encode("gbk"))


def test_what_came_through_the_browser_goes_by_its_own_name() -> None:
    assert shown_name(Path("store") / UPLOADS / "50fe7a" / "对话.jsonl") == "对话.jsonl"
    assert shown_name(Path("data/train.jsonl")) == str(Path("data/train.jsonl"))


def written(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_bytes(ROW)
    return [folder / name for name in names]


def test_a_name_in_gbk_is_read_as_it_was_meant(tmp_path: Path) -> None:
    (path,) = written(tmp_path, GBK)
    intake = ingest(path, tmp_path / "out")
    assert [file.path for file in intake.files] == [str(tmp_path / "数据集.jsonl")]
    assert pq.read_table(tmp_path / "out" / "records.parquet")["source_file"].to_pylist() == [
        str(tmp_path / "数据集.jsonl")
    ]
    assert preview(path).file == str(tmp_path / "数据集.jsonl")
    intake.model_dump_json()


def test_two_files_never_have_one_name(tmp_path: Path) -> None:
    written(tmp_path, GBK, "数据集.jsonl", "数据集.jsonl (2)")
    named = Inputs([tmp_path / name for name in (GBK, "数据集.jsonl (2)", "数据集.jsonl")]).named
    assert [Path(name).name for name, _ in named] == ["数据集.jsonl", "数据集.jsonl (2)", "数据集.jsonl (3)"]


def test_two_uploads_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in "ab":
        (tmp_path / UPLOADS / folder).mkdir(parents=True)
    paths = [tmp_path / UPLOADS / folder / "x.jsonl" for folder in "ab"]
    for path in paths:
        path.write_bytes(ROW)
    assert [name for name, _ in Inputs(paths).named] == ["x.jsonl", "x.jsonl (2)"]


def test_a_file_passed_over_has_a_valid_name(tmp_path: Path) -> None:
    written(tmp_path, "a.jsonl", os.fsdecode("说明.txt".encode("gbk")))
    assert [file.path for file in Inputs(tmp_path).passed_over()] == [str(tmp_path / "说明.txt")]
