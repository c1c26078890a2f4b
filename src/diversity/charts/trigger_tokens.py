"""How often task types are told by a few words each, against all words and against guessing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import FAINT, Translate, figure, note
from diversity.charts.theme import ACCENT, GREY, SECOND_ACCENT
from diversity.report import MetricResult

HEIGHT = 300


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate) -> go.Figure:
    """A bar for the best 1, 2, 5 and 10 words of each type and one for all words; guessing as a line."""
    info = result.info
    accuracy: dict[str, float] = info["accuracy"]
    values = [*accuracy.values(), info["all"]]
    names = [*(t("chart.words_each", n=int(k)) for k in accuracy), t("chart.all_words")]
    line = {"color": SECOND_ACCENT, "width": 2, "dash": "dash"}
    base = info["baseline"]
    return figure(
        [_bars(names, values, t)],
        HEIGHT,
        xaxis=_kinds_axis(t("chart.words_per_type"), names),
        yaxis=_told_axis(t("chart.types_told")),
        shapes=[{"type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": base, "y1": base, "line": line}],
        annotations=[note(t("chart.guessing", value=base), len(names) - 0.55, base, xanchor="left", yanchor="bottom")],
    )


def _bars(names: Sequence[str], values: Sequence[float], t: Translate) -> go.Bar:
    """One bar a name; the last, of all words, in grey."""
    return go.Bar(
        x=list(range(len(values))),
        y=values,
        width=0.62,
        marker={"color": [ACCENT] * (len(values) - 1) + [GREY], "line": {"width": 0}},
        text=[t("chart.percent", value=value) for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertext=[
            f"{name}<br>{t('chart.hover_told', share=value)}" for name, value in zip(names, values, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _kinds_axis(title: str, names: Sequence[str]) -> dict[str, Any]:
    return {
        "title": title,
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "range": [-0.6, len(names) + 0.4],
        "fixedrange": True,
        "zeroline": False,
        "tickangle": 0,
    }


def _told_axis(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "range": [0, 1.08],
        "tickformat": ".0%",
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "gridcolor": FAINT,
        "fixedrange": True,
        "zeroline": False,
    }
