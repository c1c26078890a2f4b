"""The prompts that figures on words look at: one sample drawn by content, cut into blocks of one size.

Distinct words, repeated phrases and compression all depend on how much text they see, so each is measured in blocks of
a fixed size: the figure is the mean over the blocks, and how far they lie apart says how far it can be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.features.set_sample import Estimate, content_order
from diversity.report import MetricResult
from diversity.text.terms import terms

DRAWN = 4000
# Of a longer prompt the beginning: a few texts of a whole book must not fill all blocks.
CHARACTERS = 2000
BLOCKS = 8
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PromptSample:
    """Prompts drawn at random, in an order that content alone settles: `texts` (p,), and their words laid end to end.

    `words` (w,) numbers of the words (dictionary words in Chinese, lower-cased words elsewhere, no marks), `prompt`
    (w,) which text each belongs to.
    """

    texts: list[str]
    words: Ints
    prompt: Ints

    def runs(self, start: int, stop: int, n: int) -> tuple[Ints, Ints]:
        """The n-grams among the words `start` to `stop` that lie within one prompt: a number for each different one,
        and its prompt."""
        words, prompt = self.words[start:stop], self.prompt[start:stop]
        size = max(0, len(words) - n + 1)
        code = np.zeros(size, np.int64)
        for step in range(n):
            _, code = np.unique(code * (int(words.max(initial=0)) + 1) + words[step : size + step], return_inverse=True)
        whole = prompt[:size] == prompt[n - 1 :] if size else np.zeros(0, bool)
        return code[whole], prompt[:size][whole]

    def of_words(self, least: int) -> PromptSample:
        """The prompts of at least `least` words alone."""
        kept = np.bincount(self.prompt, minlength=len(self.texts)) >= least
        words = kept[self.prompt]
        texts = [text for text, keep in zip(self.texts, kept.tolist(), strict=True) if keep]
        return PromptSample(texts, self.words[words], (np.cumsum(kept) - 1)[self.prompt[words]])


def prompt_sample(inputs: Inputs) -> PromptSample:
    """The version's sample, made once."""
    return inputs.shared("prompt_sample", lambda: _drawn(inputs))


def _drawn(inputs: Inputs) -> PromptSample:
    order = content_order([inputs.corpus.prompts])[:DRAWN]
    texts = [text.strip()[:CHARACTERS] for text in inputs.corpus.prompts.take(pa.array(order)).to_pylist()]
    texts = [text for text in texts if text]
    found = [terms(text, CHARACTERS) for text in texts]
    number: dict[str, int] = {}
    words = [number.setdefault(word, len(number)) for one in found for word in one]
    lengths = np.array([len(one) for one in found], np.int64)
    return PromptSample(texts, np.array(words, np.int64), np.repeat(np.arange(len(found)), lengths))


def blocks(total: int, size: int) -> list[tuple[int, int]]:
    """(start, stop) of at most BLOCKS blocks of `size` without overlap; none where there are not two."""
    count = min(BLOCKS, total // size)
    return [(at * size, (at + 1) * size) for at in range(count)] if count > 1 else []


def block_result(
    metric: str,
    unit: str,
    values: Mapping[int, Sequence[float]],
    params: dict[str, Any] | None = None,
    before: int = 0,
) -> MetricResult:
    """The figure at the largest size that has blocks; `values` are the blocks' figures by size, the largest first.

    `info["sizes"]` has every size, so that versions of different sizes can be compared (see `metrics.at_sizes`).
    `before`: how much text there was before prompts were left out as too short; where there was enough, that is the
    reason for having no figure.
    """
    found = {size: _estimate(figures) for size, figures in values.items() if figures}
    if not found:
        sizes = {"smallest": 2 * min(values)}
        return MetricResult(
            metric=metric,
            field="prompt",
            params=params or {},
            unit=unit,
            status="not_applicable",
            reason="prompts_too_short" if blocks(before, min(values)) else "too_little_text",
            info=sizes,
        )
    largest = next(iter(found))
    return MetricResult(
        metric=metric,
        field="prompt",
        params=params or {},
        value=found[largest].value,
        interval=found[largest].interval_in(unit),
        unit=unit,
        info={
            "n": largest,
            "blocks": len(values[largest]),
            "sizes": {str(size): [one.value, one.error, one.degrees] for size, one in found.items()},
        },
    )


def _estimate(figures: Sequence[float]) -> Estimate:
    values = np.array(figures)
    return Estimate(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values)), float(len(values) - 1))
