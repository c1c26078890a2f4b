"""Is an answer nearer to its own system prompt than to those of other records with similar prompts?

Similarity alone says little: a cooking assistant's system and its answers both speak of food because the prompts do. So
each record is held against partners, records with similar prompts under another system, and both sides are permuted:
the partners' systems with this answer, and this system with the partners' answers. What stays is the gain:

    gain = sim(system, answer) - (mean sim(partner's system, answer) + mean sim(system, partner's answer)) / 2
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diversity.hashing import STEP
from diversity.text.words import Tokens, tokenize

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BATCH = 2048
_PAIRS = 50_000
# Words of up to one answer in forty count in full, those of one in ten or more are everybody's. In between their weight
# falls evenly: at a sharp bound a few other records would switch a word, and every score with it, on or off.
_RARE_WORD, _COMMON = 0.025, 0.1
_RUN = 3
# A run is rare when at most one in a hundred of the answers under systems that lack it has it; fewer than so many such
# answers can't show that.
_RARE, _LEAST_OTHERS = 0.01, 20
_TURN = np.uint64(13)


@dataclass(frozen=True, slots=True)
class Words:
    """What systems and answers say, as sparse rows over the words of all systems.

    `systems` (m, v) and `answers` (n, v) hold 1 for a word that stands there; answers without the words that the user
    said. `weights` (v,): inverse document frequency, 0 for common words. `runs` (n,): how many rare runs of three words
    (four Chinese characters) an answer takes over from its own system that the user did not say. Rare are those that
    hardly any answer has whose system lacks them: what answers say anyway is no sign of the system.
    """

    systems: sparse.csr_matrix
    answers: sparse.csr_matrix
    weights: Floats
    runs: Ints


def count_words(systems: list[str], system_of: Ints, said: Iterable[list[str]], answers: Iterable[list[str]]) -> Words:
    """The words of distinct systems (m), and of n records given as parallel batches of what the user and the assistant
    said; `system_of` (n,) is each record's system."""
    from scipy import sparse

    own = _tokens(systems)
    vocabulary = _distinct(own.ids)
    runs_of = _runs(own)
    known = _distinct(runs_of.ids)
    parts, found, start = [], [np.zeros(0, np.int64)], 0
    for questions, replies in zip(said, answers, strict=True):
        asked, replied = tokenize(questions), tokenize(replies)
        rows = _incidence(replied, vocabulary, len(replies)) - _incidence(asked, vocabulary, len(questions))
        parts.append((rows > 0).astype(np.float32))
        found.append(_said_runs(_runs(replied), _runs(asked), known) + start * len(known))
        start += len(replies)
    matrix = sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix((0, len(vocabulary)), dtype=np.float32)
    share = np.asarray(matrix.mean(axis=0)).ravel() if start else np.zeros(len(vocabulary))
    weights = _weights(share, start)
    held = _distinct(runs_of.owner * len(known) + np.searchsorted(known, runs_of.ids))
    runs = _rare_runs(np.concatenate(found), held, len(known), system_of[:start])
    return Words(_incidence(own, vocabulary, len(systems)), matrix, weights, runs)


def _weights(share: Floats, count: int) -> Floats:
    """(v,) weights of words that stand in such shares of `count` answers."""
    known = np.log(_COMMON / np.maximum(share, _RARE_WORD)) / np.log(_COMMON / _RARE_WORD)
    return np.asarray((1 - np.log1p(share * count) / np.log(count + 2)) * np.clip(known, 0.0, 1.0))


