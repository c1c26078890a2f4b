"""Openings by their number of words."""

from __future__ import annotations

from diversity.charts import draw
from diversity.report import MetricResult


def result(*rows: dict[str, object]) -> MetricResult:
    return MetricResult(metric="answer_openings", field="answer", value=3.0, unit="openings", info={"by_length": rows})


def row(k: int, top: str, count: int) -> dict[str, object]:
    share = count / 100
    return {
        "k": k,
        "texts": 100,
        "at": 100,
        "effective": 10.0 * k,
        "top": top,
        "top_count": count,
        "top_share": share,
    }


def test_shares_and_effective_numbers_beside_each_other(t):
    figure = draw("answer_openings", result(row(1, "The", 40), row(2, "<b>Here</b>", 8), {"k": 3, "texts": 0}), None, t)
    shares, numbers = figure.data
    assert list(shares.x) == [0.4, 0.08]
    assert list(numbers.x) == [10.0, 20.0]
    assert "The" in shares.text[0]
    assert "<b>" not in shares.text[1]
    assert figure.layout.xaxis2.title.text == t("chart.effective_edges", n=100)


def test_answers_of_nothing_but_marks_are_a_sentence(t):
    assert not draw("answer_openings", result({"k": 1, "texts": 0}), None, t).data


def test_closings_and_prompts_are_drawn_alike(t):
    rows = (row(1, "。", 80), row(2, "了。", 8))
    closings = result(*rows).model_copy(update={"metric": "answer_closings", "unit": "closings"})
    figure = draw("answer_closings", closings, None, t)
    assert figure.layout.xaxis.title.text == t("chart.top_closing_share")
    assert list(figure.layout.yaxis.ticktext) == [t("chart.closing_units", k=1), t("chart.closing_units", k=2)]
    assert len(draw("prompt_openings", result(*rows), None, t).data) == 2
