"""What a part of the prompt gives away: a bar a view, against guessing and against the whole prompt."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import Translate, figure, note, row_axis, rows_height, share_axis
from diversity.charts.theme import ACCENT, GREY, SECOND_ACCENT, softened
from diversity.report import MetricResult

LINE = {"width": 2, "dash": "dash"}


def view_rows(results: Iterable[MetricResult]) -> pd.DataFrame:
    """One row a target, view and size that has a figure, in order.

    target, view, k (0 for none), accuracy, share (of the whole prompt's accuracy, over guessing), low and high of its
    interval, short (whether the verdict is about it).
    """
    rows = [
        {
            **result.params,
            **size,
            "share": min(max(size["share"], 0.0), 1.0),
            "short": size["k"] == result.params.get("k", 0),
        }
        for result in results
        if result.metric == "shortcut_probes" and result.status == "ok"
        for size in result.info["by_k"]
    ]
    return pd.DataFrame(rows, columns=["target", "view", "k", "accuracy", "share", "low", "high", "short"])


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate) -> go.Figure:
    """All views of the result's target; `table` as `view_rows` gives it."""
    assert table is not None
    table = table[table["target"] == result.params["target"]]
    whole, baseline = float(result.info["whole"]), float(result.info["baseline"])
    names = [t("chart.view.whole")]
    names += [t(f"chart.view.{view}", k=int(k)) for view, k in zip(table["view"], table["k"], strict=True)]
    top = max(whole, float(table["accuracy"].max()))
    edge = {"yref": "paper", "y0": 0, "y1": 1, "type": "line", "layer": "below"}
    axis = row_axis(names)
    return figure(
        [_bars(table, whole, t), _said(table, whole, top, t)],
        rows_height(len(names)) + 20,
        margin={"l": 8, "r": 16, "t": 34, "b": 8},
        shapes=[
            edge | {"x0": baseline, "x1": baseline, "line": LINE | {"color": SECOND_ACCENT}},
            edge | {"x0": whole, "x1": whole, "line": LINE | {"color": GREY}},
        ],
        annotations=[note(t("chart.guessing", value=baseline), baseline, 1, yref="paper", yanchor="bottom")],
        xaxis=share_axis(t("chart.told"), min(top * 1.45, 1.5)) | {"tickvals": [0, 0.25, 0.5, 0.75, 1]},
        yaxis=axis,
    )


def _bars(table: pd.DataFrame, whole: float, t: Translate) -> go.Bar:
    rows = table.to_dict("records")
    hover = [
        t("chart.told_hover", **{name: row[name] for name in ("accuracy", "share", "low", "high")}) for row in rows
    ]
    return go.Bar(
        x=[whole, *table["accuracy"]],
        y=list(range(len(rows) + 1)),
        orientation="h",
        marker={
            "color": [GREY, *(ACCENT if row["short"] else softened(ACCENT, 0.4) for row in rows)],
            "line": {"width": 0},
        },
        hovertext=[t("chart.percent", value=whole), *hover],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _said(table: pd.DataFrame, whole: float, at: float, t: Translate) -> go.Scatter:
    """What the bars come to, in a column of its own: beside the shorter bars it would stand across the lines."""
    accuracies = zip(table["accuracy"], table["share"], strict=True)
    said = [t("chart.told_label", accuracy=accuracy, share=share) for accuracy, share in accuracies]
    return go.Scatter(
        x=[at] * (len(said) + 1),
        y=list(range(len(said) + 1)),
        mode="text",
        text=[f"  {one}" for one in (t("chart.percent", value=whole), *said)],
        textposition="middle right",
        textfont={"size": 11},
        cliponaxis=False,
        hoverinfo="skip",
    )
