"""Histograms, boxes and bucket shares of lengths."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.charts import draw
from diversity.charts.layout import doublings
from diversity.charts.length_profile import Panel, bucket_span, histograms, overlay
from diversity.features.buckets import LABELS
from diversity.report import MetricResult

FIVE = {"p5": 8.0, "p25": 16.0, "median": 32.0, "p75": 64.0, "p95": 128.0, "count": 9}


def info(**more: Any) -> dict[str, Any]:
    buckets = dict.fromkeys(LABELS, 0) | {"≤32": 6, "33-64": 3, "513-1k": 1}
    return {
        "units": 10,
        "total_tokens": 1000,
        "quantiles": {"p50": 20.0, "p100": 600.0},
        "buckets": buckets,
        "bucket_tokens": dict.fromkeys(LABELS, 0) | {"≤32": 100, "33-64": 150, "513-1k": 750},
        "empty_buckets": ["65-128", "129-256", "257-512"],
        "long_from": 512,
        "histogram": {"edges": [1, 2, 4, 8], "counts": [1, 0, 9]},
        "by_task_type": {"长": FIVE | {"median": 90.0}, "短": FIVE, "<i>x</i>": FIVE | {"median": 40.0}},
        **more,
    }


def result(of: str = "prompt") -> MetricResult:
    return MetricResult(metric=f"{of}_length", field=of, value=20.0, unit="tokens", info=info())  # type: ignore[arg-type]


def test_bars_stand_where_their_tokens_are(t):
    bar = draw("prompt_length", result(), None, t).data[0]
    assert list(bar.x) == [0.5, 1.5, 2.5]
    assert list(bar.y) == [1, 0, 9]
    assert t("chart.tokens_range", first=4, last=7) in bar.hovertext[2]


def test_panels_stand_one_above_the_other_on_one_axis(t):
    panels = [Panel(t("chart.prompts"), info(), "#000000"), Panel(t("chart.answers"), info(), "#ffffff")]
    figure = histograms(panels, t)
    assert sum(trace.type == "bar" for trace in figure.data) == 2
    assert list(figure.layout.xaxis.range) == list(figure.layout.xaxis2.range)
    assert figure.layout.xaxis2.title.text == t("chart.length_tokens")


def test_every_empty_bucket_is_marked_and_named(t):
    figure = draw("prompt_length", result(), None, t)
    hatched = [trace for trace in figure.data if trace.type == "scatter"]
    assert [(min(trace.x), max(trace.x)) for trace in hatched] == [(6.0, 7.0), (7.0, 8.0), (8.0, 9.0)]
    assert {trace.fillpattern.shape for trace in hatched} == {"/"}
    assert sum(note.text == t("chart.empty") for note in figure.layout.annotations) == 3


def test_boxes_are_sorted_by_median_and_safe(t):
    figure = draw("answer_length", result("answer"), None, t, form="boxes")
    assert list(figure.layout.yaxis.ticktext) == ["短", "&lt;i&gt;x&lt;/i&gt;", "长"]
    assert figure.data[0].x[0] == doublings(32)
    box = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (box.x0, box.x1) == (doublings(16), doublings(64))


def test_no_task_types_no_boxes(t):
    bare = MetricResult(metric="prompt_length", field="prompt", value=1.0, info=info(by_task_type={}))
    figure = draw("prompt_length", bare, None, t, form="boxes")
    assert figure.layout.annotations[0].text == t("chart.no_task_types")


def test_shares_by_bucket_add_up_and_loss_is_told_apart(t):
    texts, tokens = draw("answer_length", result("answer"), None, t, form="buckets").data
    assert sum(texts.x) == pytest.approx(1.0)
    assert sum(tokens.x) == pytest.approx(1.0)
    assert tokens.x[5] == 0.75
    assert tokens.name == t("chart.tokens_answer")


def test_versions_are_laid_over_each_other_as_shares(t):
    first, second = Panel("v1", info(), "#888888"), Panel("v2", info(), "#0072B2")
    figure = overlay(first, second, t)
    assert [trace.name for trace in figure.data] == ["v1", "v2"]
    assert sum(figure.data[0].y) == pytest.approx(1.0)


@pytest.mark.parametrize(("name", "span"), [("≤32", (1, 32)), ("33-64", (32, 64)), (">8k", (8192, 16384))])
def test_spans_of_buckets(name, span):
    assert bucket_span(name) == span
