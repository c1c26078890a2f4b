"""Reports that hold nothing but the results they are given."""

from __future__ import annotations

from diversity.report import Intake, MetricResult, Report, Rows


def report(*results: MetricResult) -> Report:
    rows = Rows(read=1, set_aside=0)
    intake = Intake(files=[], shape="alpaca", field_map={}, rows=rows, records=1, units=1, reasons={}, fingerprint="f")
    return Report(
        dataset="d",
        version="v",
        created_at="",
        settings={},
        embedder="none",
        tokenizer="t",
        packages={},
        code_version="c",
        intake=intake,
        rows=rows,
        overview={},
        results=list(results),
        checks=[],
        seconds={},
    )
