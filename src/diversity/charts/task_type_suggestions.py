"""How sure the suggested task types are: records without a label by confidence, with the line from which a suggestion
counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import FAINT, Translate, figure, note, nothing
from diversity.charts.theme import BLUE, GREY
from diversity.report import MetricResult

BINS = 20


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate) -> go.Figure:
    """`table`: kind and confidence, one row a suggestion."""
    assert table is not None
    confidence = table.loc[table["kind"] == "unlabelled", "confidence"].to_numpy(dtype=np.float64)
    if not len(confidence):
        return nothing(t("suggestions.none_unlabelled"))
    cut = float(result.info["cut"])
    edges = np.linspace(0, 1, BINS + 1)
    counts = np.histogram(confidence, edges)[0]
    middle = (edges[:-1] + edges[1:]) / 2
    trace = go.Bar(
        x=middle.tolist(),
        y=counts.tolist(),
        width=0.9 / BINS,
        marker={"color": [BLUE if one >= cut - 1e-9 else GREY for one in edges[:-1]], "line": {"width": 0}},
        hovertext=[
            t("suggestions.hover", n=int(n), low=low, high=low + 1 / BINS)
            for n, low in zip(counts, edges, strict=False)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    axis = {"title": t("suggestions.axis_records"), "showgrid": True, "gridcolor": FAINT, "zeroline": False}
    line = {
        "type": "line",
        "x0": cut,
        "x1": cut,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"width": 1.5, "dash": "dot", "color": GREY},
    }
    return figure(
        [trace],
        230,
        xaxis={"title": t("suggestions.axis_confidence"), "range": [0, 1], "tickformat": ".0%", "fixedrange": True},
        yaxis=axis | {"fixedrange": True, "rangemode": "tozero"},
        shapes=[line],
        annotations=[note(t("suggestions.cut", cut=cut), cut, 1.0, yref="paper", yanchor="bottom", xanchor="center")],
    )
