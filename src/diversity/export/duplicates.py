"""The answers or prompts flagged as duplicates, as a file that a data engineer can act on."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from diversity.errors import UsageError
from diversity.export.sheets import json_lines, without_formulas
from diversity.report import Report
from diversity.stored_report import StoredReport

Of = Literal["answer", "prompt"]
SUFFIXES = (".csv", ".jsonl", ".parquet")


def flagged_duplicates(stored: StoredReport, kinds: Sequence[str] | None = None, of: Of = "answer") -> pd.DataFrame:
    """The rows of clusters of repeated answers, or prompts, of the given kinds (all when None), with task type, system,
    prompt, answer, the record's number of turns and its source.

    Raises:
        UsageError: the report does not say what repeats; the message says why.
    """
    table = f"{of}_duplicates"
    if not stored.has_table(table):
        raise _no_table(stored.report, f"{of}_duplication")
    wanted = list(kinds or ("exact", "near", "semantic"))
    return stored.query(
        f"""
        select d.*, len(r.turns) as turn_count, r.task_type_1, r.task_type_2, r.system,
            r.turns[d.turn + 1].query as prompt, r.turns[d.turn + 1].answer as answer, r.source_file, r.source_line
        from {table} d join records r using (record_id)
        where list_contains(?, d.kind)
        order by d.cluster_id, d.similarity desc, d.record_id, d.turn
        """,
        [wanted],
    )


def _no_table(report: Report, metric: str) -> UsageError:
    """The error for a report in which nobody looked for repeats: skipped, failed, or nothing to look at."""
    name = f"{report.dataset}/{report.version}"
    facts = {"name": name, "metric": metric}
    result = report.result(metric)
    if metric in report.settings.get("skip_metrics", ()):
        said = (
            f"The report {name} was made without {metric}: take it out of skip_metrics and analyse the version again."
        )
        return UsageError(said, "repeats_skipped", **facts)
    if result is not None and result.reason is not None:
        said = f"The report {name} has no figure for {metric} ({result.reason}), so there is nothing to export."
        return UsageError(said, "repeats_unknown", reason=result.reason, **facts)
    return UsageError(f"The report {name} holds no table of {metric}: analyse the version again.")


def export_duplicates(stored: StoredReport, out: Path, kinds: Sequence[str] | None = None, of: Of = "answer") -> int:
    """Writes the flagged answers, or prompts, to `out` and returns how many rows; the suffix chooses CSV, JSONL or
    Parquet.

    The file appears whole or not at all. In CSV a text that a sheet would run as a formula gets a leading apostrophe,
    ids included (see `sheet_cell`); JSONL and Parquet hold every text as it is.

    Raises:
        UsageError: another suffix, a folder that does not exist, or a report that does not say what repeats.
    """
    if out.suffix.lower() not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise UsageError(f"{out.name}: the file's ending must be one of {known}.", "suffix", name=out.name, known=known)
    if not out.absolute().parent.is_dir():
        folder = str(out.absolute().parent)
        said = f"There is no folder {folder} to write {out.name} into."
        raise UsageError(said, "no_folder", folder=folder, name=out.name)
    if out.is_dir():
        raise UsageError(f"{out} is a folder, not a file to write.", "is_folder", name=str(out))
    rows = flagged_duplicates(stored, kinds, of)
    unfinished = out.with_name(f".{uuid.uuid4().hex}{out.suffix}")
    try:
        unfinished.write_bytes(serialize(rows, out.suffix.lower().lstrip(".")))
        os.replace(unfinished, out)
    finally:
        unfinished.unlink(missing_ok=True)
    return len(rows)


def serialize(rows: pd.DataFrame, kind: str) -> bytes:
    """The rows as CSV (UTF-8 with BOM, so that Excel reads Chinese), JSONL or Parquet."""
    if kind == "csv":
        return without_formulas(rows).to_csv(index=False).encode("utf-8-sig", "replace")
    if kind == "jsonl":
        return json_lines(rows)
    content: bytes = rows.to_parquet(index=False)
    return content
