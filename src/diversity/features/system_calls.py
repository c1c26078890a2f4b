"""What the records whose systems declare tools asked of tools. Those messages are no turns, so the corpus has none of
them; the record's own fields do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from diversity.corpus import BATCH, RECORDS_FILE, Corpus
from diversity.normalize import tools_in
from diversity.normalize.chat import CALL

Ints = NDArray[np.int64]


def messages_to_tools(corpus: Corpus, rows: Ints) -> list[tuple[str, ...]]:
    """The calls of the records in the given ascending rows, in order; () for one without any."""
    if corpus.folder is None or not len(rows):
        return [()] * len(rows)
    return [calls for table in _chosen(corpus, rows) for calls in map(_calls_of, table.to_pylist())]


def _chosen(corpus: Corpus, rows: Ints) -> Iterator[pa.Table]:
    """Turns and own fields of the rows, in batches."""
    assert corpus.folder is not None
    start = 0
    with pq.ParquetFile(corpus.folder / RECORDS_FILE) as file:
        for batch in file.iter_batches(batch_size=BATCH, columns=["turns", "source"]):
            first, last = np.searchsorted(rows, [start, start + len(batch)])
            if last > first:
                yield pa.Table.from_batches([batch]).take(pa.array(rows[first:last] - start))
            start += len(batch)


def _calls_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    turns = [(turn["query"], turn["answer"]) for turn in row["turns"]]
    used = tools_in(orjson.loads(row["source"]), turns) if row["source"] else ()
    return tuple(text for one in used for kind, text in one.messages if kind == CALL)
