"""Task types among the rows that were set aside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from helpers import rows_of

from diversity import analyze
from diversity.comparison.task_types import Levels, TypeCount
from diversity.comparison.types_set_aside import with_set_aside


def counted(folder: Path, lines: list[str], *types: Levels) -> list[int]:
    file = folder / "rows.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    stored = analyze(file, dataset="d", version="v", store=folder, settings={"embedder": "none"})
    return [one.set_aside for one in with_set_aside([TypeCount(levels=name, records=9) for name in types], stored)]


def kept(**labels: str) -> list[str]:
    return [json.dumps(row | labels) for row in rows_of([f"Question {n}?" for n in range(5)], ["Yes."] * 5)]


def test_rows_are_counted_under_all_levels_of_their_type(tmp_path: Path) -> None:
    lost = [{"prompt": "Which?", "answer": "", "task_type": name} for name in ("写作-诗", "写作-信", "写作-信", "翻译")]
    broken = ['{"prompt": "Which?", "task_type": "翻译"', "[1, 2]", '{"prompt": "Why?", "task_type": ["翻译", {}]}']
    lines = [*kept(task_type="其他"), *map(json.dumps, lost), *broken]
    assert counted(tmp_path, lines, ("写作",), ("写作", "信"), ("翻译",), ("安全",)) == [3, 2, 1, 0]


def test_two_columns_are_two_levels(tmp_path: Path) -> None:
    labels: dict[str, Any] = {"task_type_1": "A/B", "task_type_2": "c"}
    lines = [*kept(task_type_1="x", task_type_2="y"), json.dumps({"prompt": "Which?", "answer": "", **labels})]
    assert counted(tmp_path, lines, ("A/B",), ("A/B", "c"), ("A",)) == [1, 1, 0]


@pytest.mark.parametrize("lines", [kept(), kept(task_type="x")])
def test_nothing_set_aside_counts_nothing(tmp_path: Path, lines: list[str]) -> None:
    assert counted(tmp_path, lines, ("写作",)) == [0]