def _tokens(texts: list[str]) -> Tokens:
    """The words of many texts, tokenized in batches, which bounds the memory."""
    parts = [tokenize(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    ids = [part.ids for part in parts] or [np.zeros(0, np.uint64)]
    owner = [part.owner + _BATCH * at for at, part in enumerate(parts)] or [np.zeros(0, np.int64)]
    return Tokens(np.concatenate(ids), np.concatenate(owner))


def _distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The values in order, each once: several times faster than numpy's own for so many of few kinds."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def _incidence(tokens: Tokens, vocabulary: NDArray[np.uint64], count: int) -> sparse.csr_matrix:
    """(count, v) 1 where a text has a word of the vocabulary."""
    from scipy import sparse

    at = np.minimum(np.searchsorted(vocabulary, tokens.ids), max(len(vocabulary) - 1, 0))
    known = vocabulary[at] == tokens.ids if len(vocabulary) else np.zeros(len(at), bool)
    pairs = _distinct(tokens.owner[known] * max(len(vocabulary), 1) + at[known])
    rows, columns = np.divmod(pairs, max(len(vocabulary), 1))
    shape = (count, len(vocabulary))
    return sparse.csr_matrix((np.ones(len(pairs), np.float32), (rows, columns)), shape=shape)


def _runs(tokens: Tokens) -> Tokens:
    """Hashes of three words in a row."""
    ids = np.zeros(max(len(tokens.ids) - _RUN + 1, 0), np.uint64)
    if not len(ids):
        return Tokens(ids, np.zeros(0, np.int64))
    for place in range(_RUN):
        ids = (ids ^ tokens.ids[place : place + len(ids)]) * STEP
        ids ^= ids >> _TURN
    whole = tokens.owner[: len(ids)] == tokens.owner[_RUN - 1 :]
    return Tokens(ids[whole], tokens.owner[: len(ids)][whole])


def _with_owner(ids: NDArray[np.uint64], owner: Ints) -> NDArray[np.uint64]:
    return ids ^ ((owner.astype(np.uint64) + np.uint64(1)) * STEP)


def _among(values: NDArray[Any], ordered: NDArray[Any]) -> NDArray[np.bool_]:
    if not len(ordered):
        return np.zeros(len(values), bool)
    return np.asarray(ordered[np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)] == values)


def _said_runs(replied: Tokens, asked: Tokens, known: NDArray[np.uint64]) -> Ints:
    """Answer and run, as answer · len(known) + place in `known`, each once, of the runs that the user did not say."""
    some = _among(replied.ids, known)
    ids, owner = replied.ids[some], replied.owner[some]
    fresh = ~_among(_with_owner(ids, owner), np.sort(_with_owner(asked.ids, asked.owner)))
    return _distinct(owner[fresh] * len(known) + np.searchsorted(known, ids[fresh]))


def _rare_runs(said: Ints, held: Ints, width: int, system_of: Ints) -> Ints:
    """(n,) how many rare runs of its own system each answer has. `said` and `held` are ordered codes, answer · width +
    run and system · width + run, of what each says; `system_of` (n,)."""
    count = len(system_of)
    if not width:
        return np.zeros(count, np.int64)
    answer, run = np.divmod(said, width)
    own = _among(system_of[answer] * width + run, held)
    system, place = np.divmod(held, width)
    with_it = np.bincount(place, np.bincount(system_of, minlength=int(system.max()) + 1)[system], minlength=width)
    others = count - with_it
    rare = (np.bincount(run[~own], minlength=width) <= _RARE * others) & (others >= _LEAST_OTHERS)
    return np.bincount(answer[own & rare[run]], minlength=count)


def shared_words(words: Words, systems: Ints, answers: Ints) -> Floats:
    """(p,) summed weights of the words that system and answer of each pair share, over the root of the weights that
    the system holds, so that a long system is not near to everything."""
    weighted = words.systems.multiply(words.weights[None, :]).tocsr()
    size = np.sqrt(np.maximum(np.asarray(weighted.sum(axis=1)).ravel(), 1.0))
    out = np.empty(len(systems))
    for start in range(0, len(systems), _PAIRS):
        part = slice(start, start + _PAIRS)
        both = weighted[systems[part]].multiply(words.answers[answers[part]])
        out[part] = np.asarray(both.sum(axis=1)).ravel() / size[systems[part]]
    return out


def gains(similarity: Callable[[Ints, Ints], Floats], system_of: Ints, partners: Ints) -> Floats:
    """(n,) gain of each record by `similarity` (systems, answers) → (p,); NaN for a record without partners.

    `partners` (n, k) row numbers, -1 for none.
    """
    count = len(partners)
    rows = np.arange(count)
    own = similarity(system_of, rows)
    left, place = np.nonzero(partners >= 0)
    right = partners[left, place]
    permuted = (similarity(system_of[right], left) + similarity(system_of[left], right)) / 2
    number = np.bincount(left, minlength=count)
    with np.errstate(invalid="ignore"):
        return np.asarray(own - np.bincount(left, permuted, minlength=count) / np.where(number > 0, number, np.nan))
