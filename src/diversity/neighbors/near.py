"""Near repeats: pairs of distinct texts whose shingle sets have a true Jaccard similarity of at least the threshold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from diversity.neighbors.minhash import candidates, signatures
from diversity.neighbors.pairs import Pairs, no_pairs
from diversity.neighbors.settings import DuplicateSettings
from diversity.neighbors.shingles import Shingles, as_sets, shingle
from diversity.neighbors.texts import Texts, chosen
from diversity.text.folding import fold_all

_CHUNK = 20_000


def near_pairs(texts: Texts, rows: NDArray[np.int64], settings: DuplicateSettings) -> Pairs:
    """Near pairs among the texts at `rows` (distinct ones), numbered by their place in `rows`.

    Memory: the signatures of all rows (about 260 bytes each), and the shingle sets of those that have a candidate (4
    bytes a character).
    """
    if len(rows) < 2:
        return no_pairs()
    found = candidates(signatures(_shingled(texts, rows, settings), len(rows), settings), settings)
    if not len(found):
        return no_pairs()
    involved, local = np.unique(found, return_inverse=True)
    local = local.reshape(-1, 2)
    similarity = _jaccard(_sets(texts, rows[involved], settings), local[:, 0], local[:, 1])
    return Pairs(found[:, 0], found[:, 1], similarity).only(similarity >= np.float32(settings.near_threshold))


def _shingled(texts: Texts, rows: NDArray[np.int64], settings: DuplicateSettings) -> Iterator[Shingles]:
    """Shingles of the fully folded texts: how exact repeats are folded is a choice, what a near repeat overlooks
    is not.
    """
    for batch in chosen(texts, rows):
        folded = [text if text else raw.strip() for text, raw in zip(fold_all(batch), batch, strict=True)]
        yield shingle(folded, settings.narrow_shingle, settings.wide_shingle)


def _sets(texts: Texts, rows: NDArray[np.int64], settings: DuplicateSettings) -> Shingles:
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
