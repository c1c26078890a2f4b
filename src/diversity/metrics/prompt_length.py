"""prompt_length: are there short and long prompts, or does everything have one size?"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from diversity.features.buckets import bucket_counts
from diversity.features.inputs import Inputs
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.metrics.length_profile import LEAST_FOR_SHARE, LEAST_FOR_SPREAD, length_profile, length_sample, spread
from diversity.report import MetricResult

TABLE = "lengths"


def prompt_length(inputs: Inputs) -> MetricOutput:
    """Median prompt tokens with the distribution; also the table `lengths`, one row a unit."""
    tokens = inputs.prompt_tokens
    info = length_profile(inputs, tokens, inputs.settings.lengths.long_prompt)
    table = pa.table(
        {
            **inputs.corpus.unit_keys(),
            "prompt_tokens": tokens,
            "answer_tokens": inputs.answer_tokens,
            "context_tokens": inputs.context_tokens,
            "prompt_language": pa.array(inputs.prompt_language.tolist(), pa.string()),
            "answer_language": pa.array(inputs.answer_language.tolist(), pa.string()),
        }
    )
    value = info["quantiles"]["p50"]
    return MetricOutput(
        [MetricResult(metric=METRIC.name, field="prompt", value=value, unit="tokens", info=info, table=TABLE)],
        {TABLE: table},
    )


def find_spread(results: list[MetricResult]) -> Finding:
    """Holds the effective number of length buckets.

    The advice names what is missing first: long texts, then empty buckets, then whatever is not the fullest bucket.
    """
    result = results[0]
    info = result.info
    advice = "add_long" if info["long"] == 0 else "fill_buckets" if info["empty_buckets"] else "thin_fullest"
    fullest = max(info["buckets"], key=info["buckets"].__getitem__)
    evidence = {
        "median": result.value,
        "fullest": fullest,
        "fullest_share": info["buckets"][fullest] / info["units"],
        "empty": len(info["empty_buckets"]),
        "empty_buckets": ", ".join(info["empty_buckets"]),
        "long_share": info["long_share"],
        "long_from": info["long_from"],
    }
    if info["units"] < LEAST_FOR_SPREAD:
        return Finding(None, evidence, reason="too_few_lengths")
    return Finding(info["spread"], evidence, table=TABLE, advice=advice)


def find_long(results: list[MetricResult]) -> Finding:
    """Holds the share of texts past `long_from`: a spread may be wide and still end before the long ones begin."""
    info = results[0].info
    evidence = {name: info[name] for name in ("long", "long_from", "units")} | {"longest": info["quantiles"]["p100"]}
    if info["units"] < LEAST_FOR_SHARE:
        return Finding(None, evidence, reason="too_few_for_share")
    return Finding(info["long_share"], evidence, records=info["long"], table=TABLE, advice="add_long")


def _sample(report: Tables, result: MetricResult) -> Sample:
    return length_sample(report, "prompt", lambda values: float(np.median(values)))


def _spread_sample(report: Tables, result: MetricResult) -> Sample:
    return length_sample(report, "prompt", lambda values: spread(bucket_counts(values)))


def _long_sample(report: Tables, result: MetricResult) -> Sample:
    long_from = result.info["long_from"]
    return length_sample(report, "prompt", lambda values: float((values > long_from).mean()))


METRIC = Metric(
    name="prompt_length",
    field="prompt",
    unit="tokens",
    direction="none",
    compute=prompt_length,
    checks=(
        CheckSpec(
            "prompt_length",
            "prompts",
            "higher",
            "buckets",
            pass_at=3.5,
            warn_at=2.0,
            find=find_spread,
            sample=_spread_sample,
        ),
        CheckSpec(
            "long_prompts",
            "prompts",
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
