"""Task types as horizontal bars on two levels, as a sunburst, and by the languages in which they are asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import (
    Translate,
    escaped,
    figure,
    label,
    nothing,
    row_axis,
    rows_height,
    share_axis,
    width,
)
from diversity.charts.theme import GREY, LANGUAGES, category_colors, softened
from diversity.report import MetricResult

Form = Literal["bars", "sunburst", "languages"]
ROWS, CHILDREN = 40, 25
INDENT = "   "


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: a type, or a sub-type of it."""

    first: str
    second: str | None
    records: int


def draw(
    result: MetricResult,
    table: pd.DataFrame | None,
    t: Translate,
    *,
    form: Form = "bars",
    open_types: Collection[str] = (),
    colors: Mapping[str, str] | None = None,
) -> go.Figure:
    """`table`: task_type_1, task_type_2 (null for none) and records, one row a pair; for `languages` task_type_1,
    language, units.

    `open_types` are the level-1 types whose sub-types are shown.
    """
    assert table is not None
    counts: dict[str, int] = result.info["counts"]
    colors = colors or category_colors(list(counts))
    if form == "languages":
        return _languages(table, list(counts), t)
    if form == "sunburst":
        return _sunburst(table, colors, t)
    return _bars(bar_rows(table, open_types), sum(counts.values()), result.info["minimum_records"], colors, t)


def bar_rows(table: pd.DataFrame, open_types: Collection[str] = ()) -> list[Row]:
    """The bars, largest type first, each open type followed by its sub-types; at most ROWS types and CHILDREN of
    each."""
    first = table.groupby("task_type_1", sort=False)["records"].sum()
    order = sorted(first.index, key=lambda name: (-int(first[name]), str(name)))[:ROWS]
    rows: list[Row] = []
    for name in order:
        rows.append(Row(str(name), None, int(first[name])))
        if name in open_types:
            own = table[(table["task_type_1"] == name) & table["task_type_2"].notna()]
            ranked = own.sort_values(["records", "task_type_2"], ascending=[False, True]).head(CHILDREN)
            pairs = zip(ranked["task_type_2"], ranked["records"], strict=True)
            rows += [Row(str(name), str(child), int(n)) for child, n in pairs]
    return rows


def _bars(rows: list[Row], total: int, minimum: int, colors: Mapping[str, str], t: Translate) -> go.Figure:
    shares = [row.records / total for row in rows]
    names = [row.first if row.second is None else INDENT + row.second for row in rows]
    trace = go.Bar(
        x=shares,
        y=list(range(len(rows))),
        orientation="h",
        width=[0.78 if row.second is None else 0.5 for row in rows],
        marker={"color": [_color(row, colors) for row in rows], "line": {"width": 0}},
        text=[_text(row, share, minimum, t) for row, share in zip(rows, shares, strict=True)],
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        customdata=[[place] for place in range(len(rows))],
        hovertext=[_hover(row, share, t) for row, share in zip(rows, shares, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )
    axis = row_axis(names)
    lines = max((text.count("<br>") + 1 for text in axis["ticktext"]), default=1)
    return figure(
        [trace],
        rows_height(len(rows), lines=lines),
        xaxis=share_axis(t("chart.share_of_records"), max(shares, default=1.0) * 1.32),
        yaxis=axis,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
    )


def _color(row: Row, colors: Mapping[str, str]) -> str:
    color = colors.get(row.first, GREY)
    return color if row.second is None else softened(color)


def _text(row: Row, share: float, minimum: int, t: Translate) -> str:
    shown = t("chart.bar", n=row.records, share=share)
    return f"{shown} · {t('chart.thin', minimum=minimum)}" if row.records < minimum else shown


def _hover(row: Row, share: float, t: Translate) -> str:
    name = label(row.first, 60) if row.second is None else f"{label(row.first, 60)} › {label(row.second, 60)}"
    return f"{name}<br>{t('chart.hover_records', n=row.records, share=share)}"


def _sunburst(table: pd.DataFrame, colors: Mapping[str, str], t: Translate) -> go.Figure:
    rows = bar_rows(table, set(table["task_type_1"].dropna()))
    if not rows:
        return nothing(t("chart.no_figure"))
    total = sum(row.records for row in rows if row.second is None)
    places = {row.first: str(place) for place, row in enumerate(rows) if row.second is None}
    trace = go.Sunburst(
        ids=[str(place) for place in range(len(rows))],
        labels=[label(row.second or row.first, 14) for row in rows],
        parents=["" if row.second is None else places[row.first] for row in rows],
        values=[row.records for row in rows],
        branchvalues="total",
        marker={
            "colors": [_color(row, colors) for row in rows],
            "line": {"width": 1, "color": "rgba(255,255,255,0.6)"},
        },
        hovertext=[_hover(row, row.records / total, t) for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        insidetextorientation="horizontal",
        leaf={"opacity": 1},
    )
    return figure([trace], 560, margin={"l": 8, "r": 8, "t": 8, "b": 8})


def _languages(table: pd.DataFrame, order: list[str], t: Translate) -> go.Figure:
    """Units of each type by language, as shares of the type."""
    wide = table.pivot_table(index="task_type_1", columns="language", values="units", aggfunc="sum", fill_value=0)
    names = [name for name in order if name in wide.index][:ROWS]
    if not names:
        return nothing(t("chart.no_figure"))
    wide = wide.loc[names]
    totals = wide.sum(axis=1)
    languages = sorted(wide.columns, key=lambda code: -wide[code].to_numpy().sum())
    traces = [_language_bar(code, wide, totals, t) for code in languages]
    axis = row_axis(names)
    lines = max(text.count("<br>") + 1 for text in axis["ticktext"])
    return figure(
        traces,
        rows_height(len(names), lines=lines, extra=90),
        barmode="stack",
        xaxis=share_axis(t("chart.share_of_prompts"), 1.0),
        yaxis=axis,
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )


def _language_bar(code: str, wide: pd.DataFrame, totals: pd.Series[Any], t: Translate) -> go.Bar:
    name = t(f"chart.language.{code}") if code in LANGUAGES else escaped(code)
    shares = wide[code] / totals
    return go.Bar(
        name=name,
        x=shares,
        y=list(range(len(wide))),
        orientation="h",
        marker={"color": LANGUAGES.get(code, GREY)},
        text=[t("chart.percent", value=float(share)) if share > 0.2 else "" for share in shares],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"color": "#FFFFFF", "size": 11},
        constraintext="none",
        textangle=0,
        hovertext=[
            f"{label(str(one), 60)} · {name}<br>{t('chart.hover_prompts', n=int(n), share=float(share))}"
            for one, n, share in zip(wide.index, wide[code], shares, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def widest(names: Collection[str]) -> int:
    """Columns of the widest name."""
    return max((width(name) for name in names), default=0)
