from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import report

from diversity.comparison import deltas
from diversity.comparison.contents import Contents
from diversity.comparison.deltas import MetricDelta, judged
from diversity.comparison.exchange import MOST_CHANGED, SMALLEST
from diversity.metrics.base import Metric, Sample
from diversity.report import MetricResult, Report


class Numbers:
    """A stored report that has one column of numbers."""

    def __init__(self, values: Any, present: bool = True) -> None:
        self.values = np.asarray(values, dtype=np.float64)
        self.present = present

    def has_table(self, name: str) -> bool:
        return self.present

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        assert self.present
        return pd.DataFrame({"value": self.values})


def metric_deltas(before: Report, after: Report, old: Any, new: Any, seed: int) -> list[MetricDelta]:
    """The figures judged, with no other questions beside them."""
    stored = copy.copy(old), copy.copy(new)
    stored[0].report, stored[1].report = before, after
    return judged(deltas.metric_deltas(*stored, (Contents(stored[0]), Contents(stored[1])), seed))[0]


def delta(
    monkeypatch: pytest.MonkeyPatch, before: Numbers, after: Numbers, direction: Any = "higher", **more: Any
) -> MetricDelta:
    metric = Metric(
        "m",
        "set",
        "score",
        direction,
        compute=None,  # type: ignore[arg-type]
        sample=lambda tables, result: Sample(tables.table("t")["value"].to_numpy(), lambda v: float(v.mean())),
    )
    monkeypatch.setattr(deltas, "discover", lambda: (metric,))
    infos = [{"map": one} for one in more["maps"]] if "maps" in more else [{}, {}]
    old, new = (
        MetricResult(metric="m", field="set", value=float(n.values.mean()), table="t", info=info)
        for n, info in zip((before, after), infos, strict=True)
    )
    return metric_deltas(report(old), report(new), before, after, more.get("seed", 7))[0]


def numbers(count: int, mean: float = 0.0, seed: int = 0) -> Numbers:
    return Numbers(np.random.default_rng(seed).normal(mean, 1, count))


def test_equal_figures_are_the_same_and_the_interval_holds_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    found = delta(monkeypatch, numbers(400), numbers(400))
    assert found.change == 0
    assert found.interval is not None
    assert found.interval[0] < 0 < found.interval[1]
    assert found.verdict == "same"


def test_sums_in_another_order_are_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of texts that are all the same: what differs is the last digit, in every shuffle alike."""
    found = delta(monkeypatch, Numbers(np.full(400, -1e-9)), Numbers(np.full(400, 2e-9)))
    assert (found.change, found.verdict) == (0, "same")
    apart = delta(monkeypatch, Numbers(np.full(400, 0.0)), Numbers(np.full(400, 2e-3)))
    assert (apart.change, apart.verdict) == (pytest.approx(0.002), "better")


def test_figures_of_clusters_are_compared_on_one_map_only(monkeypatch: pytest.MonkeyPatch) -> None:
    one = delta(monkeypatch, numbers(400), numbers(300, 1, seed=1), maps=("a", "a"))
    two = delta(monkeypatch, numbers(400), numbers(300, 1, seed=1), maps=("a", "b"))
    assert one.interval is not None
    assert one.verdict == "better"
    assert two.interval is None
    assert two.verdict not in ("better", "worse")


@pytest.mark.parametrize(
    ("direction", "shift", "verdict"),
    [
        ("higher", 1, "better"),
        ("higher", -1, "worse"),
        ("lower", 1, "worse"),
        ("lower", -1, "better"),
        ("none", 1, "changed"),
    ],
)
def test_a_planted_shift_is_seen_and_judged(
    monkeypatch: pytest.MonkeyPatch, direction: str, shift: float, verdict: str
) -> None:
    found = delta(monkeypatch, numbers(400), numbers(300, shift, seed=1), direction)
    assert found.interval is not None
    assert found.interval[0] < shift < found.interval[1]
    assert found.verdict == verdict
    assert found.reason is None


def test_chance_alone_is_rarely_called_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two samples of one population, sixty times: about one in twenty is called a change."""
    verdicts = [delta(monkeypatch, numbers(80, 0, 2 * n), numbers(80, 0, 2 * n + 1)).verdict for n in range(60)]
    assert sum(verdict != "same" for verdict in verdicts) <= 8


def test_both_versions_give_the_same_number_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert delta(monkeypatch, numbers(101), numbers(900)).sample_size == 101
    assert delta(monkeypatch, numbers(900), numbers(101)).sample_size == 101
    assert delta(monkeypatch, numbers(MOST_CHANGED + 1), numbers(MOST_CHANGED + 1)).sample_size == MOST_CHANGED


def test_too_few_rows_have_no_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    found = delta(monkeypatch, numbers(SMALLEST - 1), numbers(500))
    assert (found.interval, found.sample_size, found.reason) == (None, None, "no_equal_size_interval")
    assert found.verdict == "unclear"


