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
    shown = {name: types[name] for name in list(types)[:ROWS]}
    totals = [max(sum(pair[side] for pair in types.values()), 1) for side in (0, 1)]
    traces = [
        _bars({name: pair[side] for name, pair in shown.items()}, totals[side], version, color, t)
        for side, (version, color) in enumerate(((before, BEFORE), (after, AFTER)))
    ]
    top = max((max(trace.x) for trace in traces if len(trace.x)), default=1.0)
    axis = row_axis(list(shown))
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


def _bars(counts: Mapping[str, int], total: int, version: str, color: str, t: Translate) -> go.Bar:
    """The bars of one version: records of each type as shares of `total`."""
    shares = {name: count / total for name, count in counts.items()}
    return go.Bar(
        name=escaped(version, 40),
        x=list(shares.values()),
        y=list(range(len(counts))),
        orientation="h",
        marker={"color": color, "line": {"width": 0}},
        text=[t("chart.bar", n=counts[name], share=share) for name, share in shares.items()],
        textposition="outside",
        constraintext="none",
        textfont={"size": 11},
        cliponaxis=False,
        hovertext=[
            f"{label(name, 60)} · {escaped(version, 40)}<br>" + t("chart.hover_records", n=counts[name], share=share)
            for name, share in shares.items()
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
