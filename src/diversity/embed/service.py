"""Embeds the texts of a data set: each distinct one once, cached ones never."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.embed.base import Embedder
from diversity.embed.cache import VectorCache, pack, text_keys, unpack

Texts: TypeAlias = Sequence[str] | pa.ChunkedArray
_FLUSH_SECONDS = 5.0
_CHUNK_CHARACTERS = 1_000_000
_BATCH = 8192


@dataclass(frozen=True)
class EmbeddedTexts:
    """Vectors of n texts, each distinct text once.

    `unique` is (m, d) unit rows in order of first appearance, `index` (n,) the row of each text, -1 for one without any
    visible character. `computed` + `from_cache` = m.
    """

    unique: NDArray[np.float32]
    index: NDArray[np.int64]
    computed: int
    from_cache: int

    @property
    def valid(self) -> NDArray[np.bool_]:
        """(n,) False where a text is empty or white space only."""
        return self.index >= 0

    def rows(self) -> NDArray[np.float32]:
        """(n, d) one row a text, zeros where it has none. A copy, n rows large."""
        rows = np.zeros((len(self.index), self.unique.shape[1]), dtype=np.float32)
        rows[self.valid] = self.unique[self.index[self.valid]]
        return rows


def embed_texts(
    texts: Texts,
    embedder: Embedder,
    cache_dir: Path | None,
    *,
    progress: Callable[[int, int], None] | None = None,
    chunk: int = 4096,
) -> EmbeddedTexts:
    """Vectors of the texts, from the cache where it knows them.

    New ones are computed in chunks of at most `chunk` texts of like length and written to the cache every few seconds
    and when this is left for whatever reason (an interrupt, an exception of `progress`), so a run that is started again
    goes on where it stood.

    Args:
        texts: n strings, or an Arrow column of strings without nulls.
        cache_dir: folder of all embedders' caches; None keeps nothing.
        progress: called with (distinct texts done, distinct texts), the cached ones first.
    """
    keys, index, first = _distinct(texts)
    cache = VectorCache(cache_dir, embedder.key) if cache_dir is not None and len(keys) else None
    dimension = (cache.dimension if cache is not None else None) or embedder.dimension
    unique = np.zeros((len(keys), dimension), dtype=np.float32)
    known = cache.fill(keys, unique) if cache is not None else np.zeros(len(keys), dtype=bool)
    from_cache = int(known.sum())
    report = progress or _unwatched
    report(from_cache, len(keys))
    _compute(texts, np.flatnonzero(~known), first, keys, unique, embedder, cache, report, chunk)
    return EmbeddedTexts(unique, index, len(keys) - from_cache, from_cache)


def _compute(
    texts: Texts,
    missing: NDArray[np.int64],
    first: NDArray[np.int64],
    keys: NDArray[np.uint64],
    unique: NDArray[np.float32],
    embedder: Embedder,
    cache: VectorCache | None,
    report: Callable[[int, int], None],
    chunk: int,
) -> None:
    """Fills the missing rows of `unique`."""
    if not len(missing):
        return
    done = len(keys) - len(missing)
    pending: list[tuple[NDArray[np.int64], NDArray[np.float16]]] = []
    flushed = time.monotonic()
    try:
        for part in _chunks(_lengths(texts, first[missing]), chunk):
            rows = missing[part]
            packed = pack(embedder.encode(_take(texts, first[rows])))
            unique[rows] = unpack(packed)
            pending.append((rows, packed))
            if time.monotonic() - flushed > _FLUSH_SECONDS:
                _flush(cache, pending, keys)
                flushed = time.monotonic()
            done += len(rows)
            report(done, len(keys))
    finally:
        _flush(cache, pending, keys)


def _flush(
    cache: VectorCache | None,
    pending: list[tuple[NDArray[np.int64], NDArray[np.float16]]],
    keys: NDArray[np.uint64],
) -> None:
    if cache is not None and pending:
        cache.add(
            keys[np.concatenate([rows for rows, _ in pending])], np.concatenate([packed for _, packed in pending])
        )
    pending.clear()


def _distinct(texts: Texts) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Keys (m, 2) of the distinct visible texts by first appearance, (n,) row of each text or -1, (m,) first text."""
    index = np.full(len(texts), -1, dtype=np.int64)
    visible = np.fromiter((bool(text.strip()) for text in _iterate(texts)), dtype=bool, count=len(texts))
    keys = text_keys(text for text in _iterate(texts))[visible]
    positions = np.flatnonzero(visible)
    if not len(keys):
        return keys, index, positions
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    new = np.r_[True, (keys[order][1:] != keys[order][:-1]).any(axis=1)]
    group = np.cumsum(new) - 1
    leader = order[new]
    by_appearance = np.argsort(leader)
    rank = np.empty_like(by_appearance)
    rank[by_appearance] = np.arange(len(leader))
    index[positions[order]] = rank[group]
    leader = leader[by_appearance]
    return keys[leader], index, positions[leader]


def _chunks(lengths: NDArray[np.int64], chunk: int) -> Iterator[NDArray[np.int64]]:
    """Positions in runs of like length, the runs in a fixed shuffled order so that progress is even."""
    order = np.argsort(lengths, kind="stable")
    total = np.cumsum(lengths[order])
    bounds = [0]
    while bounds[-1] < len(order):
        start = bounds[-1]
        before = int(total[start - 1]) if start else 0
        end = int(np.searchsorted(total, before + _CHUNK_CHARACTERS, "right"))
        bounds.append(min(max(end, start + 1), start + chunk))
    for i in np.random.default_rng(0).permutation(len(bounds) - 1):
        yield order[bounds[i] : bounds[i + 1]]


def _lengths(texts: Texts, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    everyone = np.fromiter((len(text) for text in _iterate(texts)), dtype=np.int64, count=len(texts))
    return everyone[positions]


def _iterate(texts: Texts) -> Iterator[str]:
    if isinstance(texts, pa.ChunkedArray):
        return chain.from_iterable(texts.slice(at, _BATCH).to_pylist() for at in range(0, len(texts), _BATCH))
    return iter(texts)


def _take(texts: Texts, positions: NDArray[np.int64]) -> list[str]:
    if isinstance(texts, pa.ChunkedArray):
        taken: list[str] = texts.take(pa.array(positions)).to_pylist()
        return taken
    return [texts[i] for i in positions.tolist()]


def _unwatched(done: int, total: int) -> None:
    """Progress that nobody watches."""
