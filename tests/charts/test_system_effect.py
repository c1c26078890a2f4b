"""Bars of classes: of all records, of shared systems, of the rest."""

from __future__ import annotations

import pytest

from diversity.charts import draw
from diversity.report import MetricResult


def result(classes: dict[str, int], shared: dict[str, int]) -> MetricResult:
    info = {"classes": classes, "boilerplate_classes": shared}
    return MetricResult(metric="system_effect", field="conversation", value=0.25, unit="ratio", info=info)


def test_every_bar_is_whole_and_parts_are_the_classes(t):
    classes = {"effective": 10, "decorative": 30, "tools": 0, "absent": 60}
    figure = draw("system_effect", result(classes, {"effective": 0, "decorative": 25, "tools": 0}), None, t)
    shares = {trace.name: list(trace.x) for trace in figure.data}
    assert [sum(parts) for parts in zip(*shares.values(), strict=True)] == pytest.approx([1, 1, 1])
    assert shares[t("system.class.effective")] == pytest.approx([0.1, 0.0, 10 / 15])
    assert t("system.class.tools") not in shares
    assert figure.layout.yaxis.ticktext[0].startswith(t("chart.systems.all", n=100)[:4])


def test_groups_without_records_are_left_out(t):
    classes = {"effective": 3, "decorative": 0, "tools": 0, "absent": 0}
    figure = draw("system_effect", result(classes, {"effective": 3, "decorative": 0, "tools": 0}), None, t)
    assert len(figure.data[0].x) == 2


def test_nothing_to_draw(t):
    none = dict.fromkeys(("effective", "decorative", "tools", "absent"), 0)
    assert draw("system_effect", result(none, {}), None, t).layout.annotations[0].text == t("chart.no_figure")
