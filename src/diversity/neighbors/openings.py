"""What many texts begin or end with: the phrases that a share of them has in common."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from diversity.neighbors.texts import Texts, batches, take
from diversity.text.scripts import UNIT, UNSPACED, WORD

Side = Literal["opening", "closing"]

LEVELS = 16
_WINDOW = 100
# A tag ("</sup>", "<|1|>") is one mark: cut in two it says nothing.
_TAG = r"</?[A-Za-z][A-Za-z0-9]{0,15}(?: [^<>]{0,40})?/?>|<\|\w{1,20}\|>"
_UNIT = re.compile(rf"{_TAG}|{UNIT}(?:['’]{WORD})*|[^\w\s]")
_WORDY = re.compile(r"[^\W\d_]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_WHOLE_PHRASE = 15
_SUBSUMED = 0.7
# What so many of the texts share tells something, however short it is.
_TELLING = 0.2


@dataclass(frozen=True, slots=True)
class Phrase:
    """`text` as the earliest text (`example`, its row) has it; `count` different texts have it, `share` of them.

    It is the first (last) `units` words, Chinese characters and marks of each.
    """

    text: str
    count: int
    share: float
    example: int
    units: int


@dataclass(frozen=True, slots=True)
class Edges:
    """How n texts begin or end. `keys` (n, LEVELS): a hash of the first (last) 1, 2, … units, 0 where the text has no
    word beyond them. `different`: the first row of each different text that is not empty, ascending.
    """

    side: Side
    keys: NDArray[np.uint32]
    different: NDArray[np.int64]

    def having(self, phrase: Phrase) -> NDArray[np.bool_]:
        """(n,) whether a text begins (ends) with the phrase."""
        column = self.keys[:, phrase.units - 1]
        return np.asarray(column == column[phrase.example])


def edges(texts: Texts, side: Side) -> Edges:
    """The beginnings or endings of texts. Linear in the texts; memory 80 bytes a text."""
    prefixes, wholes = [np.zeros((0, LEVELS), np.uint32)], [np.zeros(0, np.int64)]
    for batch in batches(texts):
        prefixes.append(_prefix_keys(batch, side))
        stripped = [text.strip() for text in batch]
        wholes.append(
            np.array([(len(t) << 32) + crc32(t.encode("utf-8", "surrogatepass")) for t in stripped], np.int64)
        )
    values, first = np.unique(np.concatenate(wholes), return_index=True)
    return Edges(side, np.concatenate(prefixes), np.sort(first[values > 0]))


def shared_phrases(
    texts: Texts, found: Edges, *, least_share: float = 0.005, least: int = 5, most: int = 20
) -> list[Phrase]:
    """The most frequent openings or closings of the different texts among `texts`, most frequent first, at most `most`.

    A text that stands there several times counts once: repeated texts are another matter. A phrase counts when at least
    `least` texts and `least_share` of them have it and go on beyond it, and when it means something by itself: three
    words or five Chinese characters, less where a mark follows ("Sure!", "好的，"), and any two words that a fifth of
    the texts share. A beginning of a listed phrase is left out when that phrase keeps 70% of its count; the most
    frequent phrase of all stands first in any case.
    """
    total = len(found.different)
    frequent = _frequent(found.keys, found.different, max(least, int(np.ceil(least_share * total))))
    rows = np.array([row for row, _, _ in frequent], np.int64)
    phrases = [
        Phrase(text, count, count / total, row, level)
        for (row, level, count), raw in zip(frequent, take(texts, rows), strict=True)
        if (text := _phrase(raw, found.side, level, level > 1 and count >= _TELLING * total))
    ]
    ordered = sorted(_listed(phrases, found.keys), key=lambda one: (-one.count, -len(one.text), one.example))
    # Closings are shown without the mark before them, so one that stands after several is listed several times.
    told = {one.text.casefold(): one for one in reversed(ordered)}
    return [one for one in ordered if told[one.text.casefold()] is one][:most]


def edge_text(text: str, units: int, side: Side) -> str:
    """The first (last) `units` words, Chinese characters and marks of a text as written."""
    part = _window(text, side)[:units]
    if side == "closing":
        part.reverse()
    return text.strip()[part[0].start() : part[-1].end()] if part else ""


def _window(text: str, side: Side) -> list[re.Match[str]]:
    """The units at the text's beginning, or at its end from the last one backwards."""
    stripped = text.strip()
    start = 0 if side == "opening" else max(0, len(stripped) - _WINDOW)
    units = list(_UNIT.finditer(stripped, start, start + _WINDOW))
    return units if side == "opening" else units[::-1]