def test_the_same_seed_gives_the_same_interval_and_another_one_nearly(monkeypatch: pytest.MonkeyPatch) -> None:
    first, again, other = (delta(monkeypatch, numbers(400), numbers(400, 1, 1), seed=seed) for seed in (7, 7, 8))
    assert first == again
    assert first.interval is not None
    assert other.interval is not None
    assert first.interval != other.interval
    assert first.interval == pytest.approx(other.interval, abs=0.1)


def test_a_missing_table_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    found = delta(monkeypatch, numbers(400), Numbers(np.ones(400), present=False))
    assert (found.interval, found.reason) == (None, "no_equal_size_interval")
    assert found.change is not None


def test_figures_of_other_parameters_are_not_paired(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = Metric("m", "set", "types", "higher", compute=None)  # type: ignore[arg-type]
    monkeypatch.setattr(deltas, "discover", lambda: (metric,))
    old = [
        MetricResult(metric="m", field="set", value=2, params={"level": 1}),
        MetricResult(metric="m", field="set", value=5, params={"level": 2}),
    ]
    new = [
        MetricResult(metric="m", field="set", value=3, params={"level": 1}),
        MetricResult(metric="m", field="set", status="not_applicable", reason="no_embedder", params={"k": 1}),
    ]
    found = {
        tuple(one.params.items()): one for one in metric_deltas(report(*old), report(*new), Numbers([]), Numbers([]), 7)
    }
    assert found[(("level", 1),)].change == 1
    assert (found[(("level", 2),)].verdict, found[(("level", 2),)].reason) == ("unknown", "not_measured_in_both")
    assert found[(("k", 1),)].reason == "no_embedder"


def test_what_moved_clearly_comes_first_and_what_is_unknown_last(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = tuple(Metric(name, "set", "score", "higher", compute=None) for name in "abc")  # type: ignore[arg-type]
    monkeypatch.setattr(deltas, "discover", lambda: metrics)
    pairs = {"a": (1.0, 1.1), "b": (1.0, None), "c": (1.0, 3.0)}
    old, new = (
        [
            MetricResult(
                metric=name,
                field="set",
                value=pair[side],
                **({} if pair[side] is not None else {"status": "not_applicable", "reason": "r"}),
            )
            for name, pair in pairs.items()
        ]
        for side in (0, 1)
    )
    found = metric_deltas(report(*old), report(*new), Numbers([]), Numbers([]), 7)
    assert [one.metric for one in found] == ["c", "a", "b"]


def moved(p: float, change: float = 1.0) -> MetricDelta:
    return MetricDelta(
        metric="m", field="set", params={}, unit="score", direction="higher", before=0.0, after=change, change=change,
        interval=(change - 0.5, change + 0.5), sample_size=100, p=p, verdict="unclear",
    )  # fmt: skip


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=30), st.lists(st.floats(0, 1), max_size=5))
def test_a_change_is_named_where_it_holds_beside_all_other_questions(p: list[float], others: list[float]) -> None:
    found, adjusted = judged([moved(one) for one in p], others)
    assert len(adjusted) == len(others)
    total = len(p) + len(others)
    for one in found:
        assert one.p is not None
        assert one.p_adjusted is not None
        assert one.p <= one.p_adjusted <= 1
        assert (one.verdict == "better") == (one.p_adjusted <= 0.05)
        # What Bonferroni names is named.
        assert one.verdict == "better" or one.p * total > 0.05


def test_one_of_many_figures_with_an_interval_off_zero_is_no_news() -> None:
    (alone,), _ = judged([moved(0.02)])
    assert alone.verdict == "better"
    many, _ = judged([moved(0.02), *(moved(0.5) for _ in range(20))])
    assert {one.verdict for one in many} == {"same"}


def test_versions_measured_with_other_settings_are_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = Metric("m", "set", "tokens", "higher", compute=lambda inputs: None)  # type: ignore
    monkeypatch.setattr(deltas, "discover", lambda: (metric,))
    before, after = (
        report(MetricResult(metric="m", field="set", value=value, unit="tokens")) for value in (10.0, 20.0)
    )
    other = after.model_copy(update={"settings": {"tokenizer": "another"}})
    numbers = Numbers([1.0] * 100)
    (alike,) = metric_deltas(before, after, numbers, numbers, 1)  # type: ignore[arg-type]
    (unlike,) = metric_deltas(before, other, numbers, numbers, 1)  # type: ignore[arg-type]
    assert (alike.verdict, unlike.verdict, unlike.reason) == ("unclear", "unknown", "settings_differ")


