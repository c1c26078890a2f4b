"""The answers flagged as duplicates, as a file that a data engineer can act on."""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from diversity.errors import UsageError
from diversity.export.sheets import json_lines, without_formulas
from diversity.store import StoredReport

Table = Literal["answer_duplicates", "prompt_duplicates"]
SUFFIXES = (".csv", ".jsonl", ".parquet")


def flagged_duplicates(
    stored: StoredReport, kinds: Sequence[str] | None = None, table: Table = "answer_duplicates"
) -> pd.DataFrame:
    """Rows of `table` of the given kinds (all when None), with task type, system, prompt, answer, the record's number
    of turns and its source.

    Raises:
        UsageError: the report has no such table.
    """
    if not stored.has_table(table):
        raise UsageError(
            f"The report {stored.report.dataset}/{stored.report.version} holds no table {table!r}: "
            "analyse the version again."
        )
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


def export_duplicates(stored: StoredReport, out: Path, kinds: Sequence[str] | None = None) -> int:
    """Writes the flagged rows to `out` and returns how many; the suffix chooses CSV, JSONL or Parquet.

    The file appears whole or not at all. In CSV a text that a sheet would run as a formula gets a leading apostrophe.

    Raises:
        UsageError: another suffix, or a folder that does not exist.
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
    rows = flagged_duplicates(stored, kinds)
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
