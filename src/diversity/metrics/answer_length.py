"""answer_length: does the model learn to stop after a word as well as to write at length?"""

from __future__ import annotations

import numpy as np

from diversity.features.buckets import bucket_counts
from diversity.features.inputs import Inputs
from diversity.metrics.base import CheckSpec, Metric, MetricOutput, Sample, Tables
from diversity.metrics.length_profile import length_profile, length_sample, spread
from diversity.metrics.prompt_length import TABLE, find_long, find_spread
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


def _sample(report: Tables, result: MetricResult) -> Sample:
    return length_sample(report, "answer", lambda values: float(np.median(values)))


def _spread_sample(report: Tables, result: MetricResult) -> Sample:
    return length_sample(report, "answer", lambda values: spread(bucket_counts(values)))


def _long_sample(report: Tables, result: MetricResult) -> Sample:
    long_from = result.info["long_from"]
    return length_sample(report, "answer", lambda values: float((values > long_from).mean()))


METRIC = Metric(
    name="answer_length",
    field="answer",
    unit="tokens",
    direction="none",
    compute=answer_length,
    checks=(
        CheckSpec(
            "answer_length",
            "answers",
            "higher",
            "buckets",
            pass_at=3.5,
            warn_at=2.0,
            find=find_spread,
            sample=_spread_sample,
        ),
        CheckSpec(
            "long_answers",
            "answers",
            "higher",
            "ratio",
            pass_at=0.01,
            warn_at=0.001,
            find=find_long,
            sample=_long_sample,
        ),
    ),
    sample=_sample,
)
