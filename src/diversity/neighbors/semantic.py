"""Semantic repeats: pairs of distinct texts whose mean-centred vectors have a cosine of at least the threshold.

Up to a limit all pairs are compared. Most of the arithmetic is saved without losing a pair: in the basis of the
principal axes the first 63 dimensions of two unit vectors give all of their cosine but for a rest that is at most the
product of the two lengths left over (Cauchy-Schwarz). Only pairs that this bound does not rule out are computed in
full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.neighbors.pairs import Pairs, no_pairs
from diversity.neighbors.settings import DuplicateSettings

Vectors = NDArray[np.float32]
Step = Callable[[int, int | None], None]

_ROWS, _COLUMNS = 1024, 4096
_HEAD = 63
_CROWDED = 8
_SLACK = np.float32(1e-4)


def semantic_pairs(vectors: Vectors, threshold: float, settings: DuplicateSettings, step: Step | None = None) -> Pairs:
    """Pairs of rows of `vectors` (m, d), unit length, with a cosine of at least `threshold`; all of them, unless they
    are very many.

    Where a tile of the comparison holds more than eight pairs a row, a row with more than `semantic_max_links` partners
    speaks for them: they are paired with it and no longer with one another, so that ten thousand wordings of one
    sentence stay linear. Beyond
    `brute_force_limit` rows only the `semantic_max_links` nearest that an index finds are looked at. Memory: 260 bytes
    × m.
    """
    if len(vectors) < 2:
        return no_pairs()
    propose = _by_bound if len(vectors) <= settings.brute_force_limit else _by_index
    found = [no_pairs()]
    for part in propose(vectors, threshold, settings):
        found.append(part)
        if step is not None:
            step(int(part.left.max(initial=0)), len(vectors))
    pairs = Pairs(
        np.concatenate([part.left for part in found]),
        np.concatenate([part.right for part in found]),
        np.concatenate([part.similarity for part in found]),
    )
    _, once = np.unique(pairs.left * len(vectors) + pairs.right, return_index=True)
    return pairs.only(once)


def _by_bound(vectors: Vectors, threshold: float, settings: DuplicateSettings) -> Iterator[Pairs]:
    """The pairs of one tile after the other; only those whose bound reaches the threshold are computed."""
    heads = _heads(vectors)
    buffer = np.empty(_ROWS * _COLUMNS, np.float32)
    spoken_for = np.zeros(len(vectors), bool)
    for top in range(0, len(heads), _ROWS):
        rows = heads[top : top + _ROWS]
        for start in range(top, len(heads), _COLUMNS):
            columns = heads[start : start + _COLUMNS]
            bound = buffer[: len(rows) * len(columns)].reshape(len(rows), len(columns))
            np.matmul(rows, columns.T, out=bound)
            reached = np.flatnonzero(bound >= threshold - _SLACK)
            left, right = reached // len(columns) + top, reached % len(columns) + start
            later = right > left
            left, right = left[later], right[later]
            if len(left) <= _CROWDED * len(rows):
                yield _verified(vectors, left, right, threshold)
            else:
                yield from _led(vectors, left, right, threshold, spoken_for, settings.semantic_max_links)


def _led(
    vectors: Vectors,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    threshold: float,
    spoken_for: NDArray[np.bool_],
    most: int,
) -> Iterator[Pairs]:
    """The pairs of a crowded tile, row by row: partners of a row that has too many drop out as rows of their own."""
    ends = np.append(np.flatnonzero(np.diff(left)) + 1, len(left))
    start = 0
    for end in ends.tolist():
        row, partners = int(left[start]), right[start:end]
        start = end
        if spoken_for[row]:
            continue
        pairs = _verified(vectors, np.full(len(partners), row), partners, threshold)
        if len(pairs) > most:
            spoken_for[pairs.right] = True
        yield pairs


def _heads(vectors: Vectors) -> Vectors:
    """(m, 64) first principal coordinates and the length of what they leave; a dot product of two rows bounds the
    cosine from above.
    """
    if vectors.shape[1] <= _HEAD + 1:
        return vectors
    sample = vectors[:: max(1, len(vectors) // 8192)]
    _, axes = np.linalg.eigh(sample.T @ sample)
    head = vectors @ axes[:, ::-1][:, :_HEAD]
    rest = np.sqrt(np.maximum(np.einsum("ij,ij->i", vectors, vectors) - np.einsum("ij,ij->i", head, head), 0))
    return np.ascontiguousarray(np.column_stack([head, rest]), dtype=np.float32)


def _by_index(vectors: Vectors, threshold: float, settings: DuplicateSettings) -> Iterator[Pairs]:
    """Pairs that an inverted-file index finds among the nearest of each row."""
    import faiss

    lists = int(4 * len(vectors) ** 0.5)
    index: Any = faiss.index_factory(vectors.shape[1], f"IVF{lists},Flat", faiss.METRIC_INNER_PRODUCT)
    index.cp.seed = settings.seed
    index.train(vectors[:: max(1, len(vectors) // (lists * 64))])
    index.add(vectors)
    index.nprobe = min(settings.index_probes, lists)
    for start in range(0, len(vectors), 2 * _COLUMNS):
        values, near = index.search(vectors[start : start + 2 * _COLUMNS], settings.semantic_max_links + 1)
        rows, columns = np.nonzero((values >= threshold - _SLACK) & (near >= 0))
        low, high = np.sort([rows + start, near[rows, columns]], axis=0)
        yield _verified(vectors, low[low < high], high[low < high], threshold)


def _verified(vectors: Vectors, left: NDArray[np.int64], right: NDArray[np.int64], threshold: float) -> Pairs:
    cosine = np.empty(len(left), np.float32)
    for start in range(0, len(left), 16_384):
        part = slice(start, start + 16_384)
        cosine[part] = np.einsum("ij,ij->i", vectors[left[part]], vectors[right[part]])
    pairs = Pairs(left.astype(np.int64), right.astype(np.int64), np.minimum(cosine, np.float32(1)))
    return pairs.only(cosine >= np.float32(threshold))
