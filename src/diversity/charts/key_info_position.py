"""Where in long prompts the key information stands: position by prompt length, and over all lengths against an
even spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from diversity.charts.layout import FAINT, Translate, bare, note, nothing
from diversity.charts.theme import ACCENT, SECOND_ACCENT
from diversity.features.buckets import EDGES, LABELS
from diversity.report import MetricResult

ROW = 34
MARGINAL = 150
# Room at the right for what the line of an even spread says.
BESIDE = 96
THIRDS = ("head", "middle", "tail")
# From hardly there to the accent colour: reads the same on white and on black.
SCALE = [[0.0, "rgba(0,114,178,0.05)"], [1.0, "rgba(0,114,178,1)"]]
# Cells above this part of the scale carry white figures, the others figures in the ink of the ground.
DARK_CELL = 0.6
INK = {False: "#1B2430", True: "#E6EAF0"}


def draw(
    result: MetricResult,
    table: pd.DataFrame | None,
    t: Translate,
    *,
    task_type: str | None = None,
    dark: bool = False,
) -> go.Figure:
    """A bar for every tenth of the prompt above a heat map tenth × length bucket; of one task type where one is given.

    Of lengths that count for the verdict, or of all where there are no such.
    """
    info = result.info
    heat = np.asarray(info["heat"] if task_type is None else info["heat_by_task_type"][task_type], dtype=np.int64)
    if not heat.sum():
        return nothing(t("chart.no_figure"))
    used = np.flatnonzero(heat.sum(axis=1))
    labels: list[str] = info["bucket_labels"]
    judged = [row for row in used if _judged(labels[row], info.get("position_from", 0))]
    rows = judged or used.tolist()
    key = "chart.row_count" if judged else "chart.row_unjudged"
    names = [(labels[row], t(key, name=labels[row], n=int(heat[row].sum()))) for row in rows]
    return _figure(heat[rows], names, info["shares"] if task_type is None else None, dark, t)


def _judged(name: str, position_from: int) -> bool:
    """Whether prompts of that bucket count for the verdict."""
    place = LABELS.index(name)
    return (EDGES[place - 1] if place else 0) >= position_from


def _figure(
    heat: NDArray[np.int64],
    names: list[tuple[str, str]],
    shares: Mapping[str, float] | None,
    dark: bool,
    t: Translate,
) -> go.Figure:
    rows = len(names)
    below = max(rows, 2) * ROW
    height = MARGINAL + below + 126
    grid = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=22 / height, row_heights=[MARGINAL, below])
    bins = heat.shape[1]
    centers = (np.arange(bins) + 0.5) / bins
    counted = heat.sum(axis=0)
    marginal = counted / counted.sum()
    grid.add_trace(_marginal(centers, counted, t), row=1, col=1)
    _mark_even(grid, marginal, t)
    _mark_thirds(grid, shares, t)
    grid.add_trace(_heat(centers, heat, [name for name, _ in names], t), row=2, col=1)
    for trace in _figures(centers, heat, dark, t):
        grid.add_trace(trace, row=2, col=1)
    _set_axes(grid, max(float(marginal.max()), 1 / bins) * 1.45, t)
    _name_rows(grid, [text for _, text in names], t)
    grid.update_layout(**bare(height, bargap=0.06, margin={"l": 8, "r": BESIDE, "t": 44, "b": 8}))
    return grid


def _set_axes(grid: go.Figure, top: float, t: Translate) -> None:
    """Position along both parts, share (0-`top`) up the bars."""
    grid.update_xaxes(
        tickmode="array",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        tickformat=".0%",
        fixedrange=True,
        range=[0, 1],
        showgrid=False,
        zeroline=False,
        tickangle=0,
    )
    grid.update_xaxes(title=t("chart.position"), row=2, col=1)
    grid.update_xaxes(showticklabels=False, row=1, col=1)
    grid.update_yaxes(
        title=t("chart.share"),
        tickformat=".0%",
        range=[0, top],
        nticks=4,
        showgrid=True,
        gridcolor=FAINT,
        zeroline=False,
        fixedrange=True,
        automargin=True,
        row=1,
        col=1,
    )


def _name_rows(grid: go.Figure, texts: list[str], t: Translate) -> None:
    """The heat map's rows, the shortest on top."""
    grid.update_yaxes(
        title=t("chart.prompt_tokens"),
        tickmode="array",
        tickvals=list(range(len(texts))),
        showgrid=False,
        zeroline=False,
        ticktext=texts,
        range=[len(texts) - 0.5, -0.5],
        fixedrange=True,
        automargin=True,
        row=2,
        col=1,
    )


