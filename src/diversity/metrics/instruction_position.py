"""instruction_position: does the request always stand on the same side of the material?"""

from __future__ import annotations

import numpy as np

from diversity.features.inputs import Inputs
from diversity.metrics.base import ROW, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.key_info_position import MINIMUM, TABLE
from diversity.metrics.shares import largest_share
from diversity.report import MetricResult

WITH_MATERIAL = ("before", "after", "around", "inside")


def instruction_position(inputs: Inputs) -> MetricOutput:
    """Share of the most frequent side, among prompts that have both a request and material it is about."""
    side = np.asarray(inputs.key_info["instruction_position"].to_pylist())
    long = np.asarray(inputs.key_info["class"].to_pylist()) != "short"
    counts = {name: int(((side == name) & long).sum()) for name in WITH_MATERIAL}
    total = sum(counts.values())
    if total < MINIMUM:
        return not_applicable(METRIC.name, "prompt", "ratio", "too_few_long_prompts", counts=counts, minimum=MINIMUM)
    top = max(counts, key=lambda name: counts[name])
    info = {
        "counts": counts,
        "shares": {name: count / total for name, count in counts.items()},
        "top": top,
        "prompts": total,
    }
    return MetricOutput(
        [
            MetricResult(
                metric=METRIC.name, field="prompt", value=counts[top] / total, unit="ratio", info=info, table=TABLE
            )
        ]
    )


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    evidence = {"top": result.info["top"], "prompts": result.info["prompts"]}
    where = {"instruction_position": result.info["top"]}
    return Finding(
        result.value,
        evidence,
        records=result.info["counts"][result.info["top"]],
        table=TABLE,
        where=where,
        advice="move_request",
    )


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    table = report.table(TABLE, [*ROW, "class", "instruction_position"])
    judged = table[(table["class"] != "short") & table["instruction_position"].isin(WITH_MATERIAL)]
    names, codes = np.unique(judged["instruction_position"].to_numpy(dtype=object), return_inverse=True)
    if len(codes) < MINIMUM:
        return None
    return Sample(codes, largest_share, judged[ROW], "prompt", names)


METRIC = Metric(
    name="instruction_position",
    field="prompt",
    unit="ratio",
    direction="lower",
    compute=instruction_position,
    checks=(CheckSpec("instruction_position", "prompts", "lower", "ratio", pass_at=0.8, warn_at=0.95, find=_find),),
    sample=_sample,
)
