"""Near repeats: pairs of distinct texts whose shingle sets have a true Jaccard similarity of at least the threshold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.neighbors.clusters import stars
from diversity.neighbors.exact import keys_of
from diversity.neighbors.minhash import Signatures, candidates, signatures
from diversity.neighbors.pairs import Pairs, no_pairs
from diversity.neighbors.settings import DuplicateSettings
from diversity.neighbors.shingles import Shingles, as_sets, shingle
from diversity.neighbors.texts import Texts, batches, chosen
from diversity.text.folding import fold_all

_CHUNK = 20_000
_PAIRS_AT_ONCE = 4_096
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Signed:
    """What can be said of each of n texts by itself: its key (n,), see `fold_keys`, and its signature."""

    keys: NDArray[np.uint64]
    signatures: Signatures

    def to_table(self) -> pa.Table:
        """One row a text, of fixed size."""
        low = self.signatures.bytes
        bands = np.ascontiguousarray(self.signatures.bands.T)
        return pa.table({"key": self.keys, "bytes": _packed(low), "bands": _packed(bands)})

    @classmethod
    def from_table(cls, table: pa.Table) -> Signed:
        """What `to_table` made, in the order of the rows."""
        bands = _unpacked(table["bands"], np.uint32)
        signatures = Signatures(np.ascontiguousarray(bands.T), _unpacked(table["bytes"], np.uint8))
        return cls(table["key"].to_numpy(), signatures)


def sign(texts: Texts, settings: DuplicateSettings) -> Signed:
    """Keys and signatures of `texts` (n,): folding is half of the work of either, and done once for both."""
    keys: list[NDArray[np.uint64]] = [np.zeros(0, np.uint64)]

    def shingled() -> Iterator[Shingles]:
        for batch in batches(texts):
            folded = fold_all(batch)
            keys.append(keys_of(batch, folded if settings.folding == "full" else fold_all(batch, settings.folding)))
            yield _shingle(batch, folded, settings)

    found = signatures(shingled(), settings)
    return Signed(np.concatenate(keys), found)


def _packed(rows: NDArray[Any]) -> pa.Array:
    width = rows.shape[1] * rows.itemsize
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(rows), [None, pa.py_buffer(rows)])


def _unpacked(column: pa.ChunkedArray, dtype: type[np.generic]) -> NDArray[Any]:
    width = column.type.byte_width
    parts = [
        np.frombuffer(chunk.buffers()[1], np.uint8, len(chunk) * width, chunk.offset * width)
        for chunk in column.chunks
        if len(chunk)
    ]
    flat = np.concatenate(parts) if parts else np.empty(0, np.uint8)
    return flat.reshape(-1, width).view(dtype)


def near_pairs(
    texts: Texts, rows: NDArray[np.int64], settings: DuplicateSettings, signed: Signatures | None = None
) -> Pairs:
    """Near pairs among the texts at `rows` (distinct ones), numbered by their place in `rows`; `signed` are their
    signatures where they are known.

    Memory: the signatures of all rows (about 260 bytes each), and the shingle sets of those that have a candidate (4
    bytes a character).
    """
    if len(rows) < 2:
        return no_pairs()
    found = candidates(signed or signatures(_shingled(texts, rows, settings), settings), settings)
    if not len(found):
        return no_pairs()
    involved, local = np.unique(found, return_inverse=True)
    sets = shingle_sets(texts, rows[involved], settings)
    pairs = _verified(sets, local.reshape(-1, 2), settings.near_threshold)
    for _ in range(_ROUNDS):
        fresh = _verified(sets, _two_steps(pairs, len(involved)), settings.near_threshold)
        pairs = pairs.and_(fresh)
        if not len(fresh):
            break
    return Pairs(involved[pairs.left], involved[pairs.right], pairs.similarity)


def similarities(left: Texts, right: Texts, settings: DuplicateSettings) -> NDArray[np.float32]:
    """(n,) true Jaccard similarity of the texts that stand beside each other; 1 where neither has anything in it.

    Memory: the shingle sets of some thousands at a time.
    """
    out = np.ones(len(left), np.float32)
    for start in range(0, len(left), _PAIRS_AT_ONCE):
        rows = np.arange(start, min(start + _PAIRS_AT_ONCE, len(left)))
        first, second = (shingle_sets(texts, rows, settings) for texts in (left, right))
        both = Shingles(
            np.concatenate([first.hashes, second.hashes]),
            np.concatenate([first.offsets, first.offsets[-1] + second.offsets[1:]]),
        )
        places = np.arange(len(rows))
        some = (np.diff(first.offsets) + np.diff(second.offsets)) > 0
        out[rows[some]] = _jaccard(both, places[some], places[some] + len(rows))
    return out


def _verified(sets: Shingles, candidates: NDArray[np.int64], threshold: float) -> Pairs:
    similarity = _jaccard(sets, candidates[:, 0], candidates[:, 1])
    return Pairs(candidates[:, 0], candidates[:, 1], similarity).only(similarity >= np.float32(threshold))


def _two_steps(pairs: Pairs, count: int) -> NDArray[np.int64]:
    """(c, 2) new candidates where a pair crosses between stars: each text with the center of the other's star.

    In a crowded bucket not all pairs are looked at, so a crowd may fall into several stars that belong together.
    """
    center = stars(pairs, np.ones(count, np.int64)).center
    crossing = pairs.only(center[pairs.left] != center[pairs.right])
    left, right = center[crossing.left], center[crossing.right]
    one = np.concatenate([crossing.left, crossing.right, left])
    two = np.concatenate([right, left, right])
    low, high = np.minimum(one, two), np.maximum(one, two)
    codes = np.setdiff1d(low[low < high] * count + high[low < high], pairs.left * count + pairs.right)
    return np.column_stack([codes // count, codes % count])


def _shingled(texts: Texts, rows: NDArray[np.int64], settings: DuplicateSettings) -> Iterator[Shingles]:
    """Shingles of the fully folded texts: how exact repeats are folded is a choice, what a near repeat overlooks
    is not.
    """
    for batch in chosen(texts, rows):
        yield _shingle(batch, fold_all(batch), settings)


def _shingle(batch: Sequence[str], folded: Sequence[str], settings: DuplicateSettings) -> Shingles:
    content = [text if text else raw.strip() for text, raw in zip(folded, batch, strict=True)]
    return shingle(content, settings.narrow_shingle, settings.wide_shingle)


def shingle_sets(texts: Texts, rows: NDArray[np.int64], settings: DuplicateSettings) -> Shingles:
    """The shingles of the texts at `rows` as sets of 31-bit hashes, sorted."""
    parts = [as_sets(part) for part in _shingled(texts, rows, settings)]
    counts = np.concatenate([np.diff(part.offsets) for part in parts])
    hashes = np.concatenate([part.hashes.astype(np.int32) for part in parts])
    return Shingles(hashes, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))


def _jaccard(sets: Shingles, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float32]:
    """(p,) |A ∩ B| / |A ∪ B| of the paired sets."""
    from scipy.sparse import csr_array

    ones = np.ones(len(sets.hashes), np.int8)
    matrix = csr_array((ones, sets.hashes, sets.offsets), shape=(len(sets.offsets) - 1, 2**31 - 1))
    sizes = np.diff(sets.offsets)
    out = np.zeros(len(left), np.float32)
    for start in range(0, len(left), _CHUNK):
        a, b = left[start : start + _CHUNK], right[start : start + _CHUNK]
        shared = np.diff(matrix[a].multiply(matrix[b]).indptr)
        out[start : start + _CHUNK] = shared / (sizes[a] + sizes[b] - shared)
    return out
