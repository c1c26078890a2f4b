"""A report in a few lines of text, for the terminal."""

from __future__ import annotations

from diversity.checks import worst
from diversity.report import Check, Report

MARKS = {"pass": "✓", "warn": "!", "fail": "✗", "not_applicable": "–", "skipped": "–"}


def report_lines(report: Report) -> list[str]:
    """The verdict first, then the checks, worst first."""
    judged = [check for check in report.checks if check.outcome in ("pass", "warn", "fail")]
    passed = sum(check.outcome == "pass" for check in judged)
    head = (
        f"{report.dataset} {report.version}: {report.intake.records:,} records, {passed} of {len(judged)} checks pass"
    )
    rows = (
        f"rows read {report.rows.read:,}, set aside {report.rows.set_aside:,}; shape {report.intake.shape}; "
        f"embedder {report.embedder}; tokenizer {report.tokenizer}"
    )
    return [head, rows, *(_line(check) for check in worst(report.checks))]


def _line(check: Check) -> str:
    label = f"{MARKS[check.outcome]} {check.outcome.replace('_', ' '):<15}{check.check:<22}"
    if check.outcome in ("not_applicable", "skipped"):
        return f"{label}{(check.reason or '').replace('_', ' ')}"
    sign = "≥" if check.direction == "higher" else "≤"
    return (
        f"{label}{_figure(check.value, check.unit):>10}  (passes {sign} {_figure(check.threshold['pass'], check.unit)})"
    )


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if unit == "ratio" else f"{value:,.2f} {unit}"
