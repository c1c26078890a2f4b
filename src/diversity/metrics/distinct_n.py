"""distinct_n: how many of the words, and of the phrases, does one read for the first time?"""

from __future__ import annotations

import numpy as np

from diversity.features.inputs import Inputs
from diversity.features.prompt_sample import block_result, blocks, prompt_sample
from diversity.metrics.base import Metric, MetricOutput
from diversity.report import MetricResult

SIZES = (5000, 1000)
LENGTHS = (1, 2, 3)


def distinct_n(inputs: Inputs) -> MetricOutput:
    """Different n-grams over all n-grams of the prompts (Li et al. 2016), for n = 1, 2, 3, in blocks of 5,000 words.

    A share falls with every further word, hence the fixed size. n-grams lie within one prompt; Chinese counts words of
    the dictionary, as `terms` cuts them. Prompts of fewer than n words have no n-gram and are left out.
    """
    return MetricOutput([_of_length(inputs, n) for n in LENGTHS])


def _of_length(inputs: Inputs, n: int) -> MetricResult:
    drawn = prompt_sample(inputs)
    sample = drawn.of_words(n)

    def share(start: int, stop: int) -> float:
        found, _ = sample.runs(start, stop, n)
        return len(np.unique(found)) / len(found)

    values = {size: [share(*block) for block in blocks(len(sample.words), size)] for size in SIZES}
    return block_result(METRIC.name, METRIC.unit, values, {"n": n}, before=len(drawn.words))


METRIC = Metric(
    name="distinct_n",
    field="prompt",
    unit="ratio",
    direction="higher",
    compute=distinct_n,
    beside="wording",
    texts_only=True,
)
