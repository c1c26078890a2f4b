"""Wordings: prompts that are alike but for their content, found from what many prompts share.

Runs of three tokens that several different prompts have are weighted by how many have them, which is the reverse of
what search engines do: there the rare word tells, here the common one. Prompts become vectors of these weights, and
each joins the densest prompt it is near to. Work grows with the number of different prompts times the wordings that
share a run with them; nothing is compared in pairs over the whole set.

What is found depends on how many prompts are looked at together: a run counts from four prompts on, so a small set
has fewer of a wording's runs, and prompts that share a phrase fall into one that a larger set tells apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.wording import END, GAP, LINE, START, WordingSettings, spelled
from diversity.hashing import STEP, mixed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RUN = 3
# What is shown of a wording stands together in this share of its prompts.
SHOWN_SHARE = 0.6
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Frames:
    """The wording of each of n prompts.

    `frame` (n,): number of its wording, 0 the most frequent. `texts` (frames,): what most of its prompts say, in the
    order of the densest, with gaps between; a wording of one prompt as it stands.
    """

    frame: Ints
    texts: list[str]


@dataclass(frozen=True, slots=True)
class _Documents:
    """Different token sequences laid end to end.

    `tokens` (t,): numbers of `words`. `offsets` (d + 1,). `counts` (d,): how many prompts have that sequence. `number`
    (n,): which one each prompt has.
    """

    tokens: Ints
    offsets: Ints
    counts: Ints
    number: Ints
    words: list[str]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of tokens that several documents have.

    `document`, `run` (p,): the pairs, each once. `place`, `pair` (q,): where in the tokens a run starts, and its pair.
    """

    document: Ints
    run: Ints
    place: Ints
    pair: Ints


def group_frames(tokens: pa.ChunkedArray, settings: WordingSettings) -> Frames:
    """The wordings among prompts whose `masked_tokens` are given, one list a prompt.

    The numbering depends on the prompts, not on their order.
    """
    documents = _documents(tokens)
    runs = _shared_runs(documents, settings.least)
    frame, heads = _numbered(documents, runs, settings)
    return Frames(frame[documents.number], _texts(documents, runs, frame, heads))


def frame_numbers(tokens: pa.ChunkedArray, settings: WordingSettings) -> Ints:
    """(n,) `Frames.frame` of `group_frames`, for who needs no texts."""
    documents = _documents(tokens)
    return _numbered(documents, _shared_runs(documents, settings.least), settings)[0][documents.number]


def _numbered(documents: _Documents, runs: _Runs, settings: WordingSettings) -> tuple[Ints, Ints]:
    """(d,) number of each document's wording, the most frequent first, and the document that each is built around."""
    vectors, vector_of = _vectors(runs, len(documents.counts), settings)
    shared = vector_of >= 0
    label, leaders = _clusters(vectors, _sums(vector_of, documents.counts, vectors.shape[0]), settings.similarity)
    alone = np.flatnonzero(~shared)
    frame = np.empty(len(shared), np.int64)
    frame[shared] = label[vector_of[shared]]
    frame[alone] = len(leaders) + np.arange(len(alone))
    example = np.full(vectors.shape[0], len(shared), np.int64)
    np.minimum.at(example, vector_of[shared], np.flatnonzero(shared))
    heads = np.concatenate([example[leaders], alone])
    order = np.lexsort((heads, -_sums(frame, documents.counts, len(heads))))
    return np.argsort(order)[frame], heads[order]


def _documents(tokens: pa.ChunkedArray) -> _Documents:
    """The different sequences, in an order that their tokens give."""
    whole = pa.concat_arrays(tokens.chunks) if tokens.num_chunks else pa.array([], tokens.type)
    flat = whole.flatten().dictionary_encode()
    words = flat.dictionary.to_pylist()
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), np.int64)
    rank[order] = np.arange(len(words))
    ids = rank[flat.indices.to_numpy()]
    offsets = np.asarray(whole.offsets.to_numpy(), np.int64)
    offsets = offsets - offsets[0]
    place = np.arange(len(ids)) - np.repeat(offsets[:-1], np.diff(offsets))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_scrambled(ids + (place << 32)), dtype=np.uint64)])
    keys = sums[offsets[1:]] - sums[offsets[:-1]]
    _, first, number, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    lengths = np.diff(offsets)[first]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    taken = np.repeat(offsets[first] - starts[:-1], lengths) + np.arange(starts[-1])
    return _Documents(ids[taken], starts, counts, number, [words[at] for at in order])


