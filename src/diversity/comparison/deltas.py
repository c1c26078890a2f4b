"""How figures moved between two versions, with an interval at equal size where the metric allows one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from diversity.comparison.contents import Contents
from diversity.comparison.effect import ALPHA, benjamini_hochberg
from diversity.comparison.exchange import Moved, exchanged
from diversity.comparison.ruler import unlike, unlike_for
from diversity.features.set_sample import Estimate
from diversity.metrics import discover
from diversity.metrics.at_sizes import shared_size, sizes_of
from diversity.metrics.base import Direction, Metric, Sample, Tables
from diversity.report import Frozen, MetricResult, includes

Verdict = Literal["better", "worse", "changed", "unclear", "same", "unknown"]
GROUPS = {"better": 0, "worse": 0, "changed": 0, "unclear": 1, "same": 2, "unknown": 3}
# Sums of the same numbers in another order differ by so much of them (or of 1).
NOTHING = 1e-6
# What is counted row by row and mended row by row: a fact about the version, of which nothing is left to chance.
FACTS = ("task_type_coverage", "rows_set_aside")


class MetricDelta(Frozen):
    """One figure in both versions. `change` is after minus before.

    `interval` is the 95% interval of the change at equal size, from `sample_size` rows of each version; None with a
    `reason` code where it can't be had. `before` and `after` are the reports' figures; where their change lies outside
    the interval, the sizes of the versions made it, and the figures at `sample_size` stand instead, as they do for a
    figure that is measured at several sizes (see `at_sizes`). `p` is the chance of a change as large if what went and
    what came were a random pick, `p_adjusted` that for all questions of a comparison. `verdict` is `same` where chance
    would do as much, else what the change says, `changed` where neither direction is good. The interval is of this
    figure alone: it may miss 0 and the verdict be `same`, because of so many figures some do. Without an interval
    nothing tells a change from chance: `unclear`; but what is counted (FACTS, `reason` `counted`) needs none.
    `remeasured`: so many unchanged records have another value because others of the set changed; what that moves the
    figure is in the interval, and no change. `length_drift` names the drift in length that may alone have moved the
    figure, which is then `changed` and neither better nor worse (see `by_length`).
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
    p: float | None = None
    p_adjusted: float | None = None
    remeasured: int | None = None
    reason: str | None = None
    verdict: Verdict
    length_drift: str | None = None

    @property
    def told(self) -> bool:
        """Whether the verdict says more than that something moved."""
        return self.verdict in ("better", "worse") and (self.interval is not None or self.reason == COUNTED)


COUNTED, NO_INTERVAL = "counted", "no_equal_size_interval"


def metric_deltas(old: Tables, new: Tables, contents: tuple[Contents, Contents], seed: int) -> list[MetricDelta]:
    """Every figure that either version has, each by itself: `p_adjusted` and its verdict it gets from `judged`."""
    deltas = []
    before, after = old.report, new.report
    why = unlike(before, after)
    for metric in discover():
        pairs = _paired(
            [r for r in before.results if r.metric == metric.name],
            [r for r in after.results if r.metric == metric.name],
        )
        for first, second in pairs:
            moved = _moved(metric, (old, first), (new, second), contents, seed) if why is None else None
            delta = _delta(first, second, metric.direction, moved)
            reason = unlike_for(metric.name, why) or ("settings_differ" if _other_reference(first, second) else None)
            if reason is not None:
                delta = delta.model_copy(update={"verdict": "unknown", "p": None, "reason": reason})
            deltas.append(delta)
    return deltas


def judged(deltas: Sequence[MetricDelta], others: Sequence[float] = ()) -> tuple[list[MetricDelta], list[float]]:
    """The figures with their verdicts: those that moved, those of which chance can't be told, those that did not.

    Each by change over the interval's half width; those that have no such scale come after, by relative change. p is
    adjusted over all of them and over the `others` that are asked beside them, which are given back adjusted.
    """
    asked = [delta.p for delta in deltas if delta.p is not None]
    adjusted = iter(benjamini_hochberg([*asked, *others]))
    found = []
    for delta in deltas:
        one = delta.model_copy(update={"p_adjusted": next(adjusted)}) if delta.p is not None else delta
        found.append(one if one.verdict == "unknown" else one.model_copy(update={"verdict": _verdict(one)}))
    return sorted(found, key=_rank), [*adjusted]


