"""Which records a record is held against: similar prompts, another system. And which systems are nearly the same."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.neighbors import DuplicateSettings, find_duplicates

Ints = NDArray[np.int64]

_CHUNK = 4096
_TRIES = 128
# Languages of texts that are in no one language.
_UNKNOWN = ("mixed", "other", "none")


@dataclass(frozen=True, slots=True)
class Systems:
    """The distinct systems of a set.

    `texts` (m,), `of` (R,) the system of each record, -1 for none; `group` (m,) systems of nearly the same text have
    one number, the group of most records first; `records` (m,) and `group_records` (g,) how many have them.
    """

    texts: list[str]
    of: Ints
    group: Ints
    records: Ints
    group_records: Ints


def group_systems(column: pa.ChunkedArray, settings: DuplicateSettings) -> Systems:
    """The systems of all records, grouped by near-duplicate text (never by meaning); null or what shows nothing on any
    screen is none."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    found = encoded.dictionary.to_pylist()
    of = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    says = np.asarray([_says_something(text) for text in found], dtype=bool)
    texts = [text for text, kept in zip(found, says, strict=True) if kept]
    of = np.append(np.where(says, np.cumsum(says) - 1, -1), -1)[of]
    records = np.bincount(of[of >= 0], minlength=len(texts))
    group = _groups(texts, records, settings)
    sizes = np.bincount(group, records, minlength=int(group.max(initial=-1)) + 1).astype(np.int64)
    return Systems(texts, of, group, records, sizes)


def _says_something(text: str) -> bool:
    """Whether it holds a character that can be seen: no white space, control (Cc) or format character (Cf)."""
    return any(not (char.isspace() or unicodedata.category(char) in ("Cc", "Cf")) for char in text)


def _groups(texts: list[str], records: Ints, settings: DuplicateSettings) -> Ints:
    if not texts:
        return np.zeros(0, np.int64)
    cluster = find_duplicates(texts, settings=settings).cluster
    alone = cluster < 0
    cluster = np.where(alone, cluster.max(initial=-1) + 1 + np.arange(len(texts)), cluster)
    _, number = np.unique(cluster, return_inverse=True)
    sizes = np.bincount(number, records)
    first = {int(one): text for one, text in sorted(zip(number, texts, strict=True), key=lambda pair: pair[1])[::-1]}
    order = sorted(range(len(sizes)), key=lambda one: (-sizes[one], first[one]))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return np.asarray(rank[number])


@dataclass(frozen=True, slots=True)
class Kinds:
    """What has to fit for two of n records to be held against each other.

    Another system (`system`, (n,) numbers), a first query in the same `language` (n,), and a system written in the same
    one, `spoken` (n,): words of a Chinese system are in no English answer, so an English system would seem to gain
    against it whatever is said. Where a system's language can't be told, any will do.
    """

    system: Ints
    language: NDArray[np.str_]
    spoken: NDArray[np.str_]

    def fit(self, rows: Ints, others: Ints) -> NDArray[np.bool_]:
        """Whether `rows` may be held against `others`, broadcast against each other."""
        spoken, theirs = self.spoken[rows], self.spoken[others]
        unknown = np.isin(spoken, _UNKNOWN) | np.isin(theirs, _UNKNOWN)
        apart = self.system[rows] != self.system[others]
        return np.asarray(apart & (self.language[rows] == self.language[others]) & ((spoken == theirs) | unknown))


def similar_partners(vectors: NDArray[np.float32], reference: Ints, kinds: Kinds, most: int) -> Ints:
    """(n, most) the reference rows whose prompts are nearest, of those that fit; -1 where there are not so many.
    `vectors` (n, d) unit rows, `reference` (r,) row numbers."""
    out = np.full((len(vectors), most), -1, np.int64)
    if not len(reference):
        return out
    kept = min(most, len(reference))
    for start in range(0, len(vectors), _CHUNK):
        part = np.arange(start, min(start + _CHUNK, len(vectors)))
        cosine = vectors[part] @ vectors[reference].T
        cosine[~kinds.fit(part[:, None], reference[None])] = -2.0
        best = np.argpartition(-cosine, kept - 1, axis=1)[:, :kept]
        found = np.take_along_axis(cosine, best, axis=1) > -2.0
        out[part, :kept] = np.where(found, reference[best], -1)
    return out


def any_partners(places: Ints, reference: Ints, kinds: Kinds, most: int) -> Ints:
    """The same without vectors: the reference rows that come next on a ring where each record has a fixed place.

    `places` (n,): by content, so that a record that comes or goes changes the partners of the few that stand just
    before it (consistent hashing, Karger et al. 1997).
    """
    out = np.full((len(places), most), -1, np.int64)
    if not len(reference):
        return out
    ring = reference[np.argsort(places[reference], kind="stable")]
    start = np.searchsorted(places[ring], places, "right")
    filled = np.zeros(len(places), np.int64)
    rows = np.arange(len(places))
    for step in range(min(_TRIES, len(ring))):
        candidate = ring[(start + step) % len(ring)]
        fits = kinds.fit(rows, candidate) & (filled < most)
        out[rows[fits], filled[fits]] = candidate[fits]
        filled += fits
        if filled.min() == most:
            break
    return out
