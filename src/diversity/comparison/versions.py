"""The comparison of two versions as one typed object, kept in the store's cache."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import ValidationError
from threadpoolctl import threadpool_limits

from diversity.comparison.by_length import beside_lengths
from diversity.comparison.contents import Contents
from diversity.comparison.deltas import MetricDelta, judged, metric_deltas
from diversity.comparison.diff import diff_records
from diversity.comparison.drift import Drift, DriftFound, find_drift
from diversity.comparison.edits import EditCounts, count_edits
from diversity.comparison.joint_map import Frame
from diversity.comparison.regions import Region
from diversity.comparison.ruler import Unlike, unlike
from diversity.comparison.task_types import TypeChanges, type_changes
from diversity.comparison.turns import CheckChange, check_changes, own_shifts
from diversity.comparison.types_set_aside import with_set_aside
from diversity.corpus import RECORDS_FILE
from diversity.progress import Progress, silent
from diversity.report import Frozen, Report, Rows
from diversity.reuse import code_version
from diversity.sealed import is_whole, seal
from diversity.stored_report import StoredReport
from diversity.tables import RECORDS
from diversity.tidy import keep_recent, touch

KEPT_AS = "comparison.json"
KEPT = 50
DIFF_TABLE = "records.parquet"
DRIFT_TABLE = "drift_records.parquet"
FILES = (KEPT_AS, DIFF_TABLE, DRIFT_TABLE)


class RecordCounts(Frozen):
    """Records by what became of them; `before` = removed + edited + unchanged, `after` = added + edited + unchanged."""

    added: int
    removed: int
    edited: int
    unchanged: int


class Comparison(Frozen):
    """What changed from `before` to `after`. `folder` holds the tables of records (see `diff` and `drift_records`).

    `drift` has the largest first; `regions` are those of the joint map of both versions, `frames` says by field whether
    its places are the stored maps' (`stored`) or were laid out for this comparison (`joint`). `unlike` says why no
    figures of the reports are judged, where they were not measured alike. `rows` were read and set aside for the two.
    `edits` counts edited records by what changed about them, `task_types` records of level 1 in both versions,
    `type_changes` says which types came and went.
    """

    dataset: str
    before: str
    after: str
    records: RecordCounts
    metrics: list[MetricDelta]
    checks: list[CheckChange]
    task_types: dict[str, tuple[int, int]]
    drift: list[Drift]
    regions: list[Region]
    frames: dict[str, Frame]
    folder: str
    unlike: Unlike | None = None
    rows: tuple[Rows, Rows] | None = None
    edits: EditCounts = EditCounts()
    type_changes: TypeChanges = TypeChanges()

    def frame(self) -> pd.DataFrame:
        """One row a figure: metric, field, params, unit, direction, before, after, change, interval, sample_size,
        p, p_adjusted, remeasured, reason, verdict, length_drift."""
        columns = list(MetricDelta.model_fields)
        return pd.DataFrame([[getattr(one, name) for name in columns] for one in self.metrics], columns=columns)

    def diff(self) -> pd.DataFrame:
        """One row a record: status, record_id_before, record_id_after, matched_by, similarity, changed (of edited
        records, in what)."""
        return pd.read_parquet(Path(self.folder) / DIFF_TABLE)

    def drift_frame(self) -> pd.DataFrame:
        """One row a figure of a drift, the largest drift first: of, kind, figure, value, p, effect, size, p_adjusted,
        sample_size, changed, only_before, only_after, reason; one row without a figure where there is none."""
        columns = ["of", "kind", "figure", "value", "p"]
        shared = ["effect", "size", "p_adjusted", "sample_size", "changed", "only_before", "only_after", "reason"]
        rows = []
        for one in self.drift:
            figures: list[tuple[Any, ...]] = [(f.name, f.value, f.p) for f in one.figures]
            rows += [[one.of, one.kind, *f, *(getattr(one, name) for name in shared)] for f in figures or [(None,) * 3]]
        return pd.DataFrame(rows, columns=[*columns, *shared])

    def drift_records(self) -> pd.DataFrame:
        """One row a text drawn for the drift in meaning: field, side (`before`, `after`, `both`: what was drawn from
        both), whether it is in that version `only`, record_id, turn, x and y on the joint map, region, and how sure
        the domain classifier is that one which is not `both` is its version's."""
        return pd.read_parquet(Path(self.folder) / DRIFT_TABLE)


def compare(
    before: StoredReport, after: StoredReport, *, cache: Path | None = None, progress: Progress = silent
) -> Comparison:
    """Compares two stored reports.

    The result is kept in `cache` (by default the store's) and restored while both reports stay as they are.
    """
    folder = _folder(before, after, cache)
    return _kept(folder) or _computed(before, after, folder, progress)


def kept_comparison(before: StoredReport, after: StoredReport, *, cache: Path | None = None) -> Comparison | None:
    """The comparison if it was made before, else None."""
    return _kept(_folder(before, after, cache))


