"""prompt_length: are there short and long prompts, or does everything have one size?"""

from __future__ import annotations

import pyarrow as pa

from diversity.features.inputs import Inputs
from diversity.metrics.base import Metric, MetricOutput
from diversity.metrics.length_checks import TABLE, length_checks, median_sample
from diversity.metrics.length_profile import length_profile
from diversity.report import MetricResult


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


METRIC = Metric(
    name="prompt_length",
    field="prompt",
    unit="tokens",
    direction="none",
    compute=prompt_length,
    checks=length_checks("prompt"),
    sample=median_sample,
)
