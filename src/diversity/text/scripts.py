"""Which characters words are made of: what is written without spaces, and the marks that belong to a letter.

The strings stand inside character classes of regular expressions: `[{WIDE}]`, `[^\\W_{WIDE}]`.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

Ranges = tuple[tuple[int, int], ...]

# 々〆〇, the ideographs with their extensions, and those of old encodings.
HAN_RANGES: Ranges = ((0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
# Without the dot between names (・), which is a mark of punctuation.
_KANA_RANGES: Ranges = ((0x3041, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF))
_BOPOMOFO_RANGES: Ranges = ((0x3105, 0x312F), (0x31A0, 0x31BF))
# Thai, Lao and Tibetan, Burmese, Khmer.
_SOUTHERN_RANGES: Ranges = ((0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF))

WIDE_RANGES: Ranges = tuple(sorted(HAN_RANGES + _KANA_RANGES + _BOPOMOFO_RANGES))
# Scripts that put no space between words. Those of the south do put one between phrases, and are not wide.
UNSPACED_RANGES: Ranges = tuple(sorted(WIDE_RANGES + _SOUTHERN_RANGES))


def _spelt(ranges: Ranges) -> str:
    return "".join(chr(low) if low == high else f"{chr(low)}-{chr(high)}" for low, high in ranges)


# Where marks stand: a look at all of the 65,000 characters would be felt at every start.
_BLOCKS_WITH_MARKS = (range(0x300, 0x2100), range(0x2C00, 0x3100), range(0xA600, 0xAC00), range(0xFE20, 0xFE30))


def _mark_ranges() -> Ranges:
    """Accents and vowel signs: they go on with a word, and begin none.

    Without the variation selectors, which choose a picture and stand behind emoji, and without what lies beyond the
    first plane: regular expressions look a character up in one table for that plane, and hardly any living script
    has marks outside it.
    """
    found = [c for block in _BLOCKS_WITH_MARKS for c in block if unicodedata.category(chr(c)) in ("Mn", "Mc")]
    ranges: list[tuple[int, int]] = []
    for code in sorted(found):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return tuple(ranges)


HAN, WIDE, UNSPACED = _spelt(HAN_RANGES), _spelt(WIDE_RANGES), _spelt(UNSPACED_RANGES)
MARK_RANGES = _mark_ranges()
# With the two joiners, which change the shape of the letters around them.
MARKS = _spelt(MARK_RANGES) + "\u200c\u200d"


def word_of(without: str) -> str:
    """A pattern: a run of letters and digits with the marks on them, none of the characters `without`.

    It gives nothing back (`++`): so it costs no more than the run alone, which tears at marks.
    """
    letters = rf"[^\W{without}]"
    return rf"{letters}++(?:[{MARKS}]++{letters}*+)*+"


# A unit that a reader would count: a word of a spaced script, else a character with its marks.
WORD = word_of(f"_{UNSPACED}")
UNIT = rf"[{UNSPACED}][{MARKS}]*|{WORD}"


def is_wide(codes: NDArray[np.unsignedinteger]) -> NDArray[np.bool_]:
    """Which code points are Chinese or Japanese characters."""
    return np.asarray(_wide_table()[codes])


@cache
def _wide_table() -> NDArray[np.bool_]:
    table = np.zeros(sys.maxunicode + 1, bool)
    for low, high in WIDE_RANGES:
        table[low : high + 1] = True
    return table
