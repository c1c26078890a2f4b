"""Diversity of the whole set: a panel for each figure, in it prompts, answers and pairs, version beside version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from diversity.charts.layout import FAINT, Translate, bare, escaped
from diversity.charts.theme import ACCENT, GREY, softened

# What is most easily read first.
FIGURES = ("vendi_score", "chamfer", "novelsum", "log_det", "cluster_entropy", "remote_clique")
FIELDS = ("prompt", "answer", "pair")
COLUMNS = 3
PANEL = 150
# Pixels between two rows of panels: ticks, the title of the axis and that of the next panel.
BETWEEN = 86
# How much of the room between two fields the versions take up.
SPREAD = 0.56


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of one version on one field, with its 95% interval, at the size that all versions share."""

    figure: str
    field: str
    version: str
    value: float
    low: float
    high: float


def panels(points: Sequence[Point], versions: Sequence[str], t: Translate) -> go.Figure:
    """`versions` oldest first; the last one is the version looked at, the others stand above it in grey."""
    shown = [name for name in FIGURES if any(point.figure == name for point in points)]
    rows = -(-len(shown) // COLUMNS)
    titles = [t(f"card.{name}.title") for name in shown]
    drawn = rows * PANEL + (rows - 1) * BETWEEN
    grid = make_subplots(
        rows=rows, cols=COLUMNS, subplot_titles=titles, horizontal_spacing=0.06, vertical_spacing=BETWEEN / drawn
    )
    for place, name in enumerate(shown):
        row, column = place // COLUMNS + 1, place % COLUMNS + 1
        for age, version in enumerate(versions):
            own = [point for point in points if (point.figure, point.version) == (name, version)]
            trace = _trace(own, version, age, len(versions), t)
            grid.add_trace(trace.update(showlegend=place == 0 and len(versions) > 1), row=row, col=column)
        grid.update_xaxes(title=t(f"chart.set.{name}"), row=row, col=column)
        grid.update_yaxes(showticklabels=column == 1, row=row, col=column)
    _finish(grid, drawn, t)
    return grid


def _trace(points: Sequence[Point], version: str, age: int, versions: int, t: Translate) -> go.Scatter:
    latest = age == versions - 1
    offset = SPREAD * ((age + 0.5) / versions - 0.5)
    color = ACCENT if latest else softened(GREY, 0.35 + 0.5 * (age + 1) / versions)
    values = [point.value for point in points]
    return go.Scatter(
        name=escaped(version, 40),
        x=values,
        y=[FIELDS.index(point.field) + offset for point in points],
        mode="markers",
        marker={"color": color, "size": 9 if latest else 7},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [point.high - point.value for point in points],
            "arrayminus": [point.value - point.low for point in points],
            "color": color,
            "thickness": 2,
            "width": 4,
        },
        hovertext=[_hover(point, t) for point in points],
        hovertemplate="%{hovertext}<extra></extra>",
        legendgroup=version,
    )


def _hover(point: Point, t: Translate) -> str:
    numbers = t("chart.set.hover", value=point.value, low=point.low, high=point.high)
    return f"{t(f'chart.{point.field}s')} · {escaped(point.version, 40)}<br>{numbers}"


def _finish(grid: go.Figure, drawn: int, t: Translate) -> None:
    """Axes that fit what is in them, named fields, and the versions above."""
    grid.update_xaxes(showgrid=True, gridcolor=FAINT, zeroline=False, fixedrange=True, nticks=5, tickangle=0)
    grid.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(FIELDS))),
        ticktext=[t(f"chart.{field}s") for field in FIELDS],
        range=[len(FIELDS) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=True,
    )
    grid.update_annotations(font={"size": 13})
    above, below = 66, 52
    legend = {"orientation": "h", "y": 1 + 40 / drawn, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    margin = {"l": 8, "r": 16, "t": above, "b": below}
    grid.update_layout(**bare(drawn + above + below, showlegend=True, legend=legend, margin=margin))
