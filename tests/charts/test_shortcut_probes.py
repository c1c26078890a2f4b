"""Bars of what each view tells, for one target."""

from __future__ import annotations

import pytest

from diversity.charts import draw
from diversity.charts.shortcut_probes import view_rows
from diversity.charts.theme import ACCENT, GREY
from diversity.report import MetricResult


def told(target: str, view: str, k: int | None, accuracies: dict[int, float]) -> MetricResult:
    sizes = [
        {"k": size, "accuracy": one, "share": (one - 0.25) / 0.55, "low": 0.0, "high": 1.0, "confident": 3}
        for size, one in accuracies.items()
    ]
    return MetricResult(
        metric="shortcut_probes",
        field="set",
        params={"target": target, "view": view} | ({"k": k} if k else {}),
        value=0.5,
        interval=(0.0, 1.0),
        info={"whole": 0.8, "baseline": 0.25, "by_k": sizes},
    )


@pytest.fixture
def results() -> list[MetricResult]:
    silent = MetricResult(
        metric="shortcut_probes",
        field="set",
        params={"target": "task_type", "view": "system"},
        status="not_applicable",
        reason="no_systems",
    )
    return [
        told("task_type", "first", 4, {1: 0.3, 4: 0.7}),
        silent,
        told("answer_cluster", "length", None, {0: 0.2}),
    ]


def test_the_whole_prompt_first_then_the_views_of_one_target(results, t):
    figure = draw("shortcut_probes", results[0], view_rows(results), t)
    bars, said = figure.data
    assert list(bars.x) == [0.8, 0.3, 0.7]
    assert bars.marker.color[0] == GREY
    assert bars.marker.color[2] == ACCENT != bars.marker.color[1]
    names = [t("chart.view.whole"), t("chart.view.first", k=1), t("chart.view.first", k=4)]
    assert [name.replace("<br>", "") for name in figure.layout.yaxis.ticktext] == names
    assert figure.layout.xaxis.title.text == t("chart.told")
    assert set(said.x) == {0.8}
    assert list(said.y) == list(bars.y)


def test_guessing_and_the_whole_are_marked(results, t):
    figure = draw("shortcut_probes", results[2], view_rows(results), t)
    assert {shape.x0 for shape in figure.layout.shapes} == {0.25, 0.8}
    assert len(figure.data[0].x) == 2
    assert view_rows(results)["share"].tolist()[-1] == 0.0
