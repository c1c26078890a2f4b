"""Every metric has a figure, and a result without one is drawn as a sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from diversity.charts import charted, draw
from diversity.report import MetricResult


def test_the_figures_are_discovered():
    assert {"answer_duplication", "answer_length", "key_info_position", "prompt_duplication", "prompt_length"} < set(
        charted()
    )
    assert {"semantic_map", "task_type_balance"} < set(charted())
    assert "layout" not in charted()


@pytest.mark.parametrize("metric", charted())
def test_a_result_without_a_figure_is_a_sentence(metric, t):
    result = MetricResult(metric=metric, field="set", status="not_applicable", reason="too_few_texts")
    figure = draw(metric, result, None, t)
    assert not figure.data
    assert figure.layout.annotations[0].text == t("chart.no_figure")


def test_an_unknown_metric_is_an_error_that_names_the_known_ones(t):
    result = MetricResult(metric="nope", field="set", value=1.0)
    with pytest.raises(KeyError, match="semantic_map"):
        draw("nope", result, None, t)


def test_charts_do_not_need_the_browser_side():
    code = "import sys, diversity.charts as c; c.charted(); sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
