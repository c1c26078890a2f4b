"""What a lazy model looks at in place of the whole prompt: its first or last few words, its system text, its length.

A word is a word in spaced scripts, a dictionary word in Chinese, or a mark: what a tokenizer gives, roughly. A view is
a sparse matrix of indicator features, one row a prompt, every row of unit length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Annotated, Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from diversity.features.term_presence import TermPresence, term_presence
from diversity.features.text_parts import both_ends, length_steps
from diversity.text.patterns import compiled_later
from diversity.text.scripts import WIDE, word_of
from diversity.text.words import fold, tokenize

Matrix = Any  # scipy.sparse.csr_matrix, which has no types

LONGEST = 8
EDGE_WEIGHT = 0.5
# Eight words stand within this many characters at either end, unless they are longer than words are.
_WINDOW = 120
# Of a longer prompt the probe of everything reads this many characters at both ends: thousands of prompts of thousands
# of words each would not fit the time that a figure may take.
HALF = 3_000
_WORD = word_of(f"_{WIDE}")
_RUN = compiled_later(rf"[{WIDE}]+|{_WORD}(?:['’]{_WORD})*|[^\w\s]|_+")
_WIDE_RUN = compiled_later(f"[{WIDE}]")
Ids = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class ShortcutSettings:
    """How the probes are trained.

    `records`: prompts drawn by content for one target, small classes whole; at 4,000 an accuracy is known to 1.6 points
    at worst. `cluster_records`: the same for clusters of answers, which no check looks at; 2.2 points. `folds`:
    cross-validation; five leave four fifths to learn from. `most_classes`: only the largest classes are told apart;
    each costs a machine of its own. `short`: words at either edge that count as "a few" for the verdict; four is what a
    request opens with ("translate the following sentence", 请把下面). `triggers`: words a class that count as a
    handful; two, so that a class may have a synonym.
    """

    records: Annotated[int, Field(ge=50)] = 4_000
    cluster_records: Annotated[int, Field(ge=50)] = 2_000
    folds: Annotated[int, Field(ge=2)] = 5
    most_classes: Annotated[int, Field(ge=2)] = 40
    short: Annotated[int, Field(ge=1, le=8)] = 4
    triggers: Annotated[int, Field(ge=1)] = 2


@dataclass(frozen=True)
class NarrowViews:
    """The views of n prompts: `prompts`, `systems` (empty where there is none) and `tokens` (n,), parallel.

    `first(k)` and `last(k)`: the words at the edge with their places, and the edge as a whole. `system`: its words, and
    the text as a whole. `length`: the prompt's tokens in steps of a quarter of a doubling, each with its neighbours.
    `terms`: presence of words as a reader would list them, for telltale words. `words`: presence of every word (pairs
    of characters in Chinese), weighted by rarity; `whole`: all of these but `terms`, the narrow ones at EDGE_WEIGHT, so
    that in small sets they do not drown the words.
    """

    prompts: Sequence[str]
    systems: Sequence[str]
    tokens: NDArray[np.int64]

    def first(self, k: int) -> Matrix:
        """(n, features) of the first `k` words."""
        return _block(*_edge(self._heads, k), len(self.prompts))

    def last(self, k: int) -> Matrix:
        """(n, features) of the last `k` words."""
        return _block(*_edge(self._tails, k), len(self.prompts))

    @cached_property
    def system(self) -> Matrix:
        """(n, features) of the system texts."""
        words = tokenize([text[:HALF] for text in self.systems])
        whole = _hashes(self.systems)
        ids = np.concatenate([words.ids, whole])
        owner = np.concatenate([words.owner, np.arange(len(whole))])
        return _block(ids, owner, len(self.prompts))

    @cached_property
    def length(self) -> Matrix:
        """(n, features) of the lengths."""
        return _block(*length_steps(self.tokens), len(self.tokens))

    @cached_property
    def words(self) -> Matrix:
        """(n, features) of all words."""
        found = tokenize([both_ends(text, HALF) for text in self.prompts])
        return _block(found.ids, found.owner, len(self.prompts), rarity=True)

    @cached_property
    def terms(self) -> TermPresence:
        """Which words a reader would see are there."""
        return term_presence(self.prompts)

    @cached_property
    def whole(self) -> Matrix:
        """(n, features) of everything that any view sees."""
        from scipy.sparse import hstack

        narrow = (self.first(LONGEST), self.last(LONGEST), self.system, self.length)
        return hstack([self.words, *(EDGE_WEIGHT * block for block in narrow)], format="csr")

    @cached_property
    def _heads(self) -> NDArray[np.uint64]:
        return _edges((text.lstrip()[:_WINDOW] for text in self.prompts), len(self.prompts), lambda found: found)

    @cached_property
    def _tails(self) -> NDArray[np.uint64]:
        return _edges((text.rstrip()[-_WINDOW:] for text in self.prompts), len(self.prompts), lambda found: found[::-1])


def edge_words(text: str) -> list[str]:
    """Words, dictionary words and marks of a short text, folded."""
    import rjieba

    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        found += rjieba.cut(run) if _WIDE_RUN.match(run) else [run]
    return found


def _edges(texts: Iterator[str], count: int, ordered: Callable[[list[str]], list[str]]) -> NDArray[np.uint64]:
    """(n, LONGEST) hashes of the words at an edge, the outermost first, 0 where there are none any more."""
    found = np.zeros((count, LONGEST), np.uint64)
    for row, text in enumerate(texts):
        words = ordered(edge_words(text))[:LONGEST]
        found[row, : len(words)] = [crc32(word.encode("utf-8", "surrogatepass")) + 1 for word in words]
    return found


def _edge(words: NDArray[np.uint64], k: int) -> tuple[Ids, NDArray[np.int64]]:
    """Features of the `k` outermost words: each at its place, each anywhere, and the run up to each place."""
    kept = words[:, :k]
    place = np.arange(1, kept.shape[1] + 1, dtype=np.uint64) << np.uint64(34)
    runs = np.array([list(accumulate(row, _run)) for row in kept.tolist()], np.uint64).reshape(kept.shape)
    features = np.stack([kept, kept + place, runs + (np.uint64(1) << np.uint64(40))], axis=2)
    there = np.broadcast_to((kept > 0)[:, :, None], features.shape)
    owner = np.broadcast_to(np.arange(len(kept))[:, None, None], features.shape)
    return features[there], owner[there]


def _run(before: int, word: int) -> int:
    return crc32(word.to_bytes(8, "little"), before)


def _hashes(texts: Sequence[str]) -> Ids:
    return np.array([crc32(text.encode("utf-8", "surrogatepass")) for text in texts], np.uint64) + (
        np.uint64(1) << np.uint64(36)
    )


def _block(ids: Ids, owner: NDArray[np.int64], rows: int, *, rarity: bool = False) -> Matrix:
    """Indicators of the features that at least two rows have, each row of unit length; with `rarity` times
    log(rows / rows that have it)."""
    from scipy.sparse import csr_matrix

    _, column = np.unique(ids, return_inverse=True)
    matrix = csr_matrix(
        (np.ones(len(column), np.float64), (owner, column)), shape=(rows, int(column.max(initial=-1)) + 1)
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    matrix = matrix[:, counts > 1]
    if rarity:
        matrix.data *= np.log(rows / counts[counts > 1])[matrix.indices]
    length = np.sqrt(np.bincount(_rows(matrix), weights=matrix.data**2, minlength=rows))
    # A row of nothing but words that every row has is empty, and stays so.
    matrix.data /= np.where(length > 0, length, 1)[_rows(matrix)]
    return matrix


def _rows(matrix: Matrix) -> NDArray[np.int64]:
    """(entries,) row of each entry."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
