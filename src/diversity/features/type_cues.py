"""What tells the task type of a record: what its prompt and its answer mean, their words, how both begin and end, how
long they are.

A row of cues is two parts: vectors of the prompt and the answer side by side, and hashed features in WIDTH columns,
block by block of unit length. The weights of the blocks were chosen on MOSS, on BELLE's fifth version without what its
tenth repeats, and on the sample data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.features.text_parts import both_ends, length_steps
from diversity.hashing import STEP
from diversity.text.words import Tokens, tokenize

Sparse = Any  # scipy.sparse.csr_matrix, which has no types
Floats = NDArray[np.float32]
Ids = NDArray[np.uint64]

WIDTH = 1 << 16
SKETCH = 512
# Squares of what the blocks weigh: a kernel of two rows is the sum of the blocks' cosines times these.
PROMPT_VECTOR, ANSWER_VECTOR, PROMPT_WORDS, ANSWER_WORDS, EDGE, LENGTH = 1.0, 0.5, 1.0, 0.5, 0.25, 0.25
EDGE_WORDS = 8
ANSWER_EDGE_WORDS = 4
# A request says what it wants at one of its ends; of an answer the opening shows its form.
PROMPT_HALF, ANSWER_HEAD, EDGE_HEAD = 600, 300, 120


@dataclass(frozen=True, slots=True)
class Texts:
    """n records' first turns. `prompt` and `answer` (n, d) unit rows, zeros for none, or None without an embedder;
    tokens (n,)."""

    prompts: Sequence[str]
    answers: Sequence[str]
    prompt: Floats | None
    answer: Floats | None
    prompt_tokens: NDArray[np.int64]
    answer_tokens: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cues:
    """`dense` (n, D) float32, D = 0 without an embedder; `words` (n, WIDTH) sparse float32."""

    dense: Floats
    words: Sparse

    def of(self, rows: NDArray[np.int64]) -> Cues:
        """Some of the rows."""
        return Cues(self.dense[rows], self.words[rows])

    def kernel(self, other: Cues) -> NDArray[np.float64]:
        """(n, m) similarity of every two rows: the weighted sum of the blocks' cosines, and 1 for the constant."""
        together = (self.words @ other.words.T).toarray()
        together += self.dense @ other.dense.T
        together += 1
        return np.asarray(together, np.float64)

    def sketch(self) -> Floats:
        """(n, D + SKETCH) dense rows whose products are nearly those of `kernel`, less the constant (count sketch,
        Charikar et al. 2002)."""
        from scipy.sparse import csr_matrix

        column = self.words.indices.astype(np.uint64) * STEP
        sign = np.where((column >> np.uint64(40)) & np.uint64(1), 1.0, -1.0).astype(np.float32)
        place = (column >> np.uint64(48)) % np.uint64(SKETCH)
        folded = csr_matrix(
            (self.words.data * sign, place.astype(np.int64), self.words.indptr), shape=(self.words.shape[0], SKETCH)
        )
        return np.hstack([self.dense, folded.toarray()])


def rarity(texts: Texts) -> Floats:
    """(WIDTH,) log(1 + n / records that have it) of every hashed word of prompts and answers; log(1 + n) for one that
    none has."""
    counts = np.zeros(WIDTH)
    for salt, found in _word_blocks(texts):
        column, owner = _columns(found.ids, salt), found.owner
        counts += np.bincount(np.unique(owner * WIDTH + column) % WIDTH, minlength=WIDTH)
    return np.log1p(len(texts.prompts) / np.maximum(counts, 1)).astype(np.float32)


def cues(texts: Texts, weights: Floats) -> Cues:
    """The cues of the records; `weights` as `rarity` of the records that are learnt from gives them."""
    parts = [
        math.sqrt(weight) * rows
        for weight, rows in ((PROMPT_VECTOR, texts.prompt), (ANSWER_VECTOR, texts.answer))
        if rows is not None
    ]
    count = len(texts.prompts)
    dense = np.hstack(parts).astype(np.float32) if parts else np.zeros((count, 0), np.float32)
    return Cues(dense, _hashed(texts, weights))


def _hashed(texts: Texts, rare: Floats) -> Sparse:
    count = len(texts.prompts)
    (prompt_salt, prompts), (answer_salt, answers) = _word_blocks(texts)
    blocks = [
        _block(prompts.ids, prompts.owner, prompt_salt, count, PROMPT_WORDS, rare),
        _block(answers.ids, answers.owner, answer_salt, count, ANSWER_WORDS, rare),
    ]
    heads = tokenize([text.lstrip()[:EDGE_HEAD] for text in texts.prompts])
    tails = tokenize([text.rstrip()[-EDGE_HEAD:] for text in texts.prompts])
    openings = tokenize([text.lstrip()[:EDGE_HEAD] for text in texts.answers])
    edges = (
        (3, _edge(heads, EDGE_WORDS, last=False)),
        (4, _edge(tails, EDGE_WORDS, last=True)),
        (5, _edge(openings, ANSWER_EDGE_WORDS, last=False)),
    )
    blocks += [_block(ids, owner, salt, count, EDGE) for salt, (ids, owner) in edges]
    lengths = ((6, texts.prompt_tokens), (7, texts.answer_tokens))
    blocks += [_block(*length_steps(tokens), salt, count, LENGTH) for salt, tokens in lengths]
    return sum(blocks[1:], blocks[0])


def _word_blocks(texts: Texts) -> tuple[tuple[int, Tokens], tuple[int, Tokens]]:
    """Salt and words of prompts and of answers."""
    prompts = tokenize([both_ends(text, PROMPT_HALF) for text in texts.prompts])
    return (1, prompts), (2, tokenize([text[:ANSWER_HEAD] for text in texts.answers]))


def _edge(found: Tokens, most: int, *, last: bool) -> tuple[Ids, NDArray[np.int64]]:
    """The outermost words: each anywhere at the edge, and each at its place."""
    first = np.searchsorted(found.owner, found.owner, side="left")
    place = np.arange(len(found.owner)) - first
    if last:
        place = np.searchsorted(found.owner, found.owner, side="right") - 1 - np.arange(len(found.owner))
    near = place < most
    ids, owner, place = found.ids[near], found.owner[near], place[near].astype(np.uint64)
    return np.concatenate([ids, (ids ^ (place + np.uint64(1))) * STEP]), np.concatenate([owner, owner])


def _block(
    ids: Ids, owner: NDArray[np.int64], salt: int, count: int, weight: float, rare: Floats | None = None
) -> Sparse:
    """(count, WIDTH) rows of length sqrt(weight): 1 + log of how often, times rarity where it is given."""
    from scipy.sparse import csr_matrix

    matrix = csr_matrix((np.ones(len(ids), np.float32), (owner, _columns(ids, salt))), shape=(count, WIDTH))
    matrix.sum_duplicates()
    matrix.data = 1 + np.log(matrix.data)
    if rare is not None:
        matrix.data *= rare[matrix.indices]
    row = np.repeat(np.arange(count), np.diff(matrix.indptr))
    length = np.sqrt(np.bincount(row, weights=matrix.data.astype(np.float64) ** 2, minlength=count))
    matrix.data *= (math.sqrt(weight) / length[row]).astype(np.float32)
    return matrix


def _columns(ids: Ids, salt: int) -> NDArray[np.int64]:
    mixed = (ids ^ np.uint64(salt << 56)) * STEP
    mixed ^= mixed >> np.uint64(29)
    return np.asarray((mixed * STEP) >> np.uint64(48), np.int64) % WIDTH
