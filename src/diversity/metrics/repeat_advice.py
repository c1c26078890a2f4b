"""What is suggested about repeats, and the reason: a statement about two rows that a reader can check."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from diversity.corpus import Corpus
from diversity.neighbors import Duplicates
from diversity.neighbors.guards import contradictory, word_exchanged
from diversity.neighbors.pairs import Pairs

_ONE_PAIR = Pairs(np.zeros(1, np.int64), np.ones(1, np.int64), np.ones(1, np.float32))
_STRENGTH = {"exact": 0, "near": 1, "semantic": 2}
_KINDS = tuple(_STRENGTH)


@dataclass(slots=True)
class Advice:
    """About rows of clusters, in their order: whether each can go (`drop`), the code of the reason, and which row the
    reason speaks of (`beside`), itself for the one that its cluster is built around."""

    drop: list[bool] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    beside: list[int] = field(default_factory=list)

    def add(self, drop: bool, reason: str, beside: int) -> None:
        """The next row's."""
        self.drop.append(drop)
        self.reasons.append(reason)
        self.beside.append(beside)

    def suggestions(self, rows: NDArray[np.int64], corpus: Corpus) -> NDArray[np.str_]:
        """(r,) "keep", "drop" or, where another turn of the same conversation stays, "rewrite": a turn cannot be taken
        out of a conversation without tearing it."""
        record = corpus.record_of_unit
        turns = np.bincount(record, minlength=corpus.record_count)
        drop = np.asarray(self.drop, dtype=bool)
        whole = np.bincount(record[rows[drop]], minlength=len(turns)) == turns
        return np.where(drop, np.where(whole[record[rows]], "drop", "rewrite"), "keep")


class Kept:
    """The rows of one cluster that stay, by what is asked or said beside them."""

    def __init__(self) -> None:
        self._first: dict[Hashable, int] = {}
        self.count = 0

    def add(self, key: Hashable, row: int) -> None:
        """A row that stays."""
        self._first.setdefault(key, row)
        self.count += 1

    def find(self, key: Hashable) -> int | None:
        """The first row that stays and has the same key."""
        return self._first.get(key)


def in_clusters(found: Duplicates) -> NDArray[np.int64]:
    """(r,) the rows inside clusters, each cluster together, the row it is built around first."""
    rows = np.flatnonzero(found.cluster >= 0)
    return rows[np.lexsort((rows, found.representative[rows] != rows, found.cluster[rows]))]


def by_cluster(found: Duplicates, rows: NDArray[np.int64]) -> Iterator[tuple[int, Kept]]:
    """Each of `rows` (see `in_clusters`) with what was kept of its cluster before it."""
    cluster, kept = -1, Kept()
    for row in rows.tolist():
        if found.cluster[row] != cluster:
            cluster, kept = int(found.cluster[row]), Kept()
        yield row, kept


def relation(found: Duplicates, row: int, other: int) -> str:
    """How alike two rows of one cluster are: "exact" for copies of one text; else the weaker of their ties to the text
    that the cluster is built around, because no more is known of them."""
    one, two = _earliest(found, row), _earliest(found, other)
    return "exact" if one == two else _KINDS[max(_tie(found, one), _tie(found, two))]


def other_facts(text: str, other: str, kind: str) -> bool:
    """Whether two texts that repeat each other nearly or in meaning (`kind`) differ in a number, a negation or the one
    word that matters.

    Texts in other words exchange many of them; in nearly the same text one that is exchanged is what the text is about.
    """
    return bool(contradictory([text, other], _ONE_PAIR)[0]) or (kind == "near" and word_exchanged(text, other))


def _earliest(found: Duplicates, row: int) -> int:
    """The first row with the same text."""
    return int(found.representative[row]) if found.kind[row] == "exact" else row


def _tie(found: Duplicates, row: int) -> int:
    return 0 if found.representative[row] == row else _STRENGTH[str(found.kind[row])]
