"""The records that have a system prompt: which of a set they are, and their texts, turn by turn or joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.inputs import Inputs, TextField
from diversity.features.system_partners import Systems

BATCH = 2_048

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SystemRecords:
    """The records with a system: `rows` (n,) their numbers, `system` and `group` (n,), `first` and `last` (n,) bounds
    of their units, `language` (n,) of the first query."""

    rows: Ints
    system: Ints
    group: Ints
    first: Ints
    last: Ints
    language: NDArray[np.str_]


def records_with_system(inputs: Inputs, systems: Systems) -> SystemRecords:
    """Those of the set that have a system and at least one turn, in its order."""
    corpus = inputs.corpus
    rows = np.flatnonzero(systems.of >= 0)
    first = np.searchsorted(corpus.record_of_unit, rows, "left")
    last = np.searchsorted(corpus.record_of_unit, rows, "right")
    some = last > first
    rows, first, last = rows[some], first[some], last[some]
    system = systems.of[rows]
    language = inputs.prompt_language[first] if len(rows) else np.zeros(0, "<U5")
    return SystemRecords(rows, system, systems.group[system], first, last, language)


def turns(inputs: Inputs, records: SystemRecords, at: int) -> tuple[list[str], list[str]]:
    """What user and assistant say in the record at place `at`."""
    start, length = int(records.first[at]), int(records.last[at] - records.first[at])
    corpus = inputs.corpus
    return corpus.prompts.slice(start, length).to_pylist(), corpus.answers.slice(start, length).to_pylist()


def parts(count: int) -> Iterator[slice]:
    """`count` records in batches, which bounds the memory."""
    for start in range(0, count, BATCH):
        yield slice(start, min(start + BATCH, count))


def joined(inputs: Inputs, records: SystemRecords, of: TextField, limit: int | None = None) -> Iterator[list[str]]:
    """Each record's texts of one side with a separator between turns, its first `limit` characters, in batches."""
    texts = inputs.texts(of)
    for part in parts(len(records.rows)):
        first, last = records.first[part], records.last[part]
        units = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)])
        flat = texts.take(pa.array(units)).to_pylist()
        ends = np.cumsum(last - first).tolist()
        yield ["\x1e".join(flat[a:b])[:limit] for a, b in zip([0, *ends], ends, strict=False)]
