"""Stacked bars of repeats, and versions side by side."""

from __future__ import annotations

import pandas as pd
import pytest

from diversity.charts import draw
from diversity.charts.comparison import ROWS, type_pairs
from diversity.report import MetricResult

TABLE = pd.DataFrame({"kind": ["exact", "near", "unique"], "units": [10, 5, 85], "tokens": [1, 1, 98]})


@pytest.mark.parametrize("of", ["answer", "prompt"])
def test_each_bar_adds_up_to_all(of, t):
    result = MetricResult(metric=f"{of}_duplication", field=of, value=0.15)
    figure = draw(f"{of}_duplication", result, TABLE, t)
    assert [sum(trace.x[row] for trace in figure.data) for row in (0, 1)] == pytest.approx([1.0, 1.0])
    assert list(figure.layout.yaxis.ticktext) == [t(f"chart.{of}s"), t(f"chart.tokens_of_{of}s")]
    assert figure.data[0].name == t("chart.legend_share", name=t("chart.kind.exact"), share=0.1)


def test_task_types_of_two_versions_are_shares_of_each(t):
    figure = type_pairs({"翻译": (10, 30), "<b>": (30, 0)}, "v1", "v<2>", t)
    assert [list(trace.x) for trace in figure.data] == [[0.25, 0.75], [1.0, 0.0]]
    assert [trace.name for trace in figure.data] == ["v1", "v&lt;2&gt;"]
    assert "&lt;b&gt;" in figure.layout.yaxis.ticktext


def test_many_types_are_cut(t):
    assert len(type_pairs({f"t{i}": (1, 1) for i in range(99)}, "a", "b", t).data[0].x) == ROWS
