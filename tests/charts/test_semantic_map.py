"""The map: bounded marks, integer ids, names that do not cover each other, and what lies inside a selection."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from diversity.charts import draw
from diversity.charts.semantic_map import inside
from diversity.charts.theme import GREY
from diversity.report import MetricResult

RESULT = MetricResult(metric="semantic_map", field="prompt", value=2.0, unit="clusters", info={})


def points(n: int, categories: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    names = [f"<i>{place}</i>" for place in range(categories)]
    return pd.DataFrame(
        {"x": rng.normal(size=n), "y": rng.normal(size=n), "category": [names[i % categories] for i in range(n)]}
    )


def marks(figure) -> int:
    return sum(len(trace.x) for trace in figure.data if trace.type == "scattergl")


def test_every_point_is_drawn_once_with_its_row_number(t):
    figure = draw("semantic_map", RESULT, points(90), t)
    assert marks(figure) == 90
    assert sorted(int(one) for trace in figure.data for one in trace.customdata) == list(range(90))


def test_names_are_not_markup(t):
    made = draw("semantic_map", RESULT, points(9), t).to_json()
    assert "<i>" not in made
    assert "\\u003ci" not in made


def test_beyond_the_bound_density_and_a_sample(t):
    figure = draw("semantic_map", RESULT, points(3_000), t, most_points=1_000)
    assert figure.data[0].type == "heatmap"
    assert marks(figure) <= 1_000
    assert t("chart.legend", name="&lt;i&gt;0&lt;/i&gt;", n=1_000) in [trace.name for trace in figure.data]


def test_categories_beyond_the_palette_are_one(t):
    figure = draw("semantic_map", RESULT, points(120, categories=12), t)
    assert len(figure.data) == 8
    assert [trace.marker.color == GREY for trace in figure.data] == [True] + [False] * 7
    assert max(figure.data, key=lambda trace: trace.legendrank) is figure.data[0]
    assert marks(figure) == 120


def test_a_rare_class_lies_on_the_others_and_is_drawn_as_if_alone(t):
    table = points(5_000, categories=1).assign(category=["twin"] * 16 + ["unique"] * 4_984)
    figure = draw("semantic_map", RESULT, table, t, order=["twin", "unique"])
    unique, twin = figure.data
    assert list(twin.customdata) == list(range(16))
    assert twin.marker.size > unique.marker.size
    assert twin.marker.opacity > unique.marker.opacity
    assert twin.legendrank < unique.legendrank


def test_matches_stand_out(t):
    matches = np.zeros(30, bool)
    matches[[3, 7]] = True
    figure = draw("semantic_map", RESULT, points(30), t, matches=matches)
    assert sorted(figure.data[-1].customdata) == [3, 7]
    assert all(trace.marker.color == GREY for trace in figure.data[:-1])


def test_of_two_names_in_one_place_the_larger_stays(t):
    clusters = pd.DataFrame(
        {"name": ["small", "large", "away"], "size": [1, 9, 2], "x": [0.0, 0.0, 2.5], "y": [0.0, 0.0, 2.5]}
    )
    figure = draw("semantic_map", RESULT, points(60), t, clusters=clusters)
    assert sorted(note.text for note in figure.layout.annotations) == ["away", "large"]


def test_nothing_to_draw_is_said(t):
    assert not draw("semantic_map", RESULT, points(0), t).data


@pytest.mark.parametrize(
    ("boxes", "lassos", "found"),
    [
        ([{"x": [0.5, -0.5], "y": [-0.5, 0.5]}], [], [0]),
        ([], [{"x": [0.5, 2.5, 2.5, 0.5], "y": [0.5, 0.5, 2.5, 2.5]}], [1, 2]),
        ([], [{"x": [-1, 3, 3], "y": [-1.2, 2.8, -1.5]}], [3]),
        ([{"x": [-0.5, 0.5], "y": [-0.5, 0.5]}], [{"x": [1.5, 2.5, 2.5, 1.5], "y": [1.5, 1.5, 2.5, 2.5]}], [0, 2]),
        ([], [], []),
    ],
)
def test_points_inside_a_selection(boxes, lassos, found):
    x, y = np.array([0.0, 1.0, 2.0, 2.0]), np.array([0.0, 1.0, 2.0, 0.0])
    assert np.flatnonzero(inside(x, y, boxes, lassos)).tolist() == found


def test_a_hollow_lasso_leaves_out_its_hollow():
    x, y = np.array([0.5, 2.0]), np.array([0.5, 0.5])
    shape = {"x": [0, 3, 3, 1.5, 1.5, 0], "y": [0, 0, 0.2, 0.2, 1, 1]}
    assert inside(x, y, [], [shape]).tolist() == [True, False]
