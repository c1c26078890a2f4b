"""Rows of Parquet and Arrow files, some thousand at a time."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from diversity.readers.base import Item, Problem, Row

BATCH = 2048
PARQUET_MAGIC = b"PAR1"
ARROW_FILE_MAGIC = b"ARROW1"
ARROW_STREAM_MAGIC = b"\xff\xff\xff\xff"


def columnar_format(head: bytes) -> str | None:
    """parquet or arrow by a file's first bytes, else None."""
    if head.startswith(PARQUET_MAGIC):
        return "parquet"
    return "arrow" if head.startswith((ARROW_FILE_MAGIC, ARROW_STREAM_MAGIC)) else None


@contextmanager
def unpacked(path: Path, compressed: bool) -> Iterator[Path]:
    """The file itself, or a temporary unpacked copy: both formats are read from several places at once."""
    if not compressed:
        yield path
        return
    with tempfile.NamedTemporaryFile(suffix=".unpacked") as copy:
        with gzip.open(path) as packed:
            shutil.copyfileobj(packed, copy, 1024 * 1024)
        copy.flush()
        yield Path(copy.name)


def record_batches(path: Path, kind: str) -> Iterator[pa.RecordBatch]:
    """Batches of a Parquet file (by row groups) or an Arrow file or stream (memory-mapped)."""
    if kind == "parquet":
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=BATCH)
        return
    with pa.memory_map(str(path)) as source:
        is_file = source.read(len(ARROW_FILE_MAGIC)) == ARROW_FILE_MAGIC
        source.seek(0)
        if is_file:
            reader = pa.ipc.open_file(source)
            batches: Iterator[pa.RecordBatch] = (reader.get_batch(place) for place in range(reader.num_record_batches))
        else:
            batches = iter(pa.ipc.open_stream(source))
        for batch in batches:
            for start in range(0, batch.num_rows, BATCH):
                yield batch.slice(start, BATCH)


def rows_of_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[Item]:
    """Rows as dicts, numbered from 1. A row with text that is not UTF-8 is set aside."""
    number = 0
    for batch in batches:
        try:
            values: list[Any] = batch.to_pylist()
        except UnicodeDecodeError:
            yield from _one_by_one(batch, number)
        else:
            for place, value in enumerate(values, number + 1):
                yield Row(place, value, None)
        number += batch.num_rows


def _one_by_one(batch: pa.RecordBatch, before: int) -> Iterator[Item]:
    for place in range(batch.num_rows):
        try:
            yield Row(before + place + 1, batch.slice(place, 1).to_pylist()[0], None)
        except UnicodeDecodeError as error:
            yield Problem(
                before + place + 1,
                "undecodable",
                f"byte {error.object[error.start]:#04x} at {error.start + 1}",
                error.object,
            )
