"""How texts begin or end: for the first (last) 1 to 8 words, the share of the most frequent ones, and how many equal
ones there might be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from diversity.charts.layout import FAINT, Translate, bare, escaped, nothing, row_axis, rows_height, share_axis
from diversity.charts.theme import ACCENT, SECOND_ACCENT
from diversity.neighbors.openings import Side
from diversity.report import MetricResult

TEXT_LIMIT = 40


def draw_edges(result: MetricResult, t: Translate, side: Side) -> go.Figure:
    """A row for each number of words that some texts go beyond."""
    rows = [row for row in result.info["by_length"] if row["texts"]]
    if not rows:
        return nothing(t("chart.no_figure"))
    grid = make_subplots(rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.04, column_widths=[0.6, 0.4])
    grid.add_trace(_shares(rows, t), row=1, col=1)
    grid.add_trace(_numbers(rows, t, result.unit), row=1, col=2)
    # Room for the words beside the longest bar.
    top = max(row["top_share"] for row in rows) * 2.4
    grid.update_xaxes(row=1, col=1, **share_axis(t(f"chart.top_{side}_share"), top))
    grid.update_xaxes(
        row=1,
        col=2,
        title=t("chart.effective_edges", n=max(row["at"] for row in rows)),
        range=[0, max(row["effective"] for row in rows) * 1.5],
        showgrid=True,
        gridcolor=FAINT,
        zeroline=False,
        fixedrange=True,
        nticks=4,
    )
    axis = row_axis([t(f"chart.{side}_units", k=row["k"]) for row in rows])
    grid.update_yaxes(row=1, col=1, **axis)
    grid.update_yaxes(row=1, col=2, **axis | {"showticklabels": False})
    grid.update_layout(**bare(rows_height(len(rows), extra=80)))
    return grid


def _shares(rows: Sequence[Mapping[str, Any]], t: Translate) -> go.Bar:
    quoted = [t("chart.opening_quote", text=escaped(row["top"], TEXT_LIMIT), share=row["top_share"]) for row in rows]
    counted = [t("chart.opening_hover", n=row["top_count"], total=row["texts"], share=row["top_share"]) for row in rows]
    whole = [f"{escaped(row['top'])}<br>{count}" for row, count in zip(rows, counted, strict=True)]
    return _bar([row["top_share"] for row in rows], quoted, whole, ACCENT)


def _numbers(rows: Sequence[Mapping[str, Any]], t: Translate, unit: str) -> go.Bar:
    said = [t(f"unit.{unit}", n=round(row["effective"])) for row in rows]
    hover = [t("chart.effective_edges", n=row["at"]) + f": {text}" for row, text in zip(rows, said, strict=True)]
    return _bar([row["effective"] for row in rows], said, hover, SECOND_ACCENT)


def _bar(x: Sequence[float], text: Sequence[str], hover: Sequence[str], color: str) -> go.Bar:
    return go.Bar(
        x=list(x),
        y=list(range(len(x))),
        orientation="h",
        marker={"color": color, "line": {"width": 0}},
        text=list(text),
        textposition="outside",
        textfont={"size": 11},
        constraintext="none",
        cliponaxis=False,
        hovertext=list(hover),
        hovertemplate="%{hovertext}<extra></extra>",
    )
