"""What the figures of prompt and answer lengths share: histograms in doublings, boxes from five numbers, shares by
bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from diversity.charts.layout import (
    FAINT,
    FAINTER,
    Translate,
    bare,
    doublings,
    figure,
    label,
    note,
    nothing,
    row_axis,
    rows_height,
    share_axis,
    token_axis,
)
from diversity.charts.theme import ACCENT, GREY, SECOND_ACCENT, softened
from diversity.features.buckets import EDGES, LABELS
from diversity.report import MetricResult

Form = Literal["histogram", "boxes", "buckets"]
Info = Mapping[str, Any]
COLORS = {"prompt": ACCENT, "answer": SECOND_ACCENT}
PANEL = 190
MEDIAN_LINE = {"width": 2, "dash": "dot", "color": "rgba(128,136,148,0.95)"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One histogram: its title (already safe), what it counts in, its colour."""

    title: str
    info: Info
    color: str


def draw_profile(
    result: MetricResult, t: Translate, form: Form, colors: Mapping[str, str] | None, of: str
) -> go.Figure:
    """One field's lengths as `histogram`, as `boxes` by task type, or as shares by `buckets`."""
    if form == "boxes":
        return boxes(result.info, t, colors or {}, of)
    if form == "buckets":
        return buckets(result.info, t, of)
    return histograms([Panel(t(f"chart.{of}"), result.info, COLORS[of])], t)


def histograms(panels: Sequence[Panel], t: Translate) -> go.Figure:
    """Histograms one above the other on one axis in tokens, empty buckets hatched and named, the median marked."""
    rows = len(panels)
    grid = make_subplots(rows=rows, cols=1, shared_xaxes=True, vertical_spacing=0.14 if rows > 1 else 0)
    longest = max(panel.info["quantiles"]["p100"] for panel in panels)
    longest = max(longest, *(2 * panel.info["long_from"] for panel in panels))
    for row, panel in enumerate(panels, start=1):
        grid.add_trace(_bars(panel, t), row=row, col=1)
        top = max(panel.info["histogram"]["counts"]) * 1.28
        grid.update_yaxes(row=row, col=1, range=[0, top], title=t("chart.count"), **_quiet(), nticks=4)
        _mark_median(grid, row, panel, top, t)
        _mark_empty(grid, row, panel.info, top, t)
        axis = token_axis(t("chart.length_tokens") if row == rows else "", longest)
        grid.update_xaxes(row=row, col=1, showticklabels=True, **axis)
    grid.update_layout(**bare(PANEL * rows + 70, bargap=0, margin={"l": 8, "r": 16, "t": 28, "b": 8}))
    return grid


def overlay(first: Panel, second: Panel, t: Translate) -> go.Figure:
    """Two versions' histograms as shares, the earlier one as ground and the later one as a line."""
    longest = max(first.info["quantiles"]["p100"], second.info["quantiles"]["p100"])
    return figure(
        [_steps(first, t, filled=True), _steps(second, t, filled=False)],
        300,
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        xaxis=token_axis(t("chart.length_tokens"), longest),
        yaxis={"title": t("chart.share"), "tickformat": ".0%", "rangemode": "tozero", **_quiet()},
    )


