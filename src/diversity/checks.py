"""The article's principles as checks over results: pass, warn, fail, not_applicable or skipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diversity.errors import UsageError
from diversity.metrics.base import CheckSpec, Finding, Metric
from diversity.readers import BESIDE
from diversity.report import Check, DamagedFile, Intake, MetricResult, Outcome
from diversity.settings import Settings

# Shares of rows set aside. A handful of broken rows is ordinary; one in twenty means that the file is not what it
# was taken for.
ROWS_CHECK = "rows_set_aside"
_ROWS = CheckSpec(ROWS_CHECK, "input", "lower", "ratio", pass_at=0.01, warn_at=0.05, find=lambda _: Finding(None))


def run_checks(metrics: Sequence[Metric], results: Sequence[MetricResult], settings: Settings) -> list[Check]:
    """Every check of every metric, in the metrics' order."""
    found = []
    for metric in metrics:
        own = [result for result in results if result.metric == metric.name]
        found += [_held(metric.name, spec, own, settings) for spec in metric.checks]
    return found


def require_known_names(settings: Settings, metrics: Sequence[Metric]) -> None:
    """Raises UsageError where a threshold or an exemption names no check or metric: a typo must not pass for one."""
    known = {ROWS_CHECK, *(spec.name for metric in metrics for spec in metric.checks)}
    if unknown := sorted({*settings.checks, *settings.skip_checks} - known):
        raise UsageError(
            f"Settings name checks that do not exist: {', '.join(unknown)}. There are: {', '.join(sorted(known))}.",
            "no_such_check",
            names=", ".join(unknown),
            known=", ".join(sorted(known)),
        )
    names = {metric.name for metric in metrics}
    if unknown := sorted({*settings.skip_metrics} - names):
        raise UsageError(
            f"Settings name metrics that do not exist: {', '.join(unknown)}. There are: {', '.join(sorted(names))}.",
            "no_such_metric",
            names=", ".join(unknown),
            known=", ".join(sorted(names)),
        )


def require_ordered_thresholds(settings: Settings, metrics: Sequence[Metric]) -> None:
    """Raises UsageError where a figure that passes would be worse than one that only warns: nothing would ever warn."""
    for spec in (_ROWS, *(spec for metric in metrics for spec in metric.checks)):
        if spec.name not in settings.checks:
            continue
        name, higher = spec.name, spec.direction == "higher"
        pass_at, warn_at = thresholds_of(spec, settings)
        if pass_at >= warn_at if higher else pass_at <= warn_at:
            continue
        wanted = ">=" if higher else "<="
        raise UsageError(
            f"Setting checks.{name}: pass_at must be {wanted} warn_at, not {pass_at} and {warn_at}: "
            f"{'higher' if higher else 'lower'} is better.",
            "thresholds_higher" if higher else "thresholds_lower",
            name=name,
            pass_at=str(pass_at),
            warn_at=str(warn_at),
        )


def thresholds_of(spec: CheckSpec, settings: Settings) -> tuple[float, float]:
    """(pass at, warn at) of a check: the settings' own, and its defaults for what they leave open."""
    own = settings.checks.get(spec.name)
    pass_at, warn_at = (own.pass_at, own.warn_at) if own else (None, None)
    return spec.pass_at if pass_at is None else pass_at, spec.warn_at if warn_at is None else warn_at


def _held(metric: str, spec: CheckSpec, results: list[MetricResult], settings: Settings) -> Check:
    if failed := next((result for result in results if result.status == "failed"), None):
        finding = Finding(None, evidence=failed.info, reason=failed.reason)
    else:
        finding = spec.find(results) if metric not in settings.skip_metrics else Finding(None)
    pass_at, warn_at = thresholds_of(spec, settings)
    skipped = spec.name in settings.skip_checks or metric in settings.skip_metrics
    outcome: Outcome = "skipped" if skipped else _outcome(finding.value, pass_at, warn_at, spec.direction == "higher")
    return Check(
        check=spec.name,
        group=spec.group,
        metric=metric,
        outcome=outcome,
        value=finding.value,
        unit=spec.unit,
        threshold={"pass": pass_at, "warn": warn_at},
        direction=spec.direction,
        evidence=finding.evidence,
        records=finding.records,
        table=finding.table,
        where=finding.where,
        advice=finding.advice if outcome in ("warn", "fail") else None,
        reason="skipped_by_settings" if skipped else finding.reason,
    )


def _outcome(value: float | None, pass_at: float, warn_at: float, higher: bool) -> Outcome:
    if value is None:
        return "not_applicable"
    sign = 1 if higher else -1
    if sign * value >= sign * pass_at:
        return "pass"
    return "warn" if sign * value >= sign * warn_at else "fail"


def rows_set_aside(intake: Intake, settings: Settings) -> Check:
    """The check over the input itself: how many rows could not be read.

    It fails whatever the share where a file is cut off or cannot be read: nobody knows how many rows are missing.
    """
    share = intake.rows.set_aside / intake.rows.read if intake.rows.read else 0.0
    costly = ((reason, count) for reason, count in intake.reasons.items() if reason not in BESIDE)
    reason, count = max(costly, key=lambda item: (item[1], item[0]), default=("", 0))
    evidence = {
        "set_aside": intake.rows.set_aside,
        "read": intake.rows.read,
        "reason": reason,
        "reason_count": count,
    }
    finding = Finding(share, evidence, records=intake.rows.set_aside, table="set_aside", advice="mend_rows")
    spec = replace(_ROWS, find=lambda _: finding)
    check = _held(ROWS_CHECK, spec, [], settings)
    if not intake.damaged or check.outcome == "skipped":
        return check
    return check.model_copy(
        update={"outcome": "fail", "advice": "whole_file", "evidence": evidence | _damage(intake.damaged)}
    )


def _damage(files: Sequence[DamagedFile]) -> dict[str, Any]:
    first = files[0]
    return {"damaged": len(files), "file": first.path, "damage": first.reason, "detail": first.detail}
