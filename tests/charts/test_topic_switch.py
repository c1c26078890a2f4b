"""Columns by turn number that add up to 1."""

from __future__ import annotations

import numpy as np
import pytest

from diversity.charts import draw
from diversity.report import MetricResult


@pytest.fixture
def result() -> MetricResult:
    info = {
        "by_turn": [
            {"turn": 1, "related": 6, "uncertain": 2, "unrelated": 2},
            {"turn": 9, "related": 0, "uncertain": 0, "unrelated": 5},
        ],
        "last_turn": 9,
    }
    return MetricResult(metric="topic_switch", field="conversation", value=0.5, unit="ratio", info=info)


def test_shares_add_up_and_the_rare_kind_stands_on_the_axis(result, t):
    figure = draw("topic_switch", result, None, t)
    shares = np.array([trace.y for trace in figure.data])
    assert shares.sum(axis=0) == pytest.approx([1, 1])
    assert shares[0].tolist() == [0.2, 1.0]
    assert [trace.name for trace in figure.data] == [
        t(f"chart.topic.{name}") for name in ("unrelated", "uncertain", "related")
    ]


def test_turns_are_named_as_people_count_and_the_last_column_takes_the_rest(result, t):
    figure = draw("topic_switch", result, None, t)
    assert list(figure.layout.xaxis.ticktext) == [
        f"{t('chart.turn', n=2)}<br>n=10",
        f"{t('chart.turn_or_later', n=10)}<br>n=5",
    ]


def test_small_parts_carry_no_figure(result, t):
    figure = draw("topic_switch", result, None, t)
    related = next(trace for trace in figure.data if trace.name == t("chart.topic.related"))
    assert list(related.text) == [t("chart.percent", value=0.6), ""]


def test_without_a_figure_it_says_so(t):
    none = MetricResult(
        metric="topic_switch", field="conversation", unit="ratio", status="not_applicable", reason="no_multi_turn"
    )
    assert not draw("topic_switch", none, None, t).data
