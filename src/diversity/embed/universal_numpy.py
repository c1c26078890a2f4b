"""The embedded default model in NumPy: what a processor runs, without torch.

The arithmetic and its order are those of `universal_module`, which explains them; vectors agree to float32 rounding.
Micro-batches run beside each other in threads: a matrix product alone would leave the other cores idle while one
gathers and adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from diversity.cores import CORES
from diversity.embed.pieces import pieces_of
from diversity.embed.universal_tokenizer import UniversalTokenizer
from diversity.embed.universal_weights import (
    BLOCKS,
    DIMENSION,
    GAP,
    LEFT,
    VOCABULARY_FILE,
    WEIGHTS_FILE,
    WIDTH,
    read_weights,
    resource_folder,
)

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_FEATURES = DIMENSION + WIDTH * len(LEFT)
# Tokens whose features stay in the processor's cache.
_MICRO_TOKENS = 1024
# Each thread holds a micro-batch.
THREADS = min(CORES, 8)


class _Tokens(NamedTuple):
    """What depends on a token alone, a row per distinct token and a last row of zeros.

    `moments` (t, 2) are the embedding's sum and sum of squares. `inputs` has (t, 256), `products` (n, t, 256) for each
    window of n tokens: what the token adds to the first layer from each of the window's places.
    """

    embedding: Floats
    moments: Floats
    inputs: dict[int, Floats]
    products: dict[int, Floats]


class NumpyEncoder:
    """Texts to unit vectors of 512 numbers, over the files in `folder` (the installed package's when left out)."""

    def __init__(self, folder: Path | None = None, threads: int = THREADS) -> None:
        home = folder or resource_folder()
        self._threads = threads
        # Inflating the weights leaves the interpreter to the tokenizer.
        with ThreadPoolExecutor(1) as beside:
            weights = beside.submit(read_weights, home / WEIGHTS_FILE, threads)
            self._tokenizer = UniversalTokenizer(home / VOCABULARY_FILE, threads)
            self._weights = weights.result()
        self._eps = np.float32(self._weights["eps"])

    def encode(self, texts: Sequence[str], prefix: str = "") -> Floats:
        """(n, 512) float32, each text with `prefix` before it."""
        if not texts:
            return np.empty((0, DIMENSION), np.float32)
        ids, lengths = self._tokenizer.encode([prefix + text for text in texts] if prefix else texts)
        distinct, local = np.unique(ids, return_inverse=True)
        tokens = self._tokens(distinct)
        with threadpool_limits(1), ThreadPoolExecutor(self._threads) as pool:
            cut = pieces_of(lengths, _MICRO_TOKENS)
            if cut is None:
                runs = _micro_batches(lengths)
                pooled = pool.map(lambda run: self._pool(tokens, local[run[1]], lengths[run[0]]), runs)
                return self._head(np.concatenate(list(pooled)), lengths)
            local = local[cut.token]
            pooled = pool.map(
                lambda run: self._pool(tokens, local[run[1]], cut.lengths[run[0]], cut.counted[run[1]]),
                _micro_batches(cut.lengths),
            )
            return self._head(np.add.reduceat(np.concatenate(list(pooled)), cut.first), lengths)

    def _tokens(self, distinct: Ints) -> _Tokens:
        weights, block = self._weights, distinct % BLOCKS
        embedding = weights["table"][block, distinct // BLOCKS] * weights["scale"][block, None]
        embedding += weights["lo"][block, None]
        x = embedding @ weights["proj_w"]
        x += weights["proj_b"]
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.square(x).mean(axis=1, keepdims=True) + self._eps)
        x *= weights["proj_gain"]
        x += weights["proj_shift"]
        embedding, x = (np.pad(rows, ((0, 1), (0, 0))) for rows in (embedding, x))
        moments = np.stack([embedding.sum(axis=1), np.square(embedding).sum(axis=1)], axis=1)
        parts = (np.ascontiguousarray(part) for part in np.split(x, len(LEFT), axis=1))
        inputs = dict(zip(LEFT, parts, strict=True))
        products = {n: inputs[n] @ weights[f"w1_{n}"].reshape(n, WIDTH, WIDTH) for n in LEFT}
        return _Tokens(embedding, moments, inputs, products)

    def _pool(self, tokens: _Tokens, ids: Ints, lengths: Ints, counted: NDArray[np.bool_] | None = None) -> Floats:
        """Sum over each text's tokens, or those of them that are `counted`, of their normalised features,
        (texts, 1280)."""
        text, token = np.repeat(np.arange(len(lengths)), lengths), np.arange(len(ids))
        place = token + GAP * (text + 1)
        spread = np.full(len(ids) + GAP * (len(lengths) + 1), len(tokens.embedding) - 1)
        spread[place] = ids
        parts = [tokens.embedding[ids], *(self._convolved(n, tokens, spread, place) for n in LEFT)]
        total, squares = tokens.moments[ids].T
        for part in parts[1:]:
            total = total + part.sum(axis=1)
            squares = squares + np.einsum("ij,ij->i", part, part)
        mean = total / np.float32(_FEATURES)
        weight = 1 / np.sqrt(squares / np.float32(_FEATURES) - np.square(mean) + self._eps)
        # Sums over texts as a matrix product: next to nothing beside the convolutions, and no pass over the parts.
        own = np.zeros((len(lengths), len(ids)), np.float32)
        own[text, token] = weight if counted is None else weight * counted
        counts = lengths if counted is None else np.bincount(text, counted, len(lengths)).astype(np.float32)
        sums = np.hstack([own @ part for part in parts])
        sums -= (own @ mean)[:, None]
        sums *= self._weights["ln_g"]
        sums += counts[:, None] * self._weights["ln_b"]
        return sums

    def _convolved(self, n: int, tokens: _Tokens, spread: Ints, place: Ints) -> Floats:
        """(tokens, 256) of the two layers over windows of `n` tokens, each with a residual."""
        weights, left = self._weights, LEFT[n]
        hidden: Floats = tokens.products[n][0][spread[place - left]]
        for k in range(1, n):
            hidden += tokens.products[n][k][spread[place + (k - left)]]
        hidden += weights[f"b1_{n}"]
        np.maximum(hidden, 0, out=hidden)
        hidden += tokens.inputs[n][spread[place]]
        rows = np.zeros((len(spread), WIDTH), np.float32)
        rows[place] = hidden
        first, length = GAP - left, len(rows) - 2 * GAP
        second = weights[f"w2_{n}"].reshape(n, WIDTH, WIDTH)
        found: Floats = rows[first : first + length] @ second[0]
        for k in range(1, n):
            found += rows[first + k : first + k + length] @ second[k]
        found += weights[f"b2_{n}"]
        np.maximum(found, 0, out=found)
        hidden += found[place - GAP]
        return hidden

    def _head(self, pooled: Floats, lengths: Ints) -> Floats:
        weights, count = self._weights, lengths[:, None].astype(np.float32)
        mean = (pooled @ weights["cnn_w"] + count * weights["cnn_b"]) / np.sqrt(count)
        y0 = np.maximum(mean @ weights["d0"], 0)
        y1 = np.maximum(mean @ weights["p1"] + y0 @ weights["d1"], 0)
        y2 = np.maximum(y1 @ weights["d2"], 0)
        out = np.tanh(y1 @ weights["p3"] + y2 @ weights["d3"])
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)


def _micro_batches(lengths: Ints) -> Iterator[tuple[slice, slice]]:
    """(texts, their tokens) of runs of whole texts."""
    ends = np.cumsum(lengths)
    text = token = 0
    while text < len(ends):
        end = max(text + 1, int(np.searchsorted(ends, token + _MICRO_TOKENS, "right")))
        yield slice(text, end), slice(token, int(ends[end - 1]))
        text, token = end, int(ends[end - 1])
