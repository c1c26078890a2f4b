"""Texts as sets of hashed character shingles, made for whole batches at once.

The set of a folded text holds, for every position, the `wide` characters from there if the character at the position is
Chinese or Japanese, else the `narrow` characters from there, as far as they fit. So a Chinese text gives its character
trigrams, an English one its character 5-grams, and a mixed text both, by one rule that needs no guess of the language.
Characters that no fitting shingle reaches, such as the last digits of a number after Chinese, are one shingle a run:
every character of a text counts. A text in which nothing fits, or which has no letter at all (a number, a formula), is
one shingle: itself. So short texts neither vanish nor look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diversity.hashing import STEP, mixed
from diversity.text.scripts import is_wide


@dataclass(frozen=True, slots=True)
class Shingles:
    """Hashed shingles of texts: text i has `hashes[offsets[i]:offsets[i + 1]]`, in reading order, repeats and all."""

    hashes: NDArray[np.uint64]
    offsets: NDArray[np.int64]


def shingle(folded: Sequence[str], narrow: int = 5, wide: int = 3) -> Shingles:
    """The shingles of folded texts (module docstring) as 64-bit hashes. An empty text has none."""
    lengths = np.fromiter((len(text) for text in folded), np.int64, len(folded))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    codes = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    wide_at = is_wide(codes)
    room = np.repeat(offsets[1:], lengths) - np.arange(len(codes))
    fits = room >= np.where(wide_at, wide, narrow)
    fits &= np.repeat(_any_in(_letters(codes, wide_at), offsets), lengths)
    hashes = _rolling(codes, narrow)
    hashes[wide_at] = _rolling(codes, wide)[wide_at] if wide_at.any() else hashes[wide_at]
    starts, sizes = _unreached(fits, np.where(wide_at, wide, narrow), offsets)
    for size in np.unique(sizes).tolist():
        hashes[starts[sizes == size]] = _rolling(codes, size)[starts[sizes == size]]
    lone = (lengths > 0) & ~_any_in(fits, offsets)
    fits[starts] = True
    fits[offsets[:-1][lone]] = True
    hashes[offsets[:-1][lone]] = _whole(codes, offsets)[lone]
    return Shingles(hashes[fits], np.concatenate([[0], np.cumsum(fits)])[offsets].astype(np.int64))


def as_sets(shingles: Shingles) -> Shingles:
    """The same, sorted and without repeats; hashes are cut to their upper 31 bits, enough to tell shingles of two
    texts apart.
    """
    count = len(shingles.offsets) - 1
    rows = np.repeat(np.arange(count, dtype=np.uint64), np.diff(shingles.offsets))
    keys = np.sort((rows << np.uint64(31)) | (shingles.hashes >> np.uint64(33)))
    new = np.ones(len(keys), bool)
    new[1:] = keys[1:] != keys[:-1]
    keys = keys[new]
    counts = np.bincount((keys >> np.uint64(31)).astype(np.int64), minlength=count)
    return Shingles(keys & np.uint64(0x7FFFFFFF), np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))


def _any_in(flags: NDArray[np.bool_], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Per text, whether any of its positions is flagged."""
    running = np.concatenate([[0], np.cumsum(flags)])
    return np.asarray(running[offsets[1:]] > running[offsets[:-1]])


def _unreached(
    fits: NDArray[np.bool_], sizes: NDArray[np.int64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(starts, lengths) of the runs of characters in no fitting shingle, of texts in which some shingle fits."""
    places = np.arange(len(fits))
    reached = np.maximum.accumulate(np.where(fits, places + sizes, 0)) > places
    bare = ~reached & np.repeat(_any_in(fits, offsets), np.diff(offsets))
    new_text = np.zeros(len(fits) + 1, bool)
    new_text[offsets] = True
    before, after = np.concatenate([[False], bare[:-1]]), np.concatenate([bare[1:], [False]])
    starts = np.flatnonzero(bare & (~before | new_text[:-1]))
    ends = np.flatnonzero(bare & (~after | new_text[1:]))
    return starts, ends + 1 - starts


def _letters(codes: NDArray[np.uint64], wide_at: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Folded Latin letters are lower case; beyond U+00C0 nearly everything outside punctuation blocks is a letter."""
    return wide_at | ((codes >= 0x61) & (codes <= 0x7A)) | ((codes >= 0xC0) & ((codes < 0x2000) | (codes >= 0x2C00)))


def _rolling(codes: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Hash of the `size` codes from each position (those at the very end run into zeros and are never used)."""
    padded = np.concatenate([codes, np.zeros(size, np.uint64)])
    value = np.full(len(codes), size, np.uint64)
    for step in range(size):
        value *= STEP
        value += padded[step : step + len(codes)]
    return mixed(value)


def _whole(codes: NDArray[np.uint64], offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Per text, a hash of all its characters with their places."""
    places = np.arange(len(codes)) - np.repeat(offsets[:-1], np.diff(offsets))
    parts = mixed(codes * STEP + mixed(places.astype(np.uint64) + np.uint64(1)))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(parts, dtype=np.uint64)])
    return mixed(sums[offsets[1:]] - sums[offsets[:-1]])
