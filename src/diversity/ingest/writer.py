"""Records as columns on disk, some thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from diversity.corpus import BATCH, RECORDS_FILE, RECORDS_SCHEMA, UNITS_FILE, UNITS_SCHEMA
from diversity.ingest.identity import Ids, content_hash
from diversity.normalize import Draft
from diversity.records import SetAside
from diversity.report import OwnIds

SET_ASIDE_FILE = "tables/set_aside.parquet"
SET_ASIDE_SCHEMA = pa.schema(
    [
        pa.field(name, pa.int64() if name == "line" else pa.string(), nullable=False)
        for name in ("file", "line", "reason", "detail", "raw")
    ]
)
_ASIDE_BATCH = 1024
_TURN = RECORDS_SCHEMA.field("turns").type


class CorpusWriter:
    """Writes records.parquet, units.arrow and tables/set_aside.parquet of one version.

    As a context manager: what an exception interrupts is removed.
    """

    def __init__(self, folder: Path) -> None:
        (folder / SET_ASIDE_FILE).parent.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.records = self.units = self.tool_turns = 0
        self._ids = Ids()
        self._tools = blake2b(digest_size=16)
        self._records: list[tuple[str, Draft, str, str, int]] = []
        self._aside: list[SetAside] = []
        self._record_file = pq.ParquetWriter(
            folder / RECORDS_FILE, RECORDS_SCHEMA, compression="zstd", compression_level=1
        )
        self._unit_sink = pa.OSFile(str(folder / UNITS_FILE), "wb")
        self._unit_file = pa.ipc.new_file(self._unit_sink, UNITS_SCHEMA)
        self._aside_file = pq.ParquetWriter(folder / SET_ASIDE_FILE, SET_ASIDE_SCHEMA, compression="zstd")

    def __enter__(self) -> CorpusWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._record_file, self._unit_file, self._unit_sink, self._aside_file):
            file.close()
        if kind is not None:
            for name in (RECORDS_FILE, UNITS_FILE, SET_ASIDE_FILE):
                (self.folder / name).unlink(missing_ok=True)

    def add(self, draft: Draft, file: str, line: int) -> None:
        """One more record. Raises Failure when its text cannot be stored."""
        content = content_hash(draft)
        self._records.append((self._ids.of(draft, content), draft, content, file, line))
        if len(self._records) >= BATCH:
            self._flush()

    def set_aside(self, row: SetAside) -> None:
        """One more row that is no record."""
        self._aside.append(row)
        if len(self._aside) >= _ASIDE_BATCH:
            self._flush_aside()

    def finish(self) -> str:
        """Writes what is left, settles the ids; gives the fingerprint over ids, content, task types, what tools were
        asked and which answers follow a tool's result, in order."""
        self._flush()
        self._flush_aside()
        self._record_file.close()
        if self._ids.unsettled:
            self._settle_ids()
        return self._fingerprint()

    @property
    def ids(self) -> OwnIds:
        """What became of the user's ids."""
        found = self._ids
        return OwnIds(
            used=found.given - found.repeated, missing=found.missing, repeated=found.repeated, example=found.example
        )

    def _flush(self) -> None:
        if not self._records:
            return
        ids, drafts, contents, files, lines = zip(*self._records, strict=True)
        counts = [len(draft.turns) for draft in drafts]
        queries, answers = zip(*chain.from_iterable(draft.turns for draft in drafts), strict=True)
        asked, replied = pa.array(queries, pa.large_string()), pa.array(answers, pa.large_string())
        self._write_records(ids, drafts, contents, files, lines, counts, asked, replied)
        self._write_units(counts, asked, replied, *self._tools_of(drafts, counts))
        self.records += len(drafts)
        self.units += len(asked)
        self._records = []

    def _write_records(
        self,
        ids: tuple[str, ...],
        drafts: tuple[Draft, ...],
        contents: tuple[str, ...],
        files: tuple[str, ...],
        lines: tuple[int, ...],
        counts: list[int],
        asked: pa.Array,
        replied: pa.Array,
    ) -> None:
        offsets = [0]
        for count in counts:
            offsets.append(offsets[-1] + count)
        levels = [draft.task_type for draft in drafts]
        turns = pa.StructArray.from_arrays([asked, replied], fields=list(_TURN.value_type))
        columns = {
            "record_id": ids,
            "task_type": levels,
            "task_type_1": [level[0] if level else None for level in levels],
            "task_type_2": [level[1] if len(level) > 1 else None for level in levels],
            "system": [draft.system for draft in drafts],
            "turns": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), turns, type=_TURN),
            "turn_count": counts,
            "content_hash": contents,
            "source_file": files,
            "source_line": lines,
            "source": [draft.source for draft in drafts],
        }
        arrays = [
            column if isinstance(column, pa.Array) else pa.array(column, RECORDS_SCHEMA.field(name).type)
            for name, column in columns.items()
        ]
        self._record_file.write_table(pa.Table.from_arrays(arrays, schema=RECORDS_SCHEMA), row_group_size=BATCH)

    def _tools_of(self, drafts: tuple[Draft, ...], counts: list[int]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """(units,) `Corpus.after_tool` and `Corpus.calls`; counts what tools said, and the fingerprint gets both."""
        flags, calls = np.zeros(sum(counts), np.bool_), np.zeros(sum(counts), np.int64)
        found = sum([draft.tool_turns for draft in drafts])
        if not found:
            return flags, calls
        self.tool_turns += found
        unit = 0
        for draft, count in zip(drafts, counts, strict=True):
            if draft.after_tool:
                flags[unit : unit + count] = draft.after_tool
            if draft.calls:
                calls[unit : unit + count] = draft.calls
            unit += count
        for told in (flags, calls):
            if told.any():
                self._tools.update(f"{self.units}:".encode() + told.tobytes())
        return flags, calls

    def _write_units(
        self,
        counts: list[int],
        asked: pa.Array,
        replied: pa.Array,
        after_tool: NDArray[np.bool_],
        calls: NDArray[np.int64],
    ) -> None:
        numbers = [place for place, count in enumerate(counts, self.records) for _ in range(count)]
        turns = [turn for count in counts for turn in range(count)]
        tools = [pa.array(after_tool), pa.array(calls)]
        columns = [pa.array(numbers, pa.int64()), pa.array(turns, pa.int32()), asked, replied, *tools]
        self._unit_file.write_batch(pa.RecordBatch.from_arrays(columns, schema=UNITS_SCHEMA))

    def _flush_aside(self) -> None:
        if self._aside:
            columns = {name: [getattr(row, name) for row in self._aside] for name in SET_ASIDE_SCHEMA.names}
            self._aside_file.write_table(pa.table(columns, schema=SET_ASIDE_SCHEMA))
            self._aside = []

    def _settle_ids(self) -> None:
        """Writes the column of ids anew."""
        old, new = self.folder / RECORDS_FILE, self.folder / f"{RECORDS_FILE}.new"
        final = self._ids.settled(_rows(old, ["record_id", "content_hash"]))
        with (
            pq.ParquetFile(old) as source,
            pq.ParquetWriter(new, RECORDS_SCHEMA, compression="zstd", compression_level=1) as target,
        ):
            for group in range(source.num_row_groups):
                table = source.read_row_group(group)
                settled = pa.array(islice(final, table.num_rows), pa.string())
                target.write_table(table.set_column(0, RECORDS_SCHEMA.field(0), settled).cast(RECORDS_SCHEMA))
        new.replace(old)

    def _fingerprint(self) -> str:
        digest = blake2b(digest_size=16)
        for row in _rows(self.folder / RECORDS_FILE, ["record_id", "content_hash", "task_type"]):
            digest.update(repr(row).encode("utf-8"))
        if self._tools.digest() != blake2b(digest_size=16).digest():
            digest.update(self._tools.digest())
        return digest.hexdigest()


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=BATCH, columns=columns):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
