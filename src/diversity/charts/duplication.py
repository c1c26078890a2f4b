"""What the figures of repeated answers and prompts share: how much is repeated, by kind, in records and in loss
tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import Translate, figure, row_axis, share_axis
from diversity.charts.theme import KINDS

KIND_ORDER = ("exact", "near", "semantic", "unique")
INSIDE = 0.07
# Readable on the see-through grey of the unique part, on white and on black.
MUTED = "#7A808A"


def stacked(rows: Sequence[tuple[str, Mapping[str, int]]], t: Translate) -> go.Figure:
    """One bar a row: (its name, kind → how many), as shares that add up to 1; kinds named in the bars and in the
    legend."""
    totals = [max(sum(counts.values()), 1) for _, counts in rows]
    traces = []
    for kind in KIND_ORDER:
        counts = [int(row.get(kind, 0)) for _, row in rows]
        shares = [n / total for n, total in zip(counts, totals, strict=True)]
        name = t(f"chart.kind.{kind}")
        traces.append(
            go.Bar(
                name=t("chart.legend_share", name=name, share=shares[0]),
                x=shares,
                y=list(range(len(rows))),
                orientation="h",
                width=0.62,
                marker={"color": KINDS[kind], "line": {"width": 0}},
                text=[t("chart.percent", value=share) if share >= INSIDE else "" for share in shares],
                textposition="inside",
                constraintext="none",
                insidetextfont={"color": MUTED} if kind == "unique" else None,
                insidetextanchor="middle",
                textangle=0,
                hovertext=[
                    f"{row} · {name}<br>{t('chart.hover_plain', n=n, share=share)}"
                    for (row, _), n, share in zip(rows, counts, shares, strict=True)
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    return figure(
        traces,
        64 * len(rows) + 80,
        barmode="stack",
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        xaxis=share_axis(t("chart.share"), 1.0),
        yaxis=row_axis([name for name, _ in rows]),
    )


def repeats_figure(table: pd.DataFrame, of: str, t: Translate) -> go.Figure:
    """`table`: kind, units, tokens; two bars, one for each of the last two."""
    columns = {"units": t(f"chart.{of}s"), "tokens": t(f"chart.tokens_of_{of}s")}
    rows = [
        (name, {str(kind): int(n) for kind, n in zip(table["kind"], table[column], strict=True)})
        for column, name in columns.items()
    ]
    return stacked(rows, t)
