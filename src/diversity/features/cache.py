"""Per-record features by content.

A row whose texts did not change is never measured twice, across versions and runs.
"""

from __future__ import annotations

import hashlib
import logging
import os
import uuid
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from diversity.sealed import checksum
from diversity.tidy import touch

KEY = "content_key"
KEY_BYTES = 16
MAX_SHARDS = 16
log = logging.getLogger(__name__)


def content_keys(columns: Sequence[Iterable[str]]) -> list[bytes]:
    """A 16-byte key for each row of parallel text columns."""
    return [
        hashlib.blake2b(b"".join(_framed(text) for text in row), digest_size=KEY_BYTES).digest()
        for row in zip(*columns, strict=True)
    ]


def _framed(text: str) -> bytes:
    """The text behind its length, so that no two rows of texts run into the same bytes."""
    content = text.encode("utf-8", "surrogatepass")
    return len(content).to_bytes(8, "little") + content


class FeatureCache:
    """Feature rows on disk, in append-only Parquet shards; a shard is written whole or not at all.

    A shard's name ends in the checksum of its content: one that no longer has it goes, and its rows count as unknown.
    `folder` holds the rows of one feature under one code version and one set of parameters: the caller puts both into
    its name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def compute(self, keys: list[bytes], rows: Callable[[NDArray[np.int64]], Iterable[pa.Table]]) -> pa.Table:
        """The feature's rows in the order of `keys`: known ones from disk, the others from `rows`.

        `rows` is called with the positions of the unknown keys (each distinct key once) and yields tables that cover
        them in order;
        each is flushed as it comes, so that an interrupted run loses at most one.
        """
        touch(self.folder)
        known = self._read()
        have = {key: position for position, key in enumerate(known[KEY].to_pylist())} if known is not None else {}
        first: dict[bytes, int] = {}
        for position, key in enumerate(keys):
            if key not in have:
                first.setdefault(key, position)
        tables = [known] if known is not None else []
        if first:
            tables += self._flushed(list(first), rows(np.fromiter(first.values(), dtype=np.int64)))
        offset = len(have)
        have.update({key: offset + number for number, key in enumerate(first)})
        every = pa.concat_tables(tables)
        return every.take(pa.array([have[key] for key in keys], pa.int64())).drop_columns([KEY])

    def _flushed(self, keys: list[bytes], tables: Iterable[pa.Table]) -> list[pa.Table]:
        done, written = 0, []
        for table in tables:
            part = table.append_column(KEY, pa.array(keys[done : done + table.num_rows], pa.binary(KEY_BYTES)))
            self._write(part)
            written.append(part)
            done += table.num_rows
        return written

    def _write(self, table: pa.Table) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        unfinished = self.folder / f".{name}.tmp"
        pq.write_table(table, unfinished)
        finished = self.folder / f"{name}-{checksum(unfinished):08x}.parquet"
        os.replace(unfinished, finished)
        return finished

    def _read(self) -> pa.Table | None:
        """All rows on disk, each key once, many small shards made one on the way."""
        shards = sorted(self.folder.glob("*.parquet")) if self.folder.is_dir() else []
        tables = [table for shard in shards if (table := _readable(shard)) is not None]
        if not tables:
            return None
        whole = pa.concat_tables(tables)
        seen: dict[bytes, int] = {}
        for position, key in enumerate(whole[KEY].to_pylist()):
            seen.setdefault(key, position)
        whole = whole.take(pa.array(list(seen.values()), pa.int64()))
        if len(shards) > MAX_SHARDS:
            kept = self._write(whole)
            for shard in shards:
                if shard != kept:
                    shard.unlink(missing_ok=True)
        return whole


def _readable(shard: Path) -> pa.Table | None:
    try:
        content = shard.read_bytes()
    except OSError as error:
        log.warning("Cache file %s cannot be read and is left out: %s", shard.name, error)
        return None
    if shard.stem.rpartition("-")[2] != f"{zlib.crc32(content):08x}":
        log.warning("Cache file %s is damaged and goes; what it held is measured again.", shard.name)
        with suppress(OSError):
            shard.unlink()
        return None
    return pq.read_table(pa.BufferReader(content))
