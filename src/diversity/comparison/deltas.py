"""How figures moved between two versions, with an interval at equal size where the metric allows one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from diversity.comparison.remeasured import remeasured
from diversity.comparison.ruler import unlike, unlike_for
from diversity.metrics import discover
from diversity.metrics.at_sizes import shared_size, sizes_of
from diversity.metrics.base import Direction, Sample, Tables
from diversity.report import Frozen, MetricResult, Report, includes

DRAWS = 200
LARGEST = 5000
SMALLEST = 20
Verdict = Literal["better", "worse", "changed", "unclear", "same", "unknown"]
GROUPS = {"better": 0, "worse": 0, "changed": 0, "unclear": 1, "same": 2, "unknown": 3}


class Sampled(NamedTuple):
    """A figure at `size` rows of each version, and the 95% interval of its change."""

    before: float
    after: float
    interval: tuple[float, float]
    size: int
    remeasured: int | None = None


class MetricDelta(Frozen):
    """One figure in both versions. `change` is after minus before.

    `interval` is the 95% interval of the change at equal size, from `sample_size` rows of each version; None with a
    `reason` code where it can't be had. `before` and `after` are the reports' figures; where their change lies outside
    the interval, the sizes of the versions made it, and the figures at `sample_size` stand instead, as they do for a
    figure that is measured at several sizes (see `at_sizes`). `verdict` is `same` when the interval holds 0, else what
    the interval says, `changed` where neither direction is good. Without an interval nothing tells a change from
    chance: `unclear`. `remeasured`: so many unchanged records have another value because others of the set changed,
    and the interval is wider by what that moves the figure.
    """

    metric: str
    field: str
    params: dict[str, Any]
    unit: str
    direction: Direction
    before: float | None
    after: float | None
    change: float | None
    interval: tuple[float, float] | None = None
    sample_size: int | None = None
    remeasured: int | None = None
    reason: str | None = None
    verdict: Verdict


def metric_deltas(
    before: Report, after: Report, old: Tables, new: Tables, seed: int, unchanged: Mapping[str, str] | None = None
) -> list[MetricDelta]:
    """Every figure that either version has: those that moved, those of which chance can't be told, those that did not.
    `unchanged`: see `remeasured`.

    Each by change over the interval's half width; those that have no such scale come after, by relative change.
    """
    deltas = []
    why = unlike(before, after)
    for metric in discover():
        pairs = _paired(
            [r for r in before.results if r.metric == metric.name],
            [r for r in after.results if r.metric == metric.name],
        )
        for first, second in pairs:
            delta = _at_shared_size(first, second, metric.direction)
            if delta is None:
                drawable = (
                    why is None and _drawable(first, old) and _drawable(second, new) and _on_one_map(first, second)
                )
                interval = (
                    _interval(metric.sample, (old, first), (new, second), seed, unchanged or {}) if drawable else None
                )
                delta = _delta(first, second, metric.direction, interval)
            reason = unlike_for(metric.name, why) or ("settings_differ" if _other_reference(first, second) else None)
            if reason is not None:
                delta = delta.model_copy(update={"verdict": "unknown", "reason": reason})
            deltas.append(delta)
    return sorted(deltas, key=_rank)


def _other_reference(first: MetricResult | None, second: MetricResult | None) -> bool:
    """Whether a figure was held against one reference in one version and against another in the other."""
    if first is None or second is None:
        return False
    return bool(first.info.get("reference_key") != second.info.get("reference_key"))


def _on_one_map(first: MetricResult | None, second: MetricResult | None) -> bool:
    """False for figures of clusters on two maps: a map fitted anew to the same texts parts them otherwise, and no
    drawing of records shows how much that moves a figure (half of the changes between alike sets were called clear)."""
    return first is None or second is None or first.info.get("map") == second.info.get("map")


def _drawable(result: MetricResult | None, tables: Tables) -> bool:
    """Whether there is a figure and the table behind it: another metric writes some tables, and that one may have
    failed."""
    return result is not None and result.value is not None and (not result.table or tables.has_table(result.table))


def _paired(
    first: Sequence[MetricResult], second: Sequence[MetricResult]
) -> list[tuple[MetricResult | None, MetricResult | None]]:
    """Results of the same field and params beside each other."""
    rest = list(second)
    pairs: list[tuple[MetricResult | None, MetricResult | None]] = []
    for result in first:
        same = next(
            (
                r
                for r in rest
                if r.field == result.field and includes(r.params, result.params) and includes(result.params, r.params)
            ),
            None,
        )
        if same:
            rest.remove(same)
        pairs.append((result, same))
    return pairs + [(None, result) for result in rest]


def _at_shared_size(
    first: MetricResult | None, second: MetricResult | None, direction: Direction
) -> MetricDelta | None:
    """The change of a figure that is measured at several sizes, at the largest that both versions have; None for other
    figures. `before` and `after` are the figures at that size."""
    size = shared_size(first, second) if first is not None and second is not None else None
    if first is None or second is None or size is None:
        return None
    before, after = sizes_of(first)[size], sizes_of(second)[size]
    at_size = [result.model_copy(update={"value": one.value}) for result, one in ((first, before), (second, after))]
    sampled = Sampled(before.value, after.value, after.minus(before).interval, size)
    return _delta(at_size[0], at_size[1], direction, sampled)


def _delta(
    first: MetricResult | None, second: MetricResult | None, direction: Direction, sampled: Sampled | None
) -> MetricDelta:
    known = first or second
    assert known is not None
    before, after = first.value if first else None, second.value if second else None
    change = after - before if before is not None and after is not None else None
    if change is not None and sampled and not sampled.interval[0] <= change <= sampled.interval[1]:
        before, after, change = sampled.before, sampled.after, sampled.after - sampled.before
    interval = sampled.interval if sampled and change is not None else None
    return MetricDelta(
        metric=known.metric,
        field=known.field,
        params=known.params,
        unit=known.unit,
        direction=direction,
        before=before,
        after=after,
        change=change,
        interval=interval,
        sample_size=sampled.size if sampled and interval else None,
        remeasured=sampled.remeasured if sampled and interval else None,
        reason=None if interval else "no_equal_size_interval" if change is not None else _reason(first, second),
        verdict=_verdict(change, interval, direction),
    )


def _reason(first: MetricResult | None, second: MetricResult | None) -> str:
    return next((r.reason for r in (second, first) if r is not None and r.reason), "not_measured_in_both")


def _verdict(change: float | None, interval: tuple[float, float] | None, direction: Direction) -> Verdict:
    if change is None:
        return "unknown"
    if interval is None:
        return "same" if change == 0 else "unclear"
    if interval[0] <= 0 <= interval[1]:
        return "same"
    if direction == "none":
        return "changed"
    return "better" if (interval[0] > 0) == (direction == "higher") else "worse"


def _interval(
    sample: Any,
    old: tuple[Tables, MetricResult | None],
    new: tuple[Tables, MetricResult | None],
    seed: int,
    unchanged: Mapping[str, str],
) -> Sampled | None:
    """A statistic over half-samples without replacement: its means and the 95% interval of its change.

    Half of a version drawn without replacement varies as much as a bootstrap of all of it (the delete-half jackknife,
    Shao and Wu 1989), and
    does not make repeats that are not there. Both versions give the same number of rows: half of the smaller one, at
    most LARGEST. What unchanged records that were measured otherwise make of the change is added on either side: no
    drawing shows it.
    """
    first, second = (sample(*old), sample(*new)) if sample else (None, None)
    if first is None or second is None:
        return None
    size = min(len(first.values) // 2, len(second.values) // 2, LARGEST)
    if size < SMALLEST:
        return None
    after, before = _draws(second, size, seed + 1), _draws(first, size, seed)
    low, high = np.quantile(after - before, [0.025, 0.975])
    again = remeasured(first, second, unchanged)
    more, count = (again.shift, again.count) if again else (0.0, None)
    return Sampled(float(before.mean()), float(after.mean()), (float(low) - more, float(high) + more), size, count)


def _draws(sample: Sample, size: int, seed: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    random = np.random.default_rng(seed)
    return np.array(
        [
            sample.statistic(sample.values[random.choice(len(sample.values), size, replace=False, shuffle=False)])
            for _ in range(DRAWS)
        ]
    )


def _rank(delta: MetricDelta) -> tuple[int, bool, float, str]:
    # A relative change says nothing beside one in widths of its interval: the two are never mixed.
    width = (delta.interval[1] - delta.interval[0]) / 2 if delta.interval else 0.0
    scale = width or abs(delta.before or 0.0) or 1.0
    return (GROUPS[delta.verdict], not width, -abs(delta.change or 0.0) / scale, delta.metric)