def _moved(
    metric: Metric,
    old: tuple[Tables, MetricResult | None],
    new: tuple[Tables, MetricResult | None],
    contents: tuple[Contents, Contents],
    seed: int,
) -> Moved | None:
    """The change at equal size, where the figure has a form that can be had at one."""
    (_, first), (_, second) = old, new
    size = shared_size(first, second) if first is not None and second is not None else None
    if first is not None and second is not None and size is not None:
        return _at_size(sizes_of(first)[size], sizes_of(second)[size], size)
    if metric.sample is None or metric.name in FACTS:
        return None
    return drawn(metric.sample, old, new, contents, seed)


def drawn(
    sample: Callable[[Tables, MetricResult], Sample | None],
    old: tuple[Tables, MetricResult | None],
    new: tuple[Tables, MetricResult | None],
    contents: tuple[Contents, Contents],
    seed: int,
) -> Moved | None:
    """The change of a figure that both versions have and that can be had from rows drawn from them."""
    if not (_drawable(*old) and _drawable(*new) and _on_one_map(old[1], new[1])):
        return None
    samples = [sample(tables, result) for tables, result in (old, new) if result is not None]
    if samples[0] is None or samples[1] is None:
        return None
    return exchanged((samples[0], samples[1]), contents, seed)


def _at_size(before: Estimate, after: Estimate, size: int) -> Moved:
    """A figure that each version was measured at by itself: Welch's test of two samples."""
    return Moved(before.value, after.value, after.minus(before).interval, size, size, after.minus(before).p)


def _other_reference(first: MetricResult | None, second: MetricResult | None) -> bool:
    """Whether a figure was held against one reference in one version and against another in the other."""
    if first is None or second is None:
        return False
    return bool(first.info.get("reference_key") != second.info.get("reference_key"))


def _on_one_map(first: MetricResult | None, second: MetricResult | None) -> bool:
    """False for figures of clusters on two maps: a map fitted anew to the same texts parts them otherwise, and no
    drawing of records shows how much that moves a figure (half of the changes between alike sets were called clear)."""
    return first is None or second is None or first.info.get("map") == second.info.get("map")


def _drawable(tables: Tables, result: MetricResult | None) -> bool:
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


def _delta(
    first: MetricResult | None, second: MetricResult | None, direction: Direction, moved: Moved | None
) -> MetricDelta:
    known = first or second
    assert known is not None
    before, after = first.value if first else None, second.value if second else None
    change, reason = None, _reason(first, second)
    if before is not None and after is not None:
        if moved and not (_one_size(first, second) and _within(moved, after - before)):
            before, after = moved.before, moved.after
        change = _clear_of_noise(after - before, before, after)
        reason = None if moved else COUNTED if known.metric in FACTS else NO_INTERVAL
    own = moved if change is not None else None
    return MetricDelta(
        metric=known.metric,
        field=known.field,
        params=known.params,
        unit=known.unit,
        direction=direction,
        before=before,
        after=after,
        change=change,
        interval=own.interval if own else None,
        sample_size=own.size if own else None,
        p=own.p if own and change else None,
        remeasured=own.remeasured if own else None,
        reason=reason,
        verdict="unknown" if change is None else "unclear",
    )


def _one_size(first: MetricResult | None, second: MetricResult | None) -> bool:
    """False for figures that are measured at several sizes: they are shown at the size they are compared at."""
    return first is None or second is None or shared_size(first, second) is None


def _within(moved: Moved, change: float) -> bool:
    return moved.interval[0] <= change <= moved.interval[1]


def _clear_of_noise(change: float, before: float, after: float) -> float:
    return 0.0 if abs(change) < NOTHING * max(1.0, abs(before), abs(after)) else change


def _reason(first: MetricResult | None, second: MetricResult | None) -> str | None:
    return next((r.reason for r in (second, first) if r is not None and r.reason), "not_measured_in_both")


def _verdict(delta: MetricDelta) -> Verdict:
    if delta.change == 0:
        return "same"
    if delta.interval is None and delta.reason != COUNTED:
        return "unclear"
    if delta.interval is not None and (delta.p_adjusted is None or delta.p_adjusted > ALPHA):
        return "same"
    if delta.direction == "none":
        return "changed"
    # The middle of the interval is the change at equal size; the reports' may go the other way.
    up = (sum(delta.interval) if delta.interval else delta.change or 0.0) > 0
    return "better" if up == (delta.direction == "higher") else "worse"


def _rank(delta: MetricDelta) -> tuple[int, bool, float, str]:
    # A relative change says nothing beside one in widths of its interval: the two are never mixed.
    width = (delta.interval[1] - delta.interval[0]) / 2 if delta.interval else 0.0
    scale = width or abs(delta.before or 0.0) or 1.0
    return (GROUPS[delta.verdict], not width, -abs(delta.change or 0.0) / scale, delta.metric)