def _marginal(centers: NDArray[np.float64], counts: NDArray[np.int64], t: Translate) -> go.Bar:
    total = counts.sum()
    return go.Bar(
        x=centers,
        y=counts / total,
        marker={"color": ACCENT, "line": {"width": 0}},
        hovertext=[_hover(place, len(counts), int(n), int(total), t) for place, n in enumerate(counts)],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _heat(centers: NDArray[np.float64], heat: NDArray[np.int64], names: list[str], t: Translate) -> go.Heatmap:
    totals = np.maximum(heat.sum(axis=1, keepdims=True), 1)
    share = heat / totals
    hover: list[list[str]] = [
        [f"{name}<br>{_hover(place, heat.shape[1], int(n), int(total), t)}" for place, n in enumerate(row)]
        for name, row, total in zip(names, heat, totals[:, 0], strict=True)
    ]
    return go.Heatmap(
        x=centers,
        y=list(range(len(names))),
        z=share,
        zmin=0,
        zmax=_top(share),
        colorscale=SCALE,
        showscale=False,
        xgap=2,
        ygap=2,
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _figures(centers: NDArray[np.float64], heat: NDArray[np.int64], on_dark: bool, t: Translate) -> list[go.Scatter]:
    """The cells' shares as text; plotly's own choice of colour ignores that light cells are see-through."""
    share = heat / np.maximum(heat.sum(axis=1, keepdims=True), 1)
    dark = share > DARK_CELL * _top(share)
    traces = []
    for cells, font in (
        ((heat > 0) & ~dark, {"size": 11, "color": INK[on_dark]}),
        ((heat > 0) & dark, {"size": 11, "color": "#FFFFFF"}),
    ):
        rows, columns = np.nonzero(cells)
        traces.append(
            go.Scatter(
                x=centers[columns],
                y=rows,
                mode="text",
                text=[t("chart.percent", value=float(one)) for one in share[cells]],
                textfont=font,
                hoverinfo="skip",
            )
        )
    return traces


def _top(share: NDArray[np.float64]) -> float:
    return max(0.3, float(share.max()))


def _hover(place: int, bins: int, count: int, total: int, t: Translate) -> str:
    at = t("chart.position_range", first=place / bins, last=(place + 1) / bins)
    return f"{at}<br>{t('chart.hover_prompts', n=count, share=count / max(total, 1))}"


def _mark_even(grid: go.Figure, marginal: NDArray[np.float64], t: Translate) -> None:
    even = 1 / len(marginal)
    line = {"color": SECOND_ACCENT, "width": 2, "dash": "dash"}
    grid.add_shape(type="line", x0=0, x1=1, y0=even, y1=even, line=line, row=1, col=1)
    # Beside the bars: over them it would cover some.
    text = note(t("chart.even", value=even), 1, even, xanchor="left", xshift=6)
    grid.add_annotation(**text, row=1, col=1)


def _mark_thirds(grid: go.Figure, shares: Mapping[str, float] | None, t: Translate) -> None:
    """Borders of the thirds through both parts; their shares where they are known (tenths do not add up to thirds)."""
    thin: dict[str, Any] = {"width": 1, "dash": "dot", "color": "rgba(128,136,148,0.7)"}
    for edge in (1 / 3, 2 / 3):
        for row, reference in ((1, "y domain"), (2, "y2 domain")):
            grid.add_shape(type="line", x0=edge, x1=edge, y0=0, y1=1, yref=reference, line=thin, row=row, col=1)
    for place, third in enumerate(THIRDS):
        name = t(f"chart.{third}")
        text = name if shares is None else t("chart.third", name=name, share=shares[third])
        said = note(text, (place + 0.5) / 3, 1, yref="y domain", yanchor="bottom", align="center")
        grid.add_annotation(**said, row=1, col=1)
