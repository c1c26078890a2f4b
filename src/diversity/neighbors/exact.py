"""Exact repeats: texts that are the same after folding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from diversity.neighbors.texts import Texts, batches
from diversity.text.folding import Folding, fold_all

EMPTY = np.uint64(0)


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct texts of a column of n, ordered by key (not by place, so that an order of rows does not change what
    follows).

    `of_text` (n,): number of each text's distinct text, -1 for an empty text. `first` (d,): the earliest row with that
    text.
    `copies` (d,): how many rows have it.
    """

    of_text: NDArray[np.int64]
    first: NDArray[np.int64]
    copies: NDArray[np.int64]


def fold_keys(texts: Texts, folding: Folding = "full") -> NDArray[np.uint64]:
    """(n,) 64-bit keys, equal where the texts are equal after folding; 0 for a text of white space.

    A text that folds to nothing ("!!!") is keyed by itself, so that it only equals its own repeats.
    """
    parts = [keys_of(batch, fold_all(batch, folding)) for batch in batches(texts)]
    return np.concatenate(parts) if parts else np.zeros(0, np.uint64)


def keys_of(texts: Sequence[str], folded: Sequence[str]) -> NDArray[np.uint64]:
    """The same for texts that were folded already."""
    digests = []
    for text, content in zip(texts, folded, strict=True):
        if content:
            digests.append(_digest(content))
        else:
            stripped = text.strip()
            digests.append(_digest("\x00" + stripped) if stripped else bytes(8))
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def distinct(keys: NDArray[np.uint64]) -> Distinct:
    """Groups equal keys (see `fold_keys`); empty texts belong to no group."""
    values, first, inverse, copies = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    of_text = inverse.astype(np.int64)
    if len(values) and values[0] == EMPTY:
        return Distinct(of_text - 1, first[1:].astype(np.int64), copies[1:].astype(np.int64))
    return Distinct(of_text, first.astype(np.int64), copies.astype(np.int64))


def repeat_count(texts: Texts, folding: Folding = "strip") -> tuple[int, int]:
    """How many non-empty texts there are, and how many of them repeat an earlier one (the first of each does not
    count).
    """
    groups = distinct(fold_keys(texts, folding))
    filled = int(groups.copies.sum())
    return filled, filled - len(groups.copies)
