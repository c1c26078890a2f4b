"""Kept, too short and too long add up to all requests of a unit, the most frequent unit on top."""

from __future__ import annotations

import pytest

from diversity.charts import draw
from diversity.report import MetricResult

COUNTS = {
    "zi": {"kept": 3, "too_short": 1, "too_long": 0},
    "words": {"kept": 5, "too_short": 2, "too_long": 3},
}
RESULT = MetricResult(
    metric="length_instruction",
    field="pair",
    value=0.6,
    info={"by_unit": COUNTS, "by_relation": {"about": {"kept": 8, "too_short": 3, "too_long": 3}}},
)


def test_bars_add_up_and_are_sorted(t):
    figure = draw("length_instruction", RESULT, None, t)
    assert [sum(trace.x[row] for trace in figure.data) for row in (0, 1)] == pytest.approx([1.0, 1.0])
    first = figure.layout.yaxis.ticktext[0].replace("<br>", " ")
    assert first == t("chart.length_row", name=t("length_unit.words"), n=10)
    assert figure.layout.xaxis.title.text == t("chart.share_of_requests")


def test_by_kind_of_request(t):
    figure = draw("length_instruction", RESULT, None, t, by="relation")
    assert [trace.x[0] for trace in figure.data] == pytest.approx([8 / 14, 3 / 14, 3 / 14])


def test_nothing_to_draw_is_a_sentence(t):
    bare = RESULT.model_copy(update={"info": {"by_unit": {}, "by_relation": {}}})
    assert not draw("length_instruction", bare, None, t).data
