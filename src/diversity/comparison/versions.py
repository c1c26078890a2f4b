"""The comparison of two versions as one typed object, kept in the store's cache."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow.parquet as pq
from pydantic import ValidationError

from diversity.comparison.deltas import MetricDelta, metric_deltas
from diversity.comparison.diff import diff_records
from diversity.report import Frozen, Outcome, Report
from diversity.reuse import code_version
from diversity.store import StoredReport

KEPT_AS = "comparison.json"
DIFF_TABLE = "records.parquet"
ORDER: dict[Outcome, int] = {"fail": 0, "warn": 1, "pass": 2}


class RecordCounts(Frozen):
    """Records by what became of them; `before` = removed + edited + unchanged, `after` = added + edited + unchanged."""

    added: int
    removed: int
    edited: int
    unchanged: int


class CheckChange(Frozen):
    """One check in both versions."""

    check: str
    group: str
    unit: str
    direction: str
    before: Outcome | None
    after: Outcome | None
    value_before: float | None
    value_after: float | None
    verdict: Literal["better", "worse", "same", "unknown"]


class Comparison(Frozen):
    """What changed from `before` to `after`. `folder` holds the table of records (see `diff_records`)."""

    dataset: str
    before: str
    after: str
    records: RecordCounts
    metrics: list[MetricDelta]
    checks: list[CheckChange]
    task_types: dict[str, tuple[int, int]]
    folder: str

    def frame(self) -> pd.DataFrame:
        """One row a figure: metric, field, params, unit, direction, before, after, change, interval, sample_size,
        reason, verdict."""
        columns = list(MetricDelta.model_fields)
        return pd.DataFrame([[getattr(one, name) for name in columns] for one in self.metrics], columns=columns)

    def diff(self) -> pd.DataFrame:
        """One row a record: status, record_id_before, record_id_after, matched_by, similarity."""
        return pd.read_parquet(Path(self.folder) / DIFF_TABLE)

    def lines(self) -> list[str]:
        """The comparison for a terminal, what moved most first."""
        r = self.records
        counts = f"+{r.added:,} −{r.removed:,} ~{r.edited:,} records, {r.unchanged:,} unchanged"
        head = f"{self.dataset} {self.after} against {self.before}: {counts}"
        return [head, *(_metric_line(delta) for delta in self.metrics if delta.change is not None)]


def compare(before: StoredReport, after: StoredReport, *, cache: Path | None = None) -> Comparison:
    """Compares two stored reports.

    The result is kept in `cache` (by default the store's) and restored while both reports stay as they are.
    """
    home = (cache or before.cache) / "comparisons"
    key = hashlib.blake2b(
        "\0".join((before.fingerprint, after.fingerprint, code_version("comparison"))).encode(), digest_size=16
    ).hexdigest()
    kept = _kept(home / key)
    return kept or _computed(before, after, home / key)


def _kept(folder: Path) -> Comparison | None:
    if not (folder / DIFF_TABLE).is_file():
        return None
    try:
        return Comparison.model_validate_json((folder / KEPT_AS).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _computed(before: StoredReport, after: StoredReport, folder: Path) -> Comparison:
    diff = diff_records(before.path, after.path)
    statuses = diff["status"].to_pylist()
    old, new = before.report, after.report
    comparison = Comparison(
        dataset=new.dataset,
        before=old.version,
        after=new.version,
        records=RecordCounts(**{status: statuses.count(status) for status in RecordCounts.model_fields}),
        metrics=metric_deltas(old, new, before, after, int(new.settings["seed"])),
        checks=_check_changes(old, new),
        task_types=_task_types(old, new),
        folder=str(folder),
    )
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = uuid.uuid4().hex
    pq.write_table(diff, folder / f".{unfinished}.parquet")
    os.replace(folder / f".{unfinished}.parquet", folder / DIFF_TABLE)
    (folder / f".{unfinished}.json").write_text(comparison.model_dump_json(), encoding="utf-8")
    os.replace(folder / f".{unfinished}.json", folder / KEPT_AS)
    return comparison


def _check_changes(old: Report, new: Report) -> list[CheckChange]:
    names = list(dict.fromkeys([check.check for check in (*new.checks, *old.checks)]))
    return [_check_change(old, new, name) for name in names]


def _check_change(old: Report, new: Report, name: str) -> CheckChange:
    first, second = old.check(name), new.check(name)
    known = second or first
    assert known is not None
    a, b = (ORDER.get(check.outcome) if check else None for check in (first, second))
    verdict: Any = "unknown" if a is None or b is None else "same" if a == b else "better" if b > a else "worse"
    return CheckChange(
        check=name,
        group=known.group,
        unit=known.unit,
        direction=known.direction,
        before=first.outcome if first else None,
        after=second.outcome if second else None,
        value_before=first.value if first else None,
        value_after=second.value if second else None,
        verdict=verdict,
    )


def _task_types(old: Report, new: Report) -> dict[str, tuple[int, int]]:
    """Level-1 counts in both versions, the largest first."""
    counts: list[dict[str, int]] = []
    for report in (old, new):
        result = report.result("task_type_balance", level=1)
        counts.append(result.info["counts"] if result and result.status == "ok" else {})
    names = {**counts[1], **counts[0]}
    pairs = {name: (counts[0].get(name, 0), counts[1].get(name, 0)) for name in names}
    return dict(sorted(pairs.items(), key=lambda item: (-sum(item[1]), item[0])))


def _metric_line(delta: MetricDelta) -> str:
    name = f"{delta.metric} ({delta.field}{''.join(f', {k} {v}' for k, v in delta.params.items())})"
    within = f" [{delta.interval[0]:+.3f}, {delta.interval[1]:+.3f}]" if delta.interval else ""
    moved = f"{delta.before:>12.3f} → {delta.after:<12.3f}{delta.change:+.3f}{within}"
    return f"{delta.verdict:<8}{name:<40}{moved} {delta.unit}"
