"""Words of Chinese and English text as hashed arrays: the units that lexical overlap counts.

Spaced scripts give lower-cased words without their commonest endings; scripts that are written without spaces give
pairs of neighbouring characters (a lone character stands for itself). Numbers are words of their own: `12,600` and
`12600` are one, `9.25` is not `9`. Measured on reading comprehension in Chinese, simplified and traditional:
character pairs find the right sentence as often as dictionary words do (within 0.5 points) or more often
(traditional, 1-2 points), and need no dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diversity.hashing import STEP
from diversity.text.scripts import MARK_RANGES, UNSPACED_RANGES, WIDE, is_wide

_OTHER, _LETTER, _DIGIT, _WIDE = 0, 1, 2, 3
_TABLE_SIZE = 0x20000
_BASE = STEP
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_MAX_WORD = 64
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_POSSESSIVE = re.compile(r"['’]s\b")
_GAP = re.compile(r"[\W_]+")
_WIDE_GAP = re.compile(f"(?<=[{WIDE}]) | (?=[{WIDE}])")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words of n texts, in reading order. `ids`: 64-bit hashes, shape (tokens,). `owner`: which text each belongs to,
    0..n-1."""

    ids: NDArray[np.uint64]
    owner: NDArray[np.int64]


def fold(text: str) -> str:
    """Return `text` in compatibility form (NFKC) and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def squash(text: str) -> str:
    """Return the folded letters and digits of `text`, gaps as one space, no space beside a Chinese or Japanese
    character.

    Two texts that differ only in punctuation, width, case or spacing squash to the same string.
    """
    return _WIDE_GAP.sub("", _GAP.sub(" ", fold(text)).strip())


def tokenize(texts: Sequence[str]) -> Tokens:
    """Return the words of `texts` as hashes. Time and memory are linear in the number of characters; the order of
    texts is kept."""
    joined = "\0".join(texts)
    if joined.count("\0") != len(texts) - 1:
        joined = "\0".join(text.replace("\0", " ") for text in texts)
    folded = _POSSESSIVE.sub("", _GROUPED.sub("", fold(joined)))
    points = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if points.size == 0:
        return Tokens(np.zeros(0, np.uint64), np.zeros(0, np.int64))
    owner = np.cumsum(points == 0, dtype=np.int64)
    kinds = _kinds(points)
    starts, ids = _spaced_words(points, kinds)
    wide_starts, wide_ids = _wide_pairs(points, kinds)
    starts, ids = np.concatenate([starts, wide_starts]), np.concatenate([ids, wide_ids])
    order = np.argsort(starts, kind="stable")
    return Tokens(ids[order], owner[starts[order]])


@lru_cache(maxsize=1)
def _kind_table() -> NDArray[np.uint8]:
    table = np.zeros(_TABLE_SIZE, np.uint8)
    for code in range(_TABLE_SIZE):
        char = chr(code)
        if char.isalnum():
            table[code] = _DIGIT if char.isdecimal() else _LETTER
    for low, high in MARK_RANGES:
        table[low : high + 1] = _LETTER
    for low, high in UNSPACED_RANGES:
        # What lies beyond the table is `_kinds`' business.
        high = min(high, _TABLE_SIZE - 1)
        table[low : high + 1] = np.where(table[low : high + 1] == _DIGIT, _DIGIT, _WIDE)
    return table


def _kinds(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    kinds = _kind_table()[np.minimum(points, _TABLE_SIZE - 1)]
    beyond = points >= _TABLE_SIZE
    kinds[beyond] = np.where(is_wide(points[beyond]), _WIDE, _OTHER)
    inner = (points[1:-1] == ord(".")) & (kinds[:-2] == _DIGIT) & (kinds[2:] == _DIGIT)
    kinds[1:-1][inner] = _DIGIT
    return kinds


def _spaced_words(points: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    spaced = (kinds == _LETTER) | (kinds == _DIGIT)
    change = np.flatnonzero(np.diff(kinds, prepend=np.uint8(255), append=np.uint8(255)))
    starts, stops = change[:-1], change[1:]
    keep = spaced[starts]
    starts, stops = starts[keep], stops[keep]
    if starts.size == 0:
        return starts.astype(np.int64), np.zeros(0, np.uint64)
    stops = np.minimum(_stems(points, starts, stops, kinds[starts] == _LETTER), starts + _MAX_WORD)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_scrambled(points, starts), dtype=np.uint64)])
    return starts.astype(np.int64), (sums[stops] - sums[starts]) * _BASE + (stops - starts).astype(np.uint64)


def _scrambled(points: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """One 64-bit value a character from its code and its place in the word; a word's hash is their sum (mod 2^64).

    Not `hashing.mixed`: hashed features (`features.type_cues`) take their columns from these values, and figures were
    measured with them.
    """
    first = np.zeros(points.size, np.int64)
    first[starts] = starts
    place = (np.arange(points.size) - np.maximum.accumulate(first)).astype(np.uint64)
    value = (points.astype(np.uint64) + (place << np.uint64(21)) + np.uint64(1)) * _BASE
    value ^= value >> np.uint64(29)
    value *= _MIX
    return value ^ (value >> np.uint64(32))


def _stems(
    points: NDArray[np.uint32], starts: NDArray[np.int64], stops: NDArray[np.int64], letters: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Drop -ing, -ies, -ed, -es, -s from words that keep at least three letters."""
    size = stops - starts
    last, second, third = (points[np.maximum(stops - k, 0)] for k in (1, 2, 3))
    s, d = last == ord("s"), last == ord("d")
    cut = np.zeros(starts.size, np.int64)
    cut[s & (second != ord("s"))] = 1
    cut[(s | d) & (second == ord("e"))] = 2
    cut[s & (second == ord("e")) & (third == ord("i"))] = 3
    cut[(last == ord("g")) & (second == ord("n")) & (third == ord("i"))] = 3
    return stops - np.where(letters & (size - cut >= 3) & (size > 3), cut, 0)


def _wide_pairs(points: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    wide = kinds == _WIDE
    after = np.append(wide[1:], False)
    before = np.concatenate([[False], wide[:-1]])
    starts = np.flatnonzero(wide & (after | ~before))
    follow = np.where(after[starts], points[np.minimum(starts + 1, points.size - 1)], 0).astype(np.uint64)
    value = ((points[starts].astype(np.uint64) << np.uint64(21)) + follow + np.uint64(1)) * _MIX
    return starts.astype(np.int64), value ^ (value >> np.uint64(31))
