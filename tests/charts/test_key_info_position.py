"""The heat map of positions and its marginal."""

from __future__ import annotations

import numpy as np
import pytest

from diversity.charts import draw
from diversity.features.buckets import LABELS
from diversity.report import MetricResult


@pytest.fixture
def result() -> MetricResult:
    heat = np.zeros((len(LABELS), 10), dtype=int)
    heat[4, 0], heat[4, 9], heat[6, 0] = 3, 1, 4
    info = {
        "heat": heat.tolist(),
        "bucket_labels": list(LABELS),
        "shares": {"head": 0.875, "middle": 0.0, "tail": 0.125},
        "heat_by_task_type": {"摘要": (heat // 3).tolist(), "空": (heat * 0).tolist()},
    }
    return MetricResult(metric="key_info_position", field="pair", value=0.8, unit="effect", info=info)


def test_rows_are_the_lengths_in_use_and_cells_shares_of_the_row(result, t):
    figure = draw("key_info_position", result, None, t)
    heat = next(trace for trace in figure.data if trace.type == "heatmap")
    assert np.asarray(heat.z).shape == (2, 10)
    assert np.asarray(heat.z).sum(axis=1) == pytest.approx([1.0, 1.0])
    assert list(figure.layout.yaxis2.ticktext) == [
        t("chart.row_count", name="257-512", n=4),
        t("chart.row_count", name="1k-2k", n=4),
    ]


def test_the_marginal_is_over_all_lengths_against_an_even_spread(result, t):
    figure = draw("key_info_position", result, None, t)
    bar = next(trace for trace in figure.data if trace.type == "bar")
    assert list(bar.y) == [7 / 8, 0, 0, 0, 0, 0, 0, 0, 0, 1 / 8]
    assert any(shape.y0 == shape.y1 == 0.1 for shape in figure.layout.shapes)
    assert t("chart.third", name=t("chart.head"), share=0.875) in [note.text for note in figure.layout.annotations]


def test_every_cell_with_prompts_carries_its_share(result, t):
    figure = draw("key_info_position", result, None, t)
    said = [text for trace in figure.data if trace.type == "scatter" for text in trace.text]
    assert sorted(said) == sorted([t("chart.percent", value=share) for share in (0.75, 0.25, 1.0)])


def test_one_task_type_has_a_map_of_its_own(result, t):
    figure = draw("key_info_position", result, None, t, task_type="摘要")
    assert sum(trace.type == "heatmap" for trace in figure.data) == 1


def test_lengths_below_the_judged_ones_are_left_out(result, t):
    later = result.model_copy(update={"info": result.info | {"position_from": 512}})
    figure = draw("key_info_position", later, None, t)
    bar = next(trace for trace in figure.data if trace.type == "bar")
    assert list(bar.y) == [1.0] + [0.0] * 9
    assert list(figure.layout.yaxis2.ticktext) == [t("chart.row_count", name="1k-2k", n=4)]


def test_where_no_length_is_judged_all_are_shown_and_named_so(result, t):
    later = result.model_copy(update={"info": result.info | {"position_from": 4096}})
    figure = draw("key_info_position", later, None, t)
    assert list(figure.layout.yaxis2.ticktext) == [
        t("chart.row_unjudged", name="257-512", n=4),
        t("chart.row_unjudged", name="1k-2k", n=4),
    ]


def test_a_type_without_prompts_says_so(result, t):
    assert not draw("key_info_position", result, None, t, task_type="空").data
