from __future__ import annotations

from diversity.report import Check, Intake, Report, Rows
from diversity.summary import report_lines


def report(checks: list[Check]) -> Report:
    rows = Rows(read=1200, set_aside=2)
    intake = Intake(
        files=[], shape="alpaca", field_map={}, rows=rows, records=1198, units=1300, reasons={}, fingerprint="f"
    )
    return Report(
        dataset="数据",
        version="v1",
        created_at="2026",
        settings={},
        embedder="none",
        tokenizer="qwen3",
        packages={},
        code_version="c",
        intake=intake,
        rows=rows,
        overview={},
        results=[],
        checks=checks,
        seconds={},
    )


def test_the_verdict_first_then_the_checks_worst_first() -> None:
    threshold = {"pass": 0.02, "warn": 0.1}
    checks = [
        Check(
            check="fine",
            group="answers",
            metric="m",
            outcome="pass",
            value=4.2,
            unit="buckets",
            threshold={"pass": 3.5, "warn": 2},
            direction="higher",
        ),
        Check(check="unknown", group="answers", metric="m", outcome="not_applicable", reason="no_task_types"),
        Check(
            check="bad",
            group="answers",
            metric="m",
            outcome="fail",
            value=0.123,
            threshold=threshold,
            direction="lower",
        ),
    ]
    head, rows, *lines = report_lines(report(checks))
    assert head == "数据 v1: 1,198 records, 1 of 2 checks pass"
    assert "rows read 1,200, set aside 2" in rows
    assert [line.split()[0] for line in lines] == ["✗", "✓", "–"]
    assert "12.3%" in lines[0]
    assert "(passes ≤ 2.0%)" in lines[0]
    assert "4.20 buckets" in lines[1]
    assert "(passes ≥ 3.50 buckets)" in lines[1]
    assert lines[2].split() == ["–", "not", "applicable", "unknown", "no", "task", "types"]


def test_a_report_without_checks() -> None:
    assert report_lines(report([]))[0].endswith("0 of 0 checks pass")
