"""A version's records as columns, memory-mapped.

Every step reads the texts in batches, none needs them all as Python strings.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

RECORDS_FILE = "records.parquet"
UNITS_FILE = "units.arrow"
BATCH = 8192

RECORDS_SCHEMA = pa.schema(
    [
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("task_type", pa.list_(pa.string()), nullable=False),
        pa.field("task_type_1", pa.string()),
        pa.field("task_type_2", pa.string()),
        pa.field("system", pa.large_string()),
        pa.field(
            "turns", pa.list_(pa.struct([("query", pa.large_string()), ("answer", pa.large_string())])), nullable=False
        ),
        pa.field("turn_count", pa.int32(), nullable=False),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("source_file", pa.string(), nullable=False),
        pa.field("source_line", pa.int64(), nullable=False),
        pa.field("source", pa.large_string(), nullable=False),
    ]
)
UNITS_SCHEMA = pa.schema(
    [
        pa.field("record", pa.int64(), nullable=False),
        pa.field("turn", pa.int32(), nullable=False),
        pa.field("prompt", pa.large_string(), nullable=False),
        pa.field("answer", pa.large_string(), nullable=False),
        pa.field("after_tool", pa.bool_(), nullable=False),
        pa.field("calls", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Corpus:
    """The records of one version.

    `records` has one row a record (RECORDS_SCHEMA without `turns` and `source`), `units` one row a (record, turn) pair
    (UNITS_SCHEMA),
    in reading order, backed by a memory-mapped file.
    """

    records: pa.Table
    units: pa.Table
    folder: Path | None = None

    @classmethod
    def open(cls, folder: Path) -> Corpus:
        """Opens what `ingest` wrote into `folder`."""
        columns = [name for name in RECORDS_SCHEMA.names if name not in ("turns", "source")]
        records = pq.read_table(folder / RECORDS_FILE, columns=columns)
        with pa.memory_map(str(folder / UNITS_FILE)) as source:
            units = pa.ipc.open_file(source).read_all()
        return cls(records, units, folder)

    @property
    def record_count(self) -> int:
        return int(self.records.num_rows)

    @property
    def unit_count(self) -> int:
        return int(self.units.num_rows)

    @cached_property
    def record_of_unit(self) -> NDArray[np.int64]:
        """(U,) row number of each unit's record."""
        return np.asarray(self.units["record"].to_numpy())

    @cached_property
    def turn_of_unit(self) -> NDArray[np.int32]:
        """(U,) turn number of each unit, from 0."""
        return np.asarray(self.units["turn"].to_numpy())

    @property
    def after_tool(self) -> NDArray[np.bool_]:
        """(U,) whether a tool's result stands between each prompt and its answer, which may rest on that."""
        return np.asarray(self.units["after_tool"].to_numpy())

    @property
    def calls(self) -> NDArray[np.int64]:
        """(U,) a number for what tools were asked in each turn beside its answer, 0 for nothing: two turns with the
        same number asked the same."""
        return np.asarray(self.units["calls"].to_numpy())

    @cached_property
    def first_units(self) -> NDArray[np.int64]:
        """(R,) the unit of each record's first turn: later turns lean on what was said before."""
        return np.searchsorted(self.record_of_unit, np.arange(self.record_count))

    @property
    def prompts(self) -> pa.ChunkedArray:
        """(U,) the user's query of each unit."""
        return self.units["prompt"]

    @property
    def answers(self) -> pa.ChunkedArray:
        """(U,) the assistant's answer of each unit."""
        return self.units["answer"]

    @cached_property
    def record_ids(self) -> pa.Array:
        """(R,) ids of the records."""
        return self.records["record_id"].combine_chunks()

    def unit_keys(self, units: NDArray[np.int64] | None = None) -> dict[str, pa.Array]:
        """Columns `record_id` and `turn` of the given units (all when None): how every per-record table starts."""
        chosen = np.arange(self.unit_count) if units is None else units
        return {
            "record_id": pc.take(self.record_ids, pa.array(self.record_of_unit[chosen])),
            "turn": pa.array(self.turn_of_unit[chosen]),
        }

    def task_types(self, level: int) -> pa.Array:
        """(R,) level 1 or 2 of each record's task_type, null where there is none."""
        return self.records[f"task_type_{level}"].combine_chunks()

    @cached_property
    def deepest_types(self) -> pa.Array:
        """(R,) each record's task type on both levels in one name, `level 1-level 2` or level 1 alone, null where
        there is none. Two types never have one name: where they would (`a` with `b-c`, `a-b` with `c`), the levels
        are in quotation marks.
        """
        first, second = self.task_types(1), self.task_types(2)
        joined = pc.coalesce(pc.binary_join_element_wise(first, second, "-", null_handling="emit_null"), first)
        pairs = pa.table([first, second], ["first", "second"]).group_by(["first", "second"]).aggregate([])
        if pairs.num_rows == pc.count_distinct(joined, mode="all").as_py():
            return joined
        names = _distinct_names(list(zip(*(column.to_pylist() for column in pairs.columns), strict=True)))
        levels = zip(first.to_pylist(), second.to_pylist(), strict=True)
        return pa.array([names[pair] for pair in levels], joined.type)


def _distinct_names(pairs: list[tuple[str | None, str | None]]) -> dict[tuple[str | None, str | None], str | None]:
    """A name for each pair of levels that no other one has."""
    plain = {pair: pair[0] if pair[1] is None else f"{pair[0]}-{pair[1]}" for pair in pairs}
    often = Counter(plain.values())
    return {
        (first, second): name
        if second is None or often[name] == 1
        else f"{json.dumps(first, ensure_ascii=False)}-{json.dumps(second, ensure_ascii=False)}"
        for (first, second), name in plain.items()
    }


def batches(texts: pa.ChunkedArray, size: int = BATCH) -> Iterator[list[str]]:
    """The texts as Python lists of at most `size`, one list alive at a time."""
    for start in range(0, len(texts), size):
        yield texts.slice(start, size).to_pylist()