def _shared_runs(documents: _Documents, least: int) -> _Runs:
    """The runs that say something and stand in at least `least` different documents."""
    ids = documents.tokens.astype(np.uint64)
    size = max(0, len(ids) - RUN + 1)
    document = np.repeat(np.arange(len(documents.counts)), np.diff(documents.offsets))
    worth = _worth(documents.words)[documents.tokens]
    said = sum((worth[step : size + step] for step in range(RUN)), np.zeros(size, np.int64))
    keys = np.zeros(size, np.uint64)
    for step in range(RUN):
        keys = _scrambled(keys ^ ids[step : size + step])
    place = np.flatnonzero((document[:size] == document[RUN - 1 :]) & (said >= 2)) if size else np.zeros(0, np.int64)
    _, run = np.unique(keys[place], return_inverse=True)
    many = int(run.max(initial=0)) + 1
    pairs, pair = np.unique(document[place] * many + run, return_inverse=True)
    of_document, of_run = np.divmod(pairs, many)
    often = np.bincount(of_run, minlength=many)[of_run] >= least
    number = np.cumsum(often) - 1
    kept = often[pair]
    return _Runs(of_document[often], of_run[often], place[kept], number[pair[kept]])


def _worth(words: list[str]) -> Ints:
    """How much a token says: a word 2, a single letter or Chinese character and the prompt's beginning 1, the rest 0.

    A run must say 2: "is the …" and "⊢ Summarize:" do, "…?" at the end of a question does not.
    """
    return np.array([2 if len(w) > 1 and w.isalpha() else int(w.isalpha() or w == START) for w in words], np.int64)


def _vectors(runs: _Runs, count: int, settings: WordingSettings) -> tuple[csr_array, Ints]:
    """Rows of weights 1 + log(d / least), d being how many documents have the run, at most `common`; only different
    ones, and (count,) which of them each document has, -1 for none.

    Rows are divided by the length they would have with one more weight, `own`, that no other row shares: documents
    that share little stay apart, and one whose shared runs would not even be similar to themselves has none.
    """
    from scipy.sparse import csr_array

    used, column = np.unique(runs.run, return_inverse=True)
    often = np.minimum(np.bincount(column, minlength=1), max(settings.common, settings.least))
    weight = 1 + np.log(np.maximum(often, settings.least) / settings.least)
    keys = _sums(runs.document, _scrambled(used.astype(np.uint64))[column], count)
    squared = _sums(runs.document, weight[column] ** 2, count)
    filled = np.flatnonzero((squared > 0) & (squared >= settings.similarity * (squared + settings.own**2)))
    _, first, number = np.unique(keys[filled], return_index=True, return_inverse=True)
    of_document = np.full(count, -1, np.int64)
    of_document[filled] = number
    shape = (count, max(len(used), 1))
    rows = csr_array((weight[column], (runs.document, column)), shape=shape)[filled[first]]
    rows.data /= np.repeat(np.sqrt(squared[filled[first]] + settings.own**2), np.diff(rows.indptr))
    return rows, of_document


def _clusters(vectors: csr_array, counts: Ints, similarity: float) -> tuple[Ints, Ints]:
    """Number of the cluster of each row (r,), and the row that each cluster is built around.

    The row with the largest total similarity to all prompts leads; rows within `similarity` of it follow; then the
    next free one leads. Leaders are found in blocks, and a row goes to the nearest leader of the first block that has
    one.
    """
    density = vectors @ (vectors.T @ counts.astype(np.float64))
    free = np.lexsort((np.arange(len(density)), -density))
    label = np.full(len(density), -1, np.int64)
    leaders: list[int] = []
    while len(free):
        block = free[:_BLOCK]
        chosen = block[_leading((vectors[block] @ vectors[block].T).toarray() >= similarity)]
        near, cosine = _nearest(vectors[free], vectors[chosen])
        leads = np.isin(free, chosen)
        near[leads] = np.searchsorted(np.flatnonzero(leads), np.flatnonzero(leads))
        joined = leads | (cosine >= similarity)
        label[free[joined]] = len(leaders) + near[joined]
        leaders += chosen.tolist()
        free = free[~joined]
    return label, np.asarray(leaders, np.int64)


