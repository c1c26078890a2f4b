"""Which words of a query were said before in its session, the rare ones counting more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diversity.text.words import tokenize

# English words that say nothing about a subject, requests' own included: in a set of a few sessions they would pass for
# rare. Chinese needs no such list: pairs of characters hold few that any two texts share.
COMMON = """
a about after all also am an and any are as at be because been before being but by can could did do does doing for from
get give good had has have he hello help her here hi him his how i if in into is it its just know let like made make
many may me more most much my need new no not of on one or other our out over please same she should so some such tell
thank thanks than that the their them then there these they this those to too up us use used using very want was way we
well were what when where which who why will with would write yes you your explain find
"""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WordRarity:
    """How rare words are: `weights` (words,) of `ids` (words,), ascending; `unseen` for every other word.

    The weight is the inverse document frequency log((n + 1) / (df + 1/2)), sessions being the documents, so that a word
    of every session counts next to nothing; 0 for COMMON words. Words are those of `text.words`: character pairs in
    Chinese.
    """

    ids: NDArray[np.uint64]
    weights: Floats
    unseen: float

    def of(self, ids: NDArray[np.uint64]) -> Floats:
        """Weights of any words, shape of `ids`."""
        if not self.ids.size:
            return np.full(ids.shape, self.unseen)
        at = np.minimum(np.searchsorted(self.ids, ids), self.ids.size - 1)
        return np.where(self.ids[at] == ids, self.weights[at], self.unseen)


def word_rarity(sessions: Sequence[str]) -> WordRarity:
    """Rarity of the words of n sessions, each given as one text."""
    words, common = tokenize(sessions), tokenize([COMMON]).ids
    ids, code = np.unique(np.concatenate([words.ids, common]), return_inverse=True)
    said = np.unique(words.owner * ids.size + code[: words.ids.size])
    frequency = np.bincount(said % ids.size, minlength=ids.size)
    count = len(sessions)
    weights = np.log((count + 1) / (frequency + 0.5))
    weights[code[words.ids.size :]] = 0
    return WordRarity(ids, weights, float(np.log((count + 1) / 0.5)))


def cohesion(queries: Sequence[str], answers: Sequence[str], record: Ints, rarity: WordRarity) -> Floats:
    """(turns,) share of each query's distinct words, weighted by rarity, that an earlier turn of its session holds.

    Turns of one session stand together, in order; `record` (turns,) says which it is. 0 for a query without words.
    Queries that weigh less than one rare word are measured against that.
    """
    asked, replied = tokenize(queries), tokenize(answers)
    count = len(queries)
    known, word = np.unique(np.concatenate([asked.ids, replied.ids]), return_inverse=True)
    if not known.size:
        return np.zeros(count)
    turn = np.concatenate([asked.owner, replied.owner])
    _, session = np.unique(record, return_inverse=True)
    said = session[turn].astype(np.int64) * known.size + word
    place, first = _first_turns(said, turn)
    query = np.unique(turn[: asked.ids.size] * known.size + word[: asked.ids.size])
    owner, query_word = np.divmod(query, known.size)
    at = np.searchsorted(place, session[owner].astype(np.int64) * known.size + query_word)
    weight = rarity.of(known)[query_word]
    total = np.bincount(owner, weight, minlength=count)
    repeated = np.bincount(owner, weight * (first[at] < owner), minlength=count)
    return np.asarray(repeated / np.maximum(total, max(rarity.unseen, 1e-9)))


def _first_turns(said: Ints, turn: Ints) -> tuple[Ints, Ints]:
    """The distinct (session, word) codes, ascending, and the turn that says each first."""
    order = np.lexsort((turn, said))
    new = np.append(True, np.diff(said[order]) != 0)
    return said[order][new], turn[order][new]
