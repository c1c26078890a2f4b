"""self_repetition: how much of a prompt stands in the same words in others?"""

from __future__ import annotations

import numpy as np

from diversity.features.inputs import Inputs
from diversity.features.prompt_sample import PromptSample, block_result, blocks, prompt_sample
from diversity.metrics.base import Metric, MetricOutput

SIZES = (500, 100, 20)
RUN = 4


def self_repetition(inputs: Inputs) -> MetricOutput:
    """Mean over the prompts of log(1 + s), in blocks of 500 prompts (Salkar et al. 2022).

    s sums over the prompt's different 4-grams of words in how many other prompts of the block each stands. 0 where no
    four words in a row occur twice. It grows with the block, hence the fixed size. Prompts of fewer than four words are
    left out: they can repeat nothing that is looked for.
    """
    drawn = prompt_sample(inputs)
    sample = drawn.of_words(RUN)
    values = {size: [_score(sample, start, stop) for start, stop in blocks(len(sample.texts), size)] for size in SIZES}
    return MetricOutput([block_result(METRIC.name, METRIC.unit, values, before=len(drawn.texts))])


def _score(sample: PromptSample, first: int, last: int) -> float:
    """The figure over the prompts `first` to `last`."""
    start, stop = np.searchsorted(sample.prompt, [first, last])
    runs, prompt = sample.runs(int(start), int(stop), RUN)
    pairs = np.unique(np.column_stack([prompt - first, runs]), axis=0)
    elsewhere = np.bincount(pairs[:, 1])[pairs[:, 1]] - 1
    return float(np.log1p(np.bincount(pairs[:, 0], elsewhere, minlength=last - first)).mean())


METRIC = Metric(
    name="self_repetition",
    field="prompt",
    unit="score",
    direction="lower",
    compute=self_repetition,
    beside="wording",
    texts_only=True,
)