def kinds(monkeypatch: pytest.MonkeyPatch, before: list[int], after: list[int], direction: str) -> MetricDelta:
    """The change of the number of kinds, a figure that grows with the size of a version."""

    def count(values: Any) -> float:
        return float(len(np.unique(values)))

    metric = Metric(
        "m", "set", "score", direction, compute=None,  # type: ignore[arg-type]
        sample=lambda tables, result: Sample(tables.table("t")["value"].to_numpy(), count),
    )  # fmt: skip
    monkeypatch.setattr(deltas, "discover", lambda: (metric,))
    old, new = Numbers(before), Numbers(after)
    results = [MetricResult(metric="m", field="set", value=count(n.values), table="t") for n in (old, new)]
    return metric_deltas(report(results[0]), report(results[1]), old, new, 7)[0]


def test_a_loss_at_equal_size_is_no_gain_because_the_version_grew(monkeypatch: pytest.MonkeyPatch) -> None:
    """150 rows of 150 kinds against 900 of 160: more kinds in all, fewer among as many rows."""
    fewer = kinds(monkeypatch, list(range(150)), [n % 160 for n in range(900)], "higher")
    assert fewer.interval is not None
    assert fewer.interval[1] < 0
    assert fewer.verdict == "worse"
    assert fewer.change is not None
    assert fewer.before is not None
    assert fewer.sample_size == 150
    assert fewer.before == 150
    assert fewer.after is not None
    assert fewer.after < 110  # of 150 drawn from 160 kinds; 160 in the report
    assert fewer.interval[0] <= fewer.change <= fewer.interval[1]


def test_figures_whose_change_the_interval_holds_stand_as_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    found = delta(monkeypatch, numbers(400), numbers(300, 1, seed=1))
    assert found.before == pytest.approx(numbers(400).values.mean())
    assert found.after == pytest.approx(numbers(300, 1, seed=1).values.mean())


def test_a_figure_held_against_another_reference_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = Metric("m", "set", "ratio", "higher", compute=None)  # type: ignore[arg-type]
    monkeypatch.setattr(deltas, "discover", lambda: (metric,))
    first, other = (
        report(MetricResult(metric="m", field="set", value=0.5, info={"reference_key": key})) for key in ("a", "b")
    )
    tables = numbers(10)
    assert metric_deltas(first, first, tables, tables, 7)[0].verdict == "same"
    found = metric_deltas(first, other, tables, tables, 7)[0]
    assert (found.verdict, found.reason) == ("unknown", "settings_differ")


def test_what_has_no_interval_stands_after_what_moved_however_far_it_went(monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative changes and changes in widths of an interval are two scales."""

    def sampled(name: str) -> Metric:
        return Metric(
            name, "set", "score", "higher", compute=None,  # type: ignore[arg-type]
            sample=lambda tables, result: Sample(tables.table("t")["value"].to_numpy(), lambda v: float(v.mean())),
        )  # fmt: skip

    bare = [Metric(name, "set", "score", "higher", compute=None) for name in ("far", "near")]  # type: ignore[arg-type]
    monkeypatch.setattr(deltas, "discover", lambda: (*bare, sampled("moved")))
    before, after = numbers(400, 10), numbers(400, 11, seed=1)
    values = {"far": (1.0, 99.0), "near": (1.0, 2.0), "moved": (before.values.mean(), after.values.mean())}
    old, new = (
        report(*(MetricResult(metric=name, field="set", value=float(pair[at])) for name, pair in values.items()))
        for at in (0, 1)
    )
    found = metric_deltas(old, new, before, after, 7)
    assert [(one.metric, one.verdict) for one in found] == [
        ("moved", "better"),
        ("far", "unclear"),
        ("near", "unclear"),
    ]


def test_a_change_that_is_the_same_in_every_draw_has_no_width_to_be_ranked_by(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = Metric(
        "m", "set", "score", "higher", compute=None,  # type: ignore[arg-type]
        sample=lambda tables, result: Sample(tables.table("t")["value"].to_numpy(), lambda v: float(v.max())),
    )  # fmt: skip
    noisy = Metric(
        "n", "set", "score", "higher", compute=None,  # type: ignore[arg-type]
        sample=lambda tables, result: Sample(tables.table("t")["value"].to_numpy(), lambda v: float(v.mean())),
    )  # fmt: skip
    monkeypatch.setattr(deltas, "discover", lambda: (metric, noisy))
    before, after = Numbers([1.0] * 400), Numbers([9.0] * 200 + [8.0] * 200)
    results = [[MetricResult(metric=name, field="set", value=value) for name, value in pairs] for pairs in (
        (("m", 1.0), ("n", 1.0)), (("m", 9.0), ("n", 8.5)),
    )]  # fmt: skip
    found = metric_deltas(report(*results[0]), report(*results[1]), before, after, 7)
    assert [(one.metric, one.verdict) for one in found] == [("n", "better"), ("m", "better")]
    assert found[1].interval == (8.0, 8.0)
