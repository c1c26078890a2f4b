"""The records of a version as objects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from diversity.corpus import RECORDS_FILE
from diversity.readers.parse import value_of
from diversity.records import Record, Turn


def records_from(folder: Path) -> Iterator[Record]:
    """The records that `ingest` wrote into `folder`, in reading order, one batch in memory.

    `source` holds `file` and `line` and the row's other fields; where a row has a field of that name itself, it is
    found under `row.file` or `row.line`.
    """
    with pq.ParquetFile(folder / RECORDS_FILE) as file:
        for batch in file.iter_batches(batch_size=1024):
            for row in batch.to_pylist():
                fields = {
                    f"row.{name}" if name in ("file", "line") else name: value
                    for name, value in value_of(row["source"]).items()
                }
                yield Record(
                    record_id=row["record_id"],
                    task_type=tuple(row["task_type"]),
                    system=row["system"],
                    turns=tuple(Turn(turn["query"], turn["answer"]) for turn in row["turns"]),
                    source={"file": row["source_file"], "line": row["source_line"], **fields},
                )
