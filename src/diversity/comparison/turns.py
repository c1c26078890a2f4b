"""Checks whose outcome turned from one version to another, and whether their own figures moved beyond chance.

A figure close to its threshold falls on one side or the other by chance. So an outcome that turned is better or worse
only where the figure it rests on changed by more than chance would have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from diversity.comparison.contents import Contents
from diversity.comparison.deltas import FACTS, MetricDelta, drawn
from diversity.comparison.effect import ALPHA
from diversity.comparison.ruler import Unlike, unlike_for
from diversity.metrics import discover
from diversity.metrics.base import Tables
from diversity.report import Check, Frozen, MetricResult, Outcome, Report, includes

ORDER: dict[Outcome, int] = {"fail": 0, "warn": 1, "pass": 2}


class CheckChange(Frozen):
    """One check in both versions. An outcome that turned is `unclear` where its figure may have moved by chance, or by
    `remeasured` unchanged records (see `MetricDelta`)."""

    check: str
    group: str
    unit: str
    direction: str
    before: Outcome | None
    after: Outcome | None
    value_before: float | None
    value_after: float | None
    verdict: Literal["better", "worse", "unclear", "same", "unknown"]
    remeasured: int | None = None


class Shift(NamedTuple):
    """How a figure moved at equal size: `change`, and `p` before or after adjusting."""

    change: float
    p: float


def own_shifts(
    stored: tuple[Tables, Tables], contents: tuple[Contents, Contents], seed: int, why: Unlike | None
) -> dict[str, Shift]:
    """How the figures moved that checks have for themselves, by check."""
    found = {}
    for metric in discover():
        results = [next((r for r in one.report.results if r.metric == metric.name), None) for one in stored]
        for spec in metric.checks:
            if why is None and spec.sample and _judged(stored, spec.name):
                sides = [(one, result) for one, result in zip(stored, results, strict=True)]
                moved = drawn(spec.sample, sides[0], sides[1], contents, seed)
                if moved is not None and moved.p is not None:
                    found[spec.name] = Shift(moved.after - moved.before, moved.p)
    return found


def check_changes(
    old: Report, new: Report, why: Unlike | None, deltas: Sequence[MetricDelta], own: dict[str, Shift]
) -> list[CheckChange]:
    """Every check that either version has. `deltas` are judged, the p of `own` adjusted."""
    names = list(dict.fromkeys([check.check for check in (*new.checks, *old.checks)]))
    return [_change(old, new, name, why, deltas, own.get(name)) for name in names]


def _judged(stored: tuple[Tables, Tables], name: str) -> bool:
    checks = [one.report.check(name) for one in stored]
    return all(check is not None and check.outcome in ORDER for check in checks)


def _change(
    old: Report, new: Report, name: str, why: Unlike | None, deltas: Sequence[MetricDelta], own: Shift | None
) -> CheckChange:
    first, second = old.check(name), new.check(name)
    known = second or first
    assert known is not None
    a, b = (ORDER.get(check.outcome) if check else None for check in (first, second))
    verdict: Any = "unknown"
    if first and second and a is not None and b is not None and unlike_for(known.metric, why) is None:
        way = "better" if b > a else "worse"
        shift = own or _of_figure((old, first), (new, second), deltas)
        told = name in FACTS or (_goes(shift, known.direction, way) if shift else _went(known.metric, deltas, way))
        verdict = "same" if a == b else way if told else "unclear"
    return CheckChange(
        check=name,
        group=known.group,
        unit=known.unit,
        direction=known.direction,
        before=first.outcome if first else None,
        after=second.outcome if second else None,
        value_before=first.value if first else None,
        value_after=second.value if second else None,
        verdict=verdict,
        remeasured=_remeasured(known, deltas) if verdict == "unclear" else None,
    )


def _remeasured(check: Check, deltas: Sequence[MetricDelta]) -> int | None:
    return next((delta.remeasured for delta in deltas if delta.metric == check.metric and delta.remeasured), None)


def _goes(shift: Shift, direction: str, way: str) -> bool:
    """Whether a figure went that way beyond chance."""
    if shift.p > ALPHA:
        return False
    return ((shift.change > 0) == (direction == "higher")) == (way == "better")


def _went(metric: str, deltas: Sequence[MetricDelta], way: str) -> bool:
    """Whether a figure of the metric went that way beyond chance, and none the other: for a check whose own figure,
    such as the worst of many types', cannot be drawn."""
    return {delta.verdict for delta in deltas if delta.metric == metric and delta.told} == {way}


def _of_figure(old: tuple[Report, Check], new: tuple[Report, Check], deltas: Sequence[MetricDelta]) -> Shift | None:
    """How the figure of the check's metric moved that the check looks at."""
    first, second = (_results(*one) for one in (old, new))
    for result in first:
        if any(_alike(result, other) for other in second):
            delta = next((one for one in deltas if one.metric == result.metric and _alike(result, one)), None)
            if delta is not None and delta.interval is not None and delta.p_adjusted is not None:
                return Shift(sum(delta.interval) / 2, delta.p_adjusted)
    return None


def _results(report: Report, check: Check) -> list[MetricResult]:
    return [one for one in report.results if one.metric == check.metric and one.value == check.value]


def _alike(one: MetricResult, other: MetricResult | MetricDelta) -> bool:
    return one.field == other.field and includes(one.params, other.params) and includes(other.params, one.params)
