"""The smallest reports that a store takes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from diversity.report import InputFile, Intake, Report, Rows
from diversity.store import Store
from diversity.stored_report import REPORT_FILE
from diversity.tables import TABLES


def report(dataset: str, version: str, created: str = "2026-01-01T00:00:00+00:00") -> Report:
    file = InputFile(
        path="a.jsonl", format="jsonl", encoding="utf-8", compression=None, rows_read=3, rows_set_aside=1, bytes=10
    )
    rows = Rows(read=3, set_aside=1)
    intake = Intake(
        files=[file], shape="alpaca", field_map={}, rows=rows, records=2, units=2, reasons={}, fingerprint="f"
    )
    return Report(
        dataset=dataset, version=version, created_at=created, settings={}, embedder="none", tokenizer="qwen3",
        packages={}, code_version="c", intake=intake, rows=rows, overview={}, results=[], checks=[], seconds={},
    )  # fmt: skip


def publish(store: Store, dataset: str, version: str, marker: str = "x", replace: bool = False) -> Path:
    with store.staging() as folder:
        (folder / REPORT_FILE).write_text(report(dataset, version).model_dump_json())
        pq.write_table(pa.table({"marker": [marker]}), folder / TABLES / "t.parquet")
        pq.write_table(pa.table({"record_id": ["r1"]}), folder / "records.parquet")
        return store.publish(folder, dataset, version, replace)