def _leading(close: Flags) -> Ints:
    """Rows, in their order, that no earlier leader is close to; `close` (b, b)."""
    covered = np.zeros(len(close), bool)
    leading = []
    for row in range(len(close)):
        if not covered[row]:
            leading.append(row)
            covered |= close[row]
    return np.asarray(leading, np.int64)


def _nearest(rows: csr_array, leaders: csr_array) -> tuple[Ints, NDArray[np.float64]]:
    """For each row the leader most similar to it, the earlier one of equals, and that similarity."""
    cosines = (rows @ leaders.T).tocsr()
    cosines.sort_indices()
    filled = np.flatnonzero(np.diff(cosines.indptr))
    best, near = np.zeros(rows.shape[0]), np.zeros(rows.shape[0], np.int64)
    if len(filled):
        best[filled] = np.maximum.reduceat(cosines.data, cosines.indptr[filled])
        owner = np.repeat(np.arange(rows.shape[0]), np.diff(cosines.indptr))
        hits = np.flatnonzero(cosines.data == best[owner])[::-1]
        near[owner[hits]] = cosines.indices[hits]
    return near, best


def _texts(documents: _Documents, runs: _Runs, frame: Ints, heads: Ints) -> list[str]:
    """Each wording spelled out from the document it is built around."""
    size = np.bincount(frame, minlength=len(heads))
    shown = _shown(documents, runs, frame, np.where(size > 1, heads, -1))
    texts = []
    for number, head in enumerate(heads.tolist()):
        span = slice(documents.offsets[head], documents.offsets[head + 1])
        words = [documents.words[at] for at in documents.tokens[span].tolist()]
        if size[number] > 1:
            told = zip(words, shown[span].tolist(), strict=True)
            words = [word if said or word in (START, END, LINE) else GAP for word, said in told]
        texts.append(spelled(words))
    return texts


def _shown(documents: _Documents, runs: _Runs, frame: Ints, heads: Ints) -> Flags:
    """(t,) the tokens of each head, below 0 for none, that stand in runs which most prompts of its frame have."""
    owner = frame[runs.document]
    order = np.argsort(owner, kind="stable")
    edges = np.searchsorted(owner[order], np.arange(len(heads) + 1))
    kept = np.zeros(len(runs.run), bool)
    for number in np.flatnonzero(heads >= 0).tolist():
        pairs = order[edges[number] : edges[number + 1]]
        own = pairs[runs.document[pairs] == heads[number]]
        place = np.minimum(np.searchsorted(runs.run[own], runs.run[pairs]), len(own) - 1)
        same = runs.run[own][place] == runs.run[pairs]
        members, column = np.unique(runs.document[pairs], return_inverse=True)
        has = np.zeros((len(own), len(members)), bool)
        has[place[same], column[same]] = True
        kept[own[_said_together(has, documents.counts[members])]] = True
    shown = np.zeros(len(documents.tokens), bool)
    for step in range(RUN):
        shown[runs.place[kept[runs.pair]] + step] = True
    return shown


def _said_together(has: Flags, counts: Ints) -> Flags:
    """(r,) runs that SHOWN_SHARE of the prompts have all of, the most frequent taken first; at least that one. `has`
    (r, d): which documents have which run; `counts` (d,): prompts of each.

    Runs that are frequent one by one may hardly ever meet in one prompt: “write … list” need be nobody's wording.
    """
    frequent = np.argsort(-(has @ counts), kind="stable")
    said = np.zeros(len(has), bool)
    said[frequent[0]] = True
    together = has[frequent[0]]
    for run in frequent[1:].tolist():
        both = together & has[run]
        if both @ counts >= SHOWN_SHARE * counts.sum():
            said[run], together = True, both
    return said


def _sums(of: Ints, values: NDArray[Any], size: int) -> NDArray[Any]:
    """(size,) sum of `values` by number, numbers below 0 left out; 64-bit integers wrap around."""
    out = np.zeros(size, values.dtype)
    np.add.at(out, of[of >= 0], values[of >= 0])
    return out


def _scrambled(numbers: NDArray[Any]) -> NDArray[np.uint64]:
    """A 64-bit value that looks random for each number, so that sums of them tell sets apart."""
    return mixed(numbers.astype(np.uint64) + STEP)
