"""Two versions laid over each other: task types as pairs of bars."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from diversity.charts.layout import Translate, escaped, figure, label, row_axis, rows_height, share_axis
from diversity.charts.theme import ACCENT, GREY

ROWS = 30
BEFORE, AFTER = GREY, ACCENT


def type_pairs(types: Mapping[str, tuple[int, int]], before: str, after: str, t: Translate) -> go.Figure:
    """`types`: level-1 type → records in the earlier and in the later version; shares of each version's labelled
    records."""
    shown = list(types)[:ROWS]
    totals = [max(sum(pair[side] for pair in types.values()), 1) for side in (0, 1)]
    traces = []
    for side, (version, color) in enumerate(((before, BEFORE), (after, AFTER))):
        shares = [types[name][side] / totals[side] for name in shown]
        traces.append(
            go.Bar(
                name=escaped(version, 40),
                x=shares,
                y=list(range(len(shown))),
                orientation="h",
                marker={"color": color, "line": {"width": 0}},
                text=[
                    t("chart.bar", n=types[name][side], share=share) for name, share in zip(shown, shares, strict=True)
                ],
                textposition="outside",
                constraintext="none",
                textfont={"size": 11},
                cliponaxis=False,
                hovertext=[
                    f"{label(name, 60)} · {escaped(version, 40)}<br>"
                    + t("chart.hover_records", n=types[name][side], share=share)
                    for name, share in zip(shown, shares, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    top = max((max(trace.x) for trace in traces if len(trace.x)), default=1.0)
    axis = row_axis(shown)
    lines = max((text.count("<br>") + 1 for text in axis["ticktext"]), default=1)
    return figure(
        traces,
        rows_height(len(shown), lines=max(lines, 2), extra=90),
        barmode="group",
        bargap=0.25,
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        xaxis=share_axis(t("chart.share_of_records"), top * 1.35),
        yaxis=axis,
    )
