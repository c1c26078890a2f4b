"""What the figures on the whole set have in common: one result a field, measured at fixed sizes, with an interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diversity.features.set_sample import FIELDS, Estimate, Of, Rows, SetSample
from diversity.report import MetricResult

Statistic = Callable[[Rows], float]


def field_results(
    metric: str,
    unit: str,
    sample: SetSample | str,
    statistic: Callable[[SetSample, Of], Statistic],
    more: Callable[[SetSample, Of], dict[str, Any]] = lambda sample, of: {},
    table: str | None = None,
) -> list[MetricResult]:
    """One result for prompts, answers and pairs each.

    `value` and `interval` hold at the largest size, `info["n"]`. `info["sizes"]` has the figure at every size, so that
    versions of different sizes can be compared (see `shared_size`). `statistic(sample, field)` gives the figure of any
    rows of the sample, `more` further items of `info`.
    """
    if isinstance(sample, str):
        return [
            MetricResult(metric=metric, field=of, unit=unit, status="not_applicable", reason=sample) for of in FIELDS
        ]
    return [_result(metric, of, unit, sample, statistic(sample, of), more(sample, of), table) for of in FIELDS]


def _result(
    metric: str,
    of: Of,
    unit: str,
    sample: SetSample,
    statistic: Statistic,
    more: dict[str, Any],
    table: str | None,
) -> MetricResult:
    found = sample.estimates(statistic)
    largest = next(iter(found))
    info = {
        "n": largest,
        "drawn": len(sample),
        "units": len(sample.order),
        "sizes": {str(size): [one.value, one.error, one.degrees] for size, one in found.items()},
    }
    return MetricResult(
        metric=metric,
        field=of,
        value=found[largest].value,
        interval=found[largest].interval_in(unit),
        unit=unit,
        info=info | more,
        table=table,
    )


def sizes_of(result: MetricResult) -> dict[int, Estimate]:
    """size → the result's figure at that size; empty for a result that does not depend on it, or has no figure."""
    found = result.info.get("sizes")
    # Another metric may call something else of its own sizes: only a figure by size is one.
    return {int(size): Estimate(*one) for size, one in found.items()} if isinstance(found, dict) else {}


def shared_size(*results: MetricResult) -> int | None:
    """The largest size at which all the results have a figure, or None."""
    shared = set.intersection(*(set(sizes_of(result)) for result in results))
    return max(shared, default=None)
