"""Bars on two levels, the sunburst and the language mix."""

from __future__ import annotations

import pandas as pd
import pytest

from diversity.charts import draw
from diversity.charts.task_type_balance import CHILDREN, ROWS, bar_rows
from diversity.charts.theme import CATEGORICAL, softened
from diversity.report import MetricResult

PAIRS = pd.DataFrame(
    [("翻译", "中译英", 30), ("翻译", "英译中", 10), ("写作", None, 8), ("<b>x</b>", "=1+1", 2)],
    columns=["task_type_1", "task_type_2", "records"],
)


@pytest.fixture
def result() -> MetricResult:
    counts = {"翻译": 40, "写作": 8, "<b>x</b>": 2}
    return MetricResult(
        metric="task_type_balance", field="set", value=2.0, unit="types", info={"counts": counts, "minimum_records": 10}
    )


def test_closed_types_are_one_bar_each_largest_first():
    assert [(row.first, row.second, row.records) for row in bar_rows(PAIRS)] == [
        ("翻译", None, 40), ("写作", None, 8), ("<b>x</b>", None, 2),
    ]  # fmt: skip


def test_an_open_type_is_followed_by_its_sub_types():
    assert [row.second for row in bar_rows(PAIRS, {"翻译", "写作"})] == [None, "中译英", "英译中", None, None]


def test_rows_are_bounded():
    many = pd.DataFrame([(f"a{i}", f"b{j}", 1) for i in range(60) for j in range(40)], columns=PAIRS.columns)
    rows = bar_rows(many, set(many["task_type_1"]))
    assert len(rows) == ROWS * (1 + CHILDREN)


def test_bars_are_shares_with_counts_and_thin_ones_say_so(result, t):
    figure = draw("task_type_balance", result, PAIRS, t)
    bar = figure.data[0]
    assert list(bar.x) == [0.8, 0.16, 0.04]
    assert bar.text[0] == t("chart.bar", n=40, share=0.8)
    assert t("chart.thin", minimum=10) in bar.text[1]
    assert [place for (place,) in bar.customdata] == [0, 1, 2]
    assert figure.layout.xaxis.title.text == t("chart.share_of_records")


def test_sub_types_wear_their_type_s_colour(result, t):
    bar = draw("task_type_balance", result, PAIRS, t, open_types={"翻译"}).data[0]
    assert list(bar.marker.color)[:3] == [CATEGORICAL[0], softened(CATEGORICAL[0]), softened(CATEGORICAL[0])]


@pytest.mark.parametrize("form", ["bars", "sunburst"])
def test_names_are_not_markup(result, t, form):
    made = draw("task_type_balance", result, PAIRS, t, form=form, open_types={"<b>x</b>"}).to_json()
    assert "<b>" not in made
    assert "\\u003cb\\u003e" not in made


def test_the_sunburst_adds_up(result, t):
    burst = draw("task_type_balance", result, PAIRS, t, form="sunburst").data[0]
    tops = [value for value, parent in zip(burst.values, burst.parents, strict=True) if parent == ""]
    assert sum(tops) == 50
    for place, value in zip(burst.ids, burst.values, strict=True):
        inner = sum(v for v, parent in zip(burst.values, burst.parents, strict=True) if parent == place)
        assert inner <= value


def test_languages_of_a_type_add_up_to_all(result, t):
    mix = pd.DataFrame(
        [("翻译", "zh", 30), ("翻译", "en", 10), ("写作", "en", 8)], columns=["task_type_1", "language", "units"]
    )
    figure = draw("task_type_balance", result, mix, t, form="languages")
    assert {trace.name for trace in figure.data} == {t("chart.language.zh"), t("chart.language.en")}
    assert [sum(trace.x[row] for trace in figure.data) for row in (0, 1)] == [1.0, 1.0]
