"""Systems by what they do: of all records, of those with a shared text, of those with a text of their own."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import Translate, bare, nothing, row_axis, rows_height, share_axis
from diversity.charts.theme import ACCENT, GREY, SECOND_ACCENT, softened
from diversity.report import MetricResult

COLORS = {"effective": ACCENT, "decorative": SECOND_ACCENT, "tools": GREY, "absent": softened(GREY, 0.3)}
# Narrower parts have no room for their share.
LABELLED_FROM = 0.06


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate) -> go.Figure:
    """One bar a group of records, its parts the classes; a group without records is left out."""
    rows = [(name, counts) for name, counts in _rows(result).items() if sum(counts.values())]
    if not rows:
        return nothing(t("chart.no_figure"))
    names = [t(f"chart.systems.{name}", n=sum(counts.values())) for name, counts in rows]
    layout = bare(
        rows_height(len(rows)) + 50,
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        xaxis=share_axis(t("chart.systems.share"), 1.0) | {"tickvals": [0, 0.25, 0.5, 0.75, 1]},
        yaxis=row_axis(names),
    )
    used = [name for name in COLORS if any(counts.get(name) for _, counts in rows)]
    return go.Figure([_part(name, [counts for _, counts in rows], t) for name in used], layout)


def _rows(result: MetricResult) -> dict[str, Mapping[str, int]]:
    classes: Mapping[str, int] = result.info["classes"]
    shared: Mapping[str, int] = result.info["boilerplate_classes"]
    own = {name: classes[name] - count for name, count in shared.items()}
    return {"all": classes, "shared": shared, "own": own}


def _part(name: str, rows: list[Mapping[str, int]], t: Translate) -> go.Bar:
    counts = [counts.get(name, 0) for counts in rows]
    shares = [count / max(sum(all_.values()), 1) for count, all_ in zip(counts, rows, strict=True)]
    return go.Bar(
        name=t(f"system.class.{name}"),
        x=shares,
        y=list(range(len(rows))),
        orientation="h",
        marker={"color": COLORS[name], "line": {"width": 0}},
        text=[t("chart.percent", value=share) if share >= LABELLED_FROM else "" for share in shares],
        textposition="inside",
        insidetextanchor="middle",
        textfont={"size": 11},
        hovertext=[
            t("chart.systems.hover", name=t(f"system.class.{name}"), n=count, share=share)
            for count, share in zip(counts, shares, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
