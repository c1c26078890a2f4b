"""answer_length: does the model learn to stop after a word as well as to write at length?"""

from __future__ import annotations

import numpy as np

from diversity.features.inputs import Inputs
from diversity.metrics.base import Metric, MetricOutput
from diversity.metrics.length_checks import TABLE, length_checks, median_sample
from diversity.metrics.length_profile import length_profile
from diversity.report import MetricResult


def answer_length(inputs: Inputs) -> MetricOutput:
    """Median answer tokens with the distribution and the share of loss tokens in each bucket.

    `one_token` counts answers of a single token, `no_token` those of which the tokenizer leaves none: no answer is
    blank, but a tokenizer may drop signs that it does not know.
    """
    tokens = inputs.answer_tokens
    info = length_profile(inputs, tokens, inputs.settings.lengths.long_answer)
    total = max(1, info["total_tokens"])
    info["loss_share"] = {label: count / total for label, count in info["bucket_tokens"].items()}
    info["no_token"] = int(np.sum(tokens == 0))
    info["one_token"] = int(np.sum(tokens == 1))
    value = info["quantiles"]["p50"]
    return MetricOutput(
        [MetricResult(metric=METRIC.name, field="answer", value=value, unit="tokens", info=info, table=TABLE)]
    )


METRIC = Metric(
    name="answer_length",
    field="answer",
    unit="tokens",
    direction="none",
    compute=answer_length,
    checks=length_checks("answer"),
    sample=median_sample,
)