def boxes(info: Info, t: Translate, colors: Mapping[str, str], of: str) -> go.Figure:
    """A box per task type from its five numbers (5%, 25%, median, 75%, 95%), the shortest median on top."""
    types: Mapping[str, Mapping[str, float]] = info["by_task_type"]
    if not types:
        return nothing(t("chart.no_task_types"))
    names = sorted(types, key=lambda name: (types[name]["median"], name))
    axis = row_axis(names)
    lines = max(text.count("<br>") + 1 for text in axis["ticktext"])
    longest = max(five["p95"] for five in types.values())
    shapes: list[Any] = []
    for row, name in enumerate(names):
        shapes += _box(row, types[name], colors.get(name, GREY))
    hover = go.Scatter(
        x=[doublings(types[name]["median"]) for name in names],
        y=list(range(len(names))),
        mode="markers",
        marker={"size": 9, "color": [colors.get(name, GREY) for name in names], "symbol": "diamond"},
        hovertext=[_box_hover(name, types[name], t) for name in names],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    values = go.Scatter(
        x=[doublings(types[name]["p95"]) for name in names],
        y=list(range(len(names))),
        mode="text",
        text=[f" {t('chart.median_short', median=types[name]['median'])}" for name in names],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
    )
    return figure(
        [hover, values],
        rows_height(len(names), lines=lines),
        shapes=shapes,
        xaxis=token_axis(t(f"chart.{of}_tokens"), longest),
        yaxis=axis,
    )


def buckets(info: Info, t: Translate, of: str) -> go.Figure:
    """For every bucket the share of texts above the share of their tokens: long answers are few but carry the loss."""
    shown = _used(info)
    total, tokens = max(info["units"], 1), max(info["total_tokens"], 1)
    texts = _bucket_bar(t(f"chart.texts_{of}"), shown, info["buckets"], total, softened(GREY, 0.5), t)
    loss = _bucket_bar(t(f"chart.tokens_{of}"), shown, info["bucket_tokens"], tokens, COLORS[of], t)
    top = max(*texts.x, *loss.x)
    return figure(
        [texts, loss],
        rows_height(len(shown), lines=2, extra=100),
        barmode="group",
        bargap=0.3,
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        xaxis=share_axis(t("chart.share"), top * 1.2),
        yaxis=row_axis(shown) | {"title": t(f"chart.{of}_tokens")},
    )


def _bucket_bar(
    title: str, shown: Sequence[str], counts: Mapping[str, int], total: int, color: str, t: Translate
) -> go.Bar:
    shares = [counts[name] / total for name in shown]
    return go.Bar(
        name=title,
        x=shares,
        y=list(range(len(shown))),
        orientation="h",
        marker={"color": color, "line": {"width": 0}},
        text=[
            t("chart.percent", value=share) if counts[name] else "" for name, share in zip(shown, shares, strict=True)
        ],
        textposition="outside",
        textfont={"size": 11},
        constraintext="none",
        cliponaxis=False,
        hovertext=[
            f"{name} · {title}<br>{t('chart.hover_plain', n=counts[name], share=share)}"
            for name, share in zip(shown, shares, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _bars(panel: Panel, t: Translate) -> go.Bar:
    edges, counts = panel.info["histogram"]["edges"], panel.info["histogram"]["counts"]
    low, high = edges[: len(counts)], edges[1 : len(counts) + 1]
    starts = [doublings(edge) for edge in low]
    widths = [doublings(b) - doublings(a) for a, b in zip(low, high, strict=True)]
    total = max(sum(counts), 1)
    return go.Bar(
        x=[start + wide / 2 for start, wide in zip(starts, widths, strict=True)],
        y=counts,
        width=[wide * 0.94 for wide in widths],
        marker={"color": panel.color, "line": {"width": 0}},
        hovertext=[
            f"{panel.title} · {t('chart.tokens_range', first=_first(a), last=_last(b))}"
            f"<br>{t('chart.hover_plain', n=n, share=n / total)}"
            for a, b, n in zip(low, high, counts, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _mark_median(grid: go.Figure, row: int, panel: Panel, top: float, t: Translate) -> None:
    median = panel.info["quantiles"]["p50"]
    at = doublings(median)
    grid.add_shape(type="line", x0=at, x1=at, y0=0, y1=top * 0.9, line=MEDIAN_LINE, row=row, col=1)
    text = f"{panel.title} · {t('chart.median', median=median)}"
    grid.add_annotation(**note(text, at, top * 0.98, xanchor="left", xshift=4, font={"size": 13}), row=row, col=1)


def _mark_empty(grid: go.Figure, row: int, info: Info, top: float, t: Translate) -> None:
    for name in info["empty_buckets"]:
        x0, x1 = (doublings(edge) for edge in bucket_span(name))
        height = top * 0.82
        # A trace: layout shapes know no hatching.
        region = go.Scatter(
            x=[x0, x0, x1, x1],
            y=[0, height, height, 0],
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillpattern={"shape": "/", "fgcolor": GREY, "fgopacity": 0.55, "size": 7, "solidity": 0.15},
            hoverinfo="skip",
        )
        grid.add_trace(region, row=row, col=1)
        grid.add_annotation(**note(t("chart.empty"), (x0 + x1) / 2, height, yanchor="bottom"), row=row, col=1)


def bucket_span(name: str) -> tuple[float, float]:
    """Tokens at the two edges of a bucket: (1, 32) for the first, twice the last edge for the open one."""
    place = LABELS.index(name)
    low = 1 if place == 0 else EDGES[place - 1]
    return float(low), float(EDGES[place] if place < len(EDGES) else 2 * EDGES[-1])


def _box(row: int, five: Mapping[str, float], color: str) -> list[dict[str, Any]]:
    """Whisker, box and median as shapes: a box trace would want the raw lengths or draws its own hover."""
    at = {name: doublings(five[name]) for name in ("p5", "p25", "median", "p75", "p95")}
    line = {"color": color, "width": 1.5}
    return [
        {"type": "line", "x0": at["p5"], "x1": at["p95"], "y0": row, "y1": row, "line": line, "layer": "below"},
        {
            "type": "rect",
            "x0": at["p25"],
            "x1": at["p75"],
            "y0": row - 0.24,
            "y1": row + 0.24,
            "line": line,
            "fillcolor": softened(color, 0.35),
            "layer": "below",
        },
    ]


def _box_hover(name: str, five: Mapping[str, float], t: Translate) -> str:
    numbers = {key: value for key, value in five.items() if key != "count"}
    return f"{label(name, 60)}<br>{t('chart.hover_box', n=int(five['count']), **numbers)}"


def _steps(panel: Panel, t: Translate, *, filled: bool) -> go.Scatter:
    edges, counts = panel.info["histogram"]["edges"], panel.info["histogram"]["counts"]
    total = max(sum(counts), 1)
    shares = [n / total for n in counts]
    hover = [
        f"{panel.title} · {t('chart.tokens_range', first=_first(a), last=_last(b))}<br>"
        + t("chart.hover_plain", n=n, share=n / total)
        for a, b, n in zip(edges, edges[1:], counts, strict=False)
    ]
    return go.Scatter(
        name=panel.title,
        x=[doublings(edge) for edge in edges[: len(counts) + 1]],
        y=[*shares, 0.0],
        mode="lines",
        line={"shape": "hv", "color": panel.color, "width": 1 if filled else 2.5},
        fill="tozeroy" if filled else "none",
        fillcolor=FAINT if filled else FAINTER,
        hovertext=[*hover, ""],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _used(info: Info) -> list[str]:
    """Buckets up to the longest that holds a text or should."""
    counts = [info["buckets"][name] for name in LABELS]
    wanted = [place for place, name in enumerate(LABELS) if counts[place] or name in info["empty_buckets"]]
    return list(LABELS[: max(wanted, default=0) + 1])


def _first(edge: float) -> int:
    return max(1, -int(-edge // 1))


def _last(edge: float) -> int:
    """The largest whole number of tokens below an edge."""
    return max(1, -int(-edge // 1) - 1)


def _quiet() -> dict[str, Any]:
    return {"showgrid": True, "gridcolor": FAINT, "zeroline": False, "fixedrange": True, "automargin": True}
