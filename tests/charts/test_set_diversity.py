"""The panels of the figures on the whole set."""

from __future__ import annotations

import pytest

from diversity.charts.set_diversity import FIELDS, FIGURES, Point, panels


def points(*versions: str) -> list[Point]:
    return [
        Point(name, field, version, value := 1.0 + place + age, value - 0.1, value + 0.3)
        for name in FIGURES
        for place, field in enumerate(FIELDS)
        for age, version in enumerate(versions)
    ]


def test_a_panel_a_figure_and_a_trace_a_version(t) -> None:
    figure = panels(points("v1", "<b>v2</b>"), ["v1", "<b>v2</b>"], t)
    assert len(figure.data) == len(FIGURES) * 2
    assert {trace.name for trace in figure.data} == {"v1", "&lt;b&gt;v2&lt;/b&gt;"}
    assert sum(bool(trace.showlegend) for trace in figure.data) == 2
    titles = {note.text for note in figure.layout.annotations}
    assert titles == {t(f"card.{name}.title") for name in FIGURES}


def test_points_stand_on_their_field_with_their_interval(t) -> None:
    trace = panels(points("v1"), ["v1"], t).data[0]
    assert list(trace.x) == [1.0, 2.0, 3.0]
    assert list(trace.y) == pytest.approx([0, 1, 2])
    assert list(trace.error_x.array) == pytest.approx([0.3] * 3)
    assert list(trace.error_x.arrayminus) == pytest.approx([0.1] * 3)
    assert not trace.showlegend


def test_versions_of_one_field_do_not_lie_on_each_other(t) -> None:
    figure = panels(points("v1", "v2", "v3"), ["v1", "v2", "v3"], t)
    heights = [trace.y[0] for trace in figure.data[:3]]
    assert heights == sorted(set(heights))
    assert max(heights) - min(heights) < 0.5


def test_fewer_figures_need_fewer_panels(t) -> None:
    some = [point for point in points("v1") if point.figure in FIGURES[:2]]
    assert len(panels(some, ["v1"], t).data) == 2