def _prefix_keys(batch: list[str], side: Side) -> NDArray[np.uint32]:
    """(b, LEVELS) key of the first 1, 2, … units of each text; 0 where the text has no word beyond them."""
    keys = np.zeros((len(batch), LEVELS), np.uint32)
    for row, text in enumerate(batch):
        stripped = text.strip()
        part = stripped[:_WINDOW] if side == "opening" else stripped[-_WINDOW:]
        # One spelling of an accented letter, whether its accent is written as a character of its own or not.
        units = _UNIT.findall(unicodedata.normalize("NFC", part).casefold())
        ordered = units[:LEVELS] if side == "opening" else units[: -LEVELS - 1 : -1]
        last = (
            LEVELS if len(units) > LEVELS else max((at for at, u in enumerate(ordered) if _WORDY.match(u)), default=0)
        )
        prefixes = list(accumulate((u.encode("utf-8", "surrogatepass") for u in ordered[:last]), _extended, initial=1))[
            1:
        ]
        keys[row, : len(prefixes)] = prefixes
    return keys


def _extended(key: int, unit: bytes) -> int:
    return crc32(unit, key) or 1


def _frequent(keys: NDArray[np.uint32], rows: NDArray[np.int64], least: int) -> list[tuple[int, int, int]]:
    """(first row, units, count) of every prefix that at least `least` of the texts at `rows` share."""
    found = []
    for level in range(LEVELS):
        rows = rows[keys[rows, level] > 0]
        _, first, inverse, counts = np.unique(
            keys[rows, level], return_index=True, return_inverse=True, return_counts=True
        )
        frequent = np.flatnonzero(counts >= least)
        found += [(int(rows[first[at]]), level + 1, int(counts[at])) for at in frequent]
        rows = rows[np.isin(inverse, frequent)]
    return found


def _listed(phrases: list[Phrase], keys: NDArray[np.uint32]) -> list[Phrase]:
    """The most frequent of `phrases`, and every one of which no longer listed one keeps most.

    The longest are looked at first, so each beginning is held against what is listed in the end: a few texts lost at
    every further word are many by the last.
    """
    if not phrases:
        return []
    listed = []
    kept: dict[tuple[int, int], int] = {}
    for phrase in sorted(phrases, key=lambda one: -one.units):
        beginnings = list(enumerate(keys[phrase.example, : phrase.units].tolist()))
        if kept.get(beginnings[-1], 0) < _SUBSUMED * phrase.count:
            listed.append(phrase)
            kept |= {beginning: max(kept.get(beginning, 0), phrase.count) for beginning in beginnings}
    top = max(phrases, key=lambda one: (one.count, one.units))
    return listed if top in listed else [*listed, top]


def _phrase(text: str, side: Side, level: int, telling: bool) -> str | None:
    """The first (last) `level` units of the text as written, or None when they say nothing by themselves and are not
    `telling` all the same."""
    units = _window(text, side)
    part, stripped = units[:level], text.strip()
    words = [unit.group() for unit in part if _is_word(unit)]
    weight = sum(3 if _UNSPACED.match(word) else 5 for word in words)
    ends_in_mark = not _is_word(part[-1]) and not part[-1].group().isdigit()
    if not words or (weight < _WHOLE_PHRASE and not ends_in_mark and not telling):
        return None
    if side == "opening":
        return stripped[part[0].start() : part[-1].end()]
    first = part[-1].start() if _is_word(part[-1]) else part[-1].end()
    return stripped[first : part[0].end()].strip()


def _is_word(unit: re.Match[str]) -> bool:
    return not unit.group().startswith("<") and _WORDY.search(unit.group()) is not None
