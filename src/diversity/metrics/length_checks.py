"""What is held of lengths, of prompts and of answers alike: that they spread, and that there are long ones; and both as
figures of rows that are drawn from two versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from diversity.features.buckets import EDGES, LABELS, bucket_counts
from diversity.features.inputs import TextField
from diversity.metrics.base import ROW, CheckSpec, Finding, Sample, Tables
from diversity.metrics.length_profile import LEAST_FOR_SHARE, LEAST_FOR_SPREAD, spread
from diversity.report import MetricResult

TABLE = "lengths"
# With so much in each of the five buckets up to 512 tokens and the hundredth beyond that `find_long` asks for, texts
# spread over 3.59 and more: who follows the advice passes.
RARE = 0.1


def length_checks(side: TextField) -> tuple[CheckSpec, CheckSpec]:
    """The two checks of a side."""
    group: Literal["prompts", "answers"] = "prompts" if side == "prompt" else "answers"
    spreads: dict[str, Any] = {"pass_at": 3.5, "warn_at": 2.0, "find": find_spread, "sample": spread_sample}
    long: dict[str, Any] = {"pass_at": 0.01, "warn_at": 0.001, "find": find_long, "sample": long_sample}
    return (
        CheckSpec(f"{side}_length", group, "higher", "buckets", **spreads),
        CheckSpec(f"long_{side}s", group, "higher", "ratio", **long),
    )


def find_spread(results: list[MetricResult]) -> Finding:
    """Holds the effective number of length buckets.

    The advice names the buckets up to `long_from` that hold less than RARE, the emptiest first; what lies beyond is for
    `find_long` to ask for.
    """
    result = results[0]
    info = result.info
    rare = _rare(info["buckets"], info["long_from"])
    fullest = max(info["buckets"], key=info["buckets"].__getitem__)
    evidence = {
        "median": result.value,
        "fullest": fullest,
        "fullest_share": info["buckets"][fullest] / info["units"],
        "rare": rare,
        "long_share": info["long_share"],
        "long_from": info["long_from"],
    }
    if info["units"] < LEAST_FOR_SPREAD:
        return Finding(None, evidence, reason="too_few_lengths")
    return Finding(info["spread"], evidence, table=TABLE, advice="fill_buckets" if rare else "thin_fullest")


def _rare(buckets: dict[str, int], long_from: int) -> list[str]:
    short = [name for name, edge in zip(LABELS, EDGES, strict=False) if edge <= long_from]
    rare = [name for name in short if buckets[name] < RARE * sum(buckets.values())]
    return sorted(rare, key=buckets.__getitem__)


def find_long(results: list[MetricResult]) -> Finding:
    """Holds the share of texts past `long_from`: a spread may be wide and still end before the long ones begin."""
    info = results[0].info
    evidence = {name: info[name] for name in ("long", "long_from", "units")} | {"longest": info["quantiles"]["p100"]}
    if info["units"] < LEAST_FOR_SHARE:
        return Finding(None, evidence, reason="too_few_for_share")
    return Finding(info["long_share"], evidence, records=info["long"], table=TABLE, advice="add_long")


def median_sample(report: Tables, result: MetricResult) -> Sample:
    """The median length."""
    return _sample(report, result, lambda values: float(np.median(values)))


def spread_sample(report: Tables, result: MetricResult) -> Sample:
    """What `find_spread` holds."""
    return _sample(report, result, lambda values: spread(bucket_counts(values)))


def long_sample(report: Tables, result: MetricResult) -> Sample:
    """What `find_long` holds."""
    long_from = result.info["long_from"]
    return _sample(report, result, lambda values: float((values > long_from).mean()))


def _sample(report: Tables, result: MetricResult, statistic: Callable[[NDArray[np.int64]], float]) -> Sample:
    """A statistic over the tokens of every unit's prompt or answer."""
    side: TextField = "answer" if result.field == "answer" else "prompt"
    table = report.table(TABLE, [*ROW, f"{side}_tokens"])
    return Sample(table[f"{side}_tokens"].to_numpy(), statistic, table[ROW], side)
