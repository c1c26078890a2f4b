"""Later turns by their number in the conversation: how many lean on what was said before, how many start anew."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import FAINT, Translate, figure
from diversity.charts.theme import ACCENT, GREY, SECOND_ACCENT, softened
from diversity.report import MetricResult

# From the bottom of a column: what the set mostly lacks stands on the axis, where columns compare best.
COLORS = {"unrelated": SECOND_ACCENT, "uncertain": softened(GREY, 0.35), "related": ACCENT}
# Figures inside the columns, readable on their colour on white and on black.
INK = {"unrelated": "#1B2430", "uncertain": "#7A808A", "related": "#FFFFFF"}
HEIGHT = 330
# A part needs this share of its column to hold a figure.
INSIDE = 0.08


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate) -> go.Figure:
    """One column a turn number, from the second turn on, as shares that add up to 1."""
    rows: list[dict[str, int]] = result.info["by_turn"]
    totals = [sum(row[name] for name in COLORS) for row in rows]
    names = [_turn_name(row["turn"], result.info["last_turn"], t) for row in rows]
    traces = [_columns(name, rows, totals, names, t) for name in COLORS]
    return figure(
        traces,
        HEIGHT,
        barmode="stack",
        bargap=0.18,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        xaxis=_turn_axis(names, totals, t),
        yaxis={
            "title": t("chart.share_of_turns"),
            "range": [0, 1],
            "tickformat": ".0%",
            "nticks": 5,
            "gridcolor": FAINT,
            "zeroline": False,
            "fixedrange": True,
            "automargin": True,
        },
    )


def _turn_name(turn: int, last: int, t: Translate) -> str:
    return t("chart.turn_or_later" if turn >= last else "chart.turn", n=turn + 1)


def _columns(name: str, rows: list[dict[str, int]], totals: list[int], names: list[str], t: Translate) -> go.Bar:
    counts = [row[name] for row in rows]
    shares = [n / max(total, 1) for n, total in zip(counts, totals, strict=True)]
    said = t(f"chart.topic.{name}")
    return go.Bar(
        name=said,
        x=list(range(len(rows))),
        y=shares,
        marker={"color": COLORS[name], "line": {"width": 0}},
        text=[t("chart.percent", value=share) if share >= INSIDE else "" for share in shares],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"color": INK[name]},
        constraintext="none",
        textangle=0,
        hovertext=[
            f"{turn} · {said}<br>{t('chart.hover_turns', n=n, share=share)}"
            for turn, n, share in zip(names, counts, shares, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _turn_axis(names: list[str], totals: list[int], t: Translate) -> dict[str, Any]:
    return {
        "title": t("chart.turn_number"),
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [f"{name}<br>n={total:,}" for name, total in zip(names, totals, strict=True)],
        "tickangle": 0,
        "range": [-0.6, max(len(names), 3) - 0.4],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
