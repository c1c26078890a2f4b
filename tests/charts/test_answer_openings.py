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
        "answers": 100,
        "at": 100,
        "effective": 10.0 * k,
        "top": top,
        "top_count": count,
        "top_share": share,
    }


def test_shares_and_effective_numbers_beside_each_other(t):
    figure = draw(
        "answer_openings", result(row(1, "The", 40), row(2, "<b>Here</b>", 8), {"k": 3, "answers": 0}), None, t
    )
    shares, numbers = figure.data
    assert list(shares.x) == [0.4, 0.08]
    assert list(numbers.x) == [10.0, 20.0]
    assert "The" in shares.text[0]
    assert "<b>" not in shares.text[1]
    assert figure.layout.xaxis2.title.text == t("chart.effective_openings", n=100)


def test_answers_of_nothing_but_marks_are_a_sentence(t):
    assert not draw("answer_openings", result({"k": 1, "answers": 0}), None, t).data