def _folder(before: StoredReport, after: StoredReport, cache: Path | None) -> Path:
    """Where the comparison of these two reports by this code is kept."""
    key = "\0".join((before.fingerprint, after.fingerprint, code_version("comparison")))
    return (cache or before.cache) / "comparisons" / hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


def _kept(folder: Path) -> Comparison | None:
    """The comparison kept in a folder where it and its tables are as they were written."""
    if not is_whole(folder, FILES):
        return None
    try:
        found = Comparison.model_validate_json((folder / KEPT_AS).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    touch(folder)
    return found


def _computed(before: StoredReport, after: StoredReport, folder: Path, progress: Progress) -> Comparison:
    progress("records", 0, None)
    for side in (before, after):
        side.require(RECORDS)
    diff = diff_records(before.path, after.path)
    statuses = diff["status"].to_pylist()
    old, new = before.report, after.report
    progress("figures", 0, None)
    why = unlike(old, new)
    metrics, checks = _judged(before, after, why)
    # The products are small: threads that wait for each other spend twice the time, four times on a busy machine.
    with threadpool_limits(1):
        drift = find_drift(before, after, diff.to_pandas(), why, progress)
    comparison = Comparison(
        dataset=new.dataset,
        before=old.version,
        after=new.version,
        records=RecordCounts(**{status: statuses.count(status) for status in RecordCounts.model_fields}),
        metrics=beside_lengths(metrics, drift.drifts),
        unlike=why,
        rows=(old.rows, new.rows),
        checks=checks,
        task_types=_task_types(old, new),
        drift=drift.drifts,
        regions=drift.regions,
        frames=drift.frames,
        folder=str(folder),
        edits=count_edits(diff["changed"].to_pylist()),
        type_changes=_type_changes(before, after, diff),
    )
    _keep(comparison, diff, drift, folder)
    return comparison


def _keep(comparison: Comparison, diff: pa.Table, drift: DriftFound, folder: Path) -> None:
    """Writes the tables and then the figures, each under a temporary name first, and seals them."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{uuid.uuid4().hex}"
    records = pa.Table.from_pandas(drift.records, preserve_index=False)
    for name, table in ((DIFF_TABLE, diff), (DRIFT_TABLE, records)):
        pq.write_table(table, unfinished)
        os.replace(unfinished, folder / name)
    unfinished.write_text(comparison.model_dump_json(), encoding="utf-8")
    os.replace(unfinished, folder / KEPT_AS)
    seal(folder, FILES)
    keep_recent(folder.parent, KEPT)


def _judged(
    before: StoredReport, after: StoredReport, why: Unlike | None
) -> tuple[list[MetricDelta], list[CheckChange]]:
    """Figures and checks; chance is given its due for all that is asked of both together."""
    old, new = before.report, after.report
    seed = int(new.settings["seed"])
    contents = Contents(before), Contents(after)
    deltas = metric_deltas(before, after, contents, seed)
    own = own_shifts((before, after), contents, seed, why)
    metrics, adjusted = judged(deltas, [shift.p for shift in own.values()])
    shifts = {name: shift._replace(p=p) for (name, shift), p in zip(own.items(), adjusted, strict=True)}
    return metrics, check_changes(old, new, why, metrics, shifts)


def _task_types(old: Report, new: Report) -> dict[str, tuple[int, int]]:
    """Level-1 counts in both versions, the largest first."""
    counts: list[dict[str, int]] = []
    for report in (old, new):
        result = report.result("task_type_balance", level=1)
        counts.append(result.info["counts"] if result and result.status == "ok" else {})
    names = {**counts[1], **counts[0]}
    pairs = {name: (counts[0].get(name, 0), counts[1].get(name, 0)) for name in names}
    return dict(sorted(pairs.items(), key=lambda item: (-sum(item[1]), item[0])))


def _type_changes(before: StoredReport, after: StoredReport, diff: pa.Table) -> TypeChanges:
    columns = [pq.read_table(one.path / RECORDS_FILE, columns=["record_id", "task_type"]) for one in (before, after)]
    places = [{name: place for place, name in enumerate(one["record_id"].to_pylist())} for one in columns]
    labels = [[tuple(levels) for levels in one["task_type"].to_pylist()] for one in columns]
    paired = diff.filter(pc.and_(pc.is_valid(diff["record_id_before"]), pc.is_valid(diff["record_id_after"])))
    sides = (paired[f"record_id_{name}"].to_pylist() for name in ("before", "after"))
    pairs = ((places[0][a], places[1][b]) for a, b in zip(*sides, strict=True))
    found = type_changes(labels[0], labels[1], pairs)
    vanished, new = with_set_aside(found.vanished, after), with_set_aside(found.new, before)
    return found.model_copy(update={"vanished": vanished, "new": new})
