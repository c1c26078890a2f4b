"""What became of the requests for a length: kept, too short or too long, by unit or by kind of request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import Translate, figure, nothing, row_axis, share_axis
from diversity.charts.theme import GREEN, ORANGE, VERMILLION
from diversity.report import MetricResult

OUTCOMES = {"kept": GREEN, "too_short": ORANGE, "too_long": VERMILLION}
ROW = 40
INSIDE = 0.07


def draw(
    result: MetricResult, table: pd.DataFrame | None, t: Translate, *, by: Literal["unit", "relation"] = "unit"
) -> go.Figure:
    """One bar for every unit (or kind of request) that occurs, the most frequent on top, as shares of its requests."""
    counts: Mapping[str, Mapping[str, int]] = result.info[f"by_{by}"]
    if not counts:
        return nothing(t("chart.no_figure"))
    names = sorted(counts, key=lambda name: -sum(counts[name].values()))
    totals = [sum(counts[name].values()) for name in names]
    labels = [
        t("chart.length_row", name=t(f"length_{by}.{name}"), n=total) for name, total in zip(names, totals, strict=True)
    ]
    return figure(
        [_bars(outcome, names, labels, totals, counts, t) for outcome in OUTCOMES],
        ROW * len(names) + 90,
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        xaxis=share_axis(t("chart.share_of_requests"), 1.0),
        yaxis=row_axis(labels),
    )


def _bars(
    outcome: str,
    names: list[str],
    labels: list[str],
    totals: list[int],
    counts: Mapping[str, Mapping[str, int]],
    t: Translate,
) -> go.Bar:
    found = [counts[name][outcome] for name in names]
    shares = [n / total for n, total in zip(found, totals, strict=True)]
    title = t(f"chart.length_{outcome}")
    return go.Bar(
        name=title,
        x=shares,
        y=list(range(len(names))),
        orientation="h",
        width=0.62,
        marker={"color": OUTCOMES[outcome], "line": {"width": 0}},
        text=[t("chart.percent", value=share) if share >= INSIDE else "" for share in shares],
        textposition="inside",
        insidetextanchor="middle",
        constraintext="none",
        textangle=0,
        hovertext=[
            f"{label} · {title}<br>{t('chart.hover_plain', n=n, share=share)}"
            for label, n, share in zip(labels, found, shares, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
