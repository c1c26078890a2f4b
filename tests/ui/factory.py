"""Report folders for tests of the browser side, written through the real models, without measuring anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from diversity.corpus import RECORDS_FILE, RECORDS_SCHEMA
from diversity.report import Check, InputFile, Intake, Report, Rows
from diversity.store import Store

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "**bold** # heading\n- list [link](javascript:alert(1))",
    "$\\int x$ :emoji: :red[colour] :material/home:",
    '=CMD("calc")',
    "مرحبا بالعالم 👩‍👩‍👧‍👦 𠮷野家",
]


@dataclass(frozen=True)
class Sketch:
    """One record in a test: turns as (query, answer) pairs."""

    turns: list[tuple[str, str]]
    task_type: tuple[str, ...] = ()
    system: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def ordinary(n: int = 12) -> list[Sketch]:
    """Records in two languages with two-level types, some with several turns, some with a system prompt."""
    made = []
    for i in range(n):
        kind = ("翻译", "中译英") if i % 3 == 0 else ("writing", "mail") if i % 3 == 1 else ("逻辑推理", "常识推理")
        turns = [(f"第{i}个问题：请翻译这句话", f"Answer number {i}")] + (
            [("继续", f"More of {i}")] if i % 4 == 0 else []
        )
        made.append(Sketch(turns, kind, "You are brief." if i % 5 == 0 else None))
    return made


def hostile() -> list[Sketch]:
    """Records whose every text tries to be more than a text."""
    return [Sketch([(bad, bad)], (bad,), bad) for bad in HOSTILE]


def check(name: str = "answer_duplication", outcome: str = "fail", value: float | None = 0.093, **more: Any) -> Check:
    """A check of the report."""
    given = {"group": "answers", "metric": name, "threshold": {"pass": 0.02, "warn": 0.05}, "direction": "lower"} | more
    return Check(check=name, outcome=outcome, value=value, **given)  # type: ignore[arg-type]


def write_report(
    store: Path,
    dataset: str,
    version: str,
    sketches: Sequence[Sketch],
    checks: Sequence[Check] = (),
    created_at: str = "2026-11-01T10:00:00+00:00",
) -> Path:
    """Writes a report folder as `analyze` would, with the tables that these sketches yield."""
    folder = Store(store).path(dataset, version)
    (folder / "tables").mkdir(parents=True)
    rows = [_row(place, sketch) for place, sketch in enumerate(sketches)]
    pq.write_table(pa.Table.from_pylist(rows, schema=RECORDS_SCHEMA), folder / RECORDS_FILE)
    for name, frame in _tables(rows).items():
        frame.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
    (folder / "report.json").write_text(
        _report(dataset, version, rows, checks, created_at).model_dump_json(), encoding="utf-8"
    )
    return folder


def _row(place: int, sketch: Sketch) -> dict[str, Any]:
    levels = [*sketch.task_type, None, None]
    return {
        "record_id": f"r{place}",
        "task_type": list(sketch.task_type),
        "task_type_1": levels[0],
        "task_type_2": levels[1],
        "system": sketch.system,
        "turns": [{"query": query, "answer": answer} for query, answer in sketch.turns],
        "turn_count": len(sketch.turns),
        "content_hash": f"h{place}",
        "source_file": "data.jsonl",
        "source_line": place + 1,
        "source": json.dumps(sketch.extra, ensure_ascii=False),
    }


def _tables(rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    units = [(row, turn, pair) for row in rows for turn, pair in enumerate(row["turns"])]
    lengths = pd.DataFrame(
        {
            "record_id": [row["record_id"] for row, _, _ in units],
            "turn": [turn for _, turn, _ in units],
            "prompt_tokens": [len(pair["query"]) for _, _, pair in units],
            "answer_tokens": [len(pair["answer"]) for _, _, pair in units],
            "context_tokens": [0 for _ in units],
            "prompt_language": ["zh" if row["task_type_1"] != "writing" else "en" for row, _, _ in units],
            "answer_language": ["en" for _ in units],
        }
    )
    twins = [row["record_id"] for row in rows[:2]]
    duplicates = pd.DataFrame(
        {
            "record_id": twins,
            "turn": [0] * len(twins),
            "kind": ["exact"] * len(twins),
            "cluster_id": [0] * len(twins),
            "representative_id": twins[:1] * len(twins),
            "similarity": [1.0] * len(twins),
            "suggestion": ["keep", "drop"][: len(twins)],
            "reason": ["representative", "same_answer"][: len(twins)],
        }
    )
    aside = pd.DataFrame(
        {
            "file": ["data.jsonl"] * 3,
            "line": [4, 9, 11],
            "reason": ["broken_json", "no_answer", "no_answer"],
            "detail": ["line ends early", "output is empty", "output is empty"],
            "raw": ['{"instruction": "<b>x', "=cmd()", "**raw** $x$"],
        }
    )
    return {"lengths": lengths, "answer_duplicates": duplicates, "set_aside": aside}


def _report(dataset: str, version: str, rows: list[dict[str, Any]], checks: Sequence[Check], created_at: str) -> Report:
    units = sum(row["turn_count"] for row in rows)
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for row in rows:
        if row["task_type_1"] is not None:
            first[row["task_type_1"]] = first.get(row["task_type_1"], 0) + 1
        if row["task_type_2"] is not None:
            second[row["task_type_2"]] = second.get(row["task_type_2"], 0) + 1
    read = Rows(read=len(rows) + 3, set_aside=3)
    file = InputFile(
        path="data.jsonl",
        format="jsonl",
        encoding="utf-8",
        compression=None,
        rows_read=read.read,
        rows_set_aside=read.set_aside,
        bytes=1000,
    )
    intake = Intake(
        files=[file],
        shape="alpaca",
        field_map={"prompt": "instruction", "answer": "output"},
        rows=read,
        records=len(rows),
        units=units,
        reasons={"broken_json": 1, "no_answer": 2},
        fingerprint=f"{dataset}-{version}",
    )
    overview = {
        "records": len(rows),
        "units": units,
        "multi_turn_ratio": sum(row["turn_count"] > 1 for row in rows) / max(len(rows), 1),
        "system_ratio": sum(row["system"] is not None for row in rows) / max(len(rows), 1),
        "languages": {"zh": units},
        "task_types_1": len(first),
        "task_types_2": len(second),
        "prompt_tokens_median": 14.0,
        "answer_tokens_median": 17.0,
    }
    return Report(
        dataset=dataset,
        version=version,
        created_at=created_at,
        settings={},
        embedder="none",
        tokenizer="qwen3",
        packages={"numpy": "2"},
        code_version="0.1.0",
        intake=intake,
        rows=read,
        overview=overview,
        results=[],
        checks=list(checks),
        seconds={"ingest": 0.5},
    )
