"""The map of prompts or answers: points by a category, dense areas as density, clusters by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from diversity.charts.layout import Translate, escaped, figure, label, note, nothing, width
from diversity.charts.theme import CATEGORICAL, GREY
from diversity.report import MetricResult

MOST_POINTS = 50_000
SAMPLED = 20_000
GRID = 140
NAMED = 30
# A class of less than this share of the points is lost among them at their size.
RARE = 0.02
HEIGHT = 620
# Pixels: the usual width of the map, a column of text and a line of it, to see which names would cover each other.
MAP_WIDTH, CELL, LINE = 900, 6.2, 15
GROUNDS: dict[bool, dict[str, Any]] = {
    False: {"font": {"size": 11, "color": "#1B2430"}, "bgcolor": "rgba(255,255,255,0.8)"},
    True: {"font": {"size": 11, "color": "#E6EAF0"}, "bgcolor": "rgba(18,22,28,0.75)"},
}
MATCH = "#D55E00"


def draw(
    result: MetricResult,
    table: pd.DataFrame | None,
    t: Translate,
    *,
    clusters: pd.DataFrame | None = None,
    colors: Mapping[str, str] | None = None,
    order: Sequence[str] | None = None,
    matches: NDArray[np.bool_] | None = None,
    most_points: int = MOST_POINTS,
    dark: bool = False,
) -> go.Figure:
    """`table`: x, y and category, one row a point; `clusters`: name, size, x, y.

    Every point carries only its row number. Above `most_points` the ground is a density and a fixed sample of
    points lies on it.
    `order` gives the categories' order in the legend, names that the catalogue already made safe or the data's
    own; `matches` marks rows.
    """
    assert table is not None
    if table.empty:
        return nothing(t("chart.no_figure"))
    shown = _shown(len(table), matches, most_points)
    traces: list[Any] = [] if len(shown) == len(table) else [_density(table)]
    categories = list(order) if order is not None else _by_size(table["category"])
    faded = matches is not None
    values = table["category"].to_numpy()
    told_apart = [name for name in categories if _color(name, categories, colors) != GREY]
    rest = ~np.isin(values, told_apart)
    classes = [(name, _color(name, categories, colors), values == name) for name in told_apart]
    classes = [one for one in [*classes, (t("chart.other"), GREY, rest)] if one[2].any()]
    drawn = [_points(table, shown, *one, faded, t).update(legendrank=rank) for rank, one in enumerate(classes, 1)]
    # What is told apart lies on the rest, a small class on a large one.
    order_of = sorted(range(len(classes)), key=lambda at: (classes[at][2] is not rest, -int(classes[at][2].sum())))
    traces += [drawn[at] for at in order_of]
    if matches is not None:
        traces.append(_matched(table, np.flatnonzero(matches)[:MOST_POINTS], t))
    return figure(traces, HEIGHT, annotations=name_notes(clusters, table, dark), **map_axes())


def inside(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    boxes: Sequence[Mapping[str, Any]],
    lassos: Sequence[Mapping[str, Any]],
) -> NDArray[np.bool_]:
    """(n,) which points lie in any of the selected boxes or lassos, both given as {"x": […], "y": […]} in the
    axes' own units."""
    found = np.zeros(len(x), dtype=bool)
    for box in boxes:
        (x0, x1), (y0, y1) = sorted(box["x"]), sorted(box["y"])
        found |= (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    for lasso in lassos:
        found |= _in_polygon(x, y, np.asarray(lasso["x"], float), np.asarray(lasso["y"], float))
    return found


def _in_polygon(
    x: NDArray[np.float64], y: NDArray[np.float64], px: NDArray[np.float64], py: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Even-odd rule: how many edges a ray to the right crosses."""
    crossed = np.zeros(len(x), dtype=bool)
    for x0, y0, x1, y1 in zip(px, py, np.roll(px, -1), np.roll(py, -1), strict=True):
        if y0 != y1:
            between = (y0 > y) != (y1 > y)
            crossed ^= between & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return crossed


def _shown(n: int, matches: NDArray[np.bool_] | None, most: int) -> NDArray[np.int64]:
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, min(SAMPLED, most), replace=False))


def _by_size(values: pd.Series[Any]) -> list[str]:
    return [str(name) for name in values.value_counts(sort=True).index]


def _color(name: str, categories: Sequence[str], colors: Mapping[str, str] | None) -> str:
    if colors is not None:
        return colors.get(name, GREY)
    place = categories.index(name)
    return CATEGORICAL[place] if place < len(CATEGORICAL) else GREY


def _points(
    table: pd.DataFrame,
    shown: NDArray[np.int64],
    name: str,
    color: str,
    own: NDArray[np.bool_],
    faded: bool,
    t: Translate,
) -> go.Scattergl:
    """Those `shown` of a class as points; a rare class as large and as firm as if it had the map to itself."""
    rows, count = shown[own[shown]], int(own.sum())
    rare = count < RARE * len(table)
    crowd = count if rare else len(table)
    size, opacity = point_size(crowd), 0.25 if faded else point_opacity(crowd)
    return go.Scattergl(
        x=table["x"].to_numpy()[rows],
        y=table["y"].to_numpy()[rows],
        mode="markers",
        name=t("chart.legend", name=label(name, 22), n=count),
        meta=[escaped(name)],
        customdata=rows,
        marker={"color": GREY if faded else color, "size": size, "opacity": opacity},
        hovertemplate="%{meta[0]}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0.45 if rare else 0.12}},
    )


def _matched(table: pd.DataFrame, rows: NDArray[np.int64], t: Translate) -> go.Scattergl:
    return go.Scattergl(
        x=table["x"].to_numpy()[rows],
        y=table["y"].to_numpy()[rows],
        mode="markers",
        name=t("chart.legend", name=t("chart.match"), n=len(rows)),
        meta=[t("chart.match")],
        customdata=rows,
        marker={"color": MATCH, "size": 8, "opacity": 0.9, "line": {"width": 1, "color": "rgba(255,255,255,0.8)"}},
        hovertemplate="%{meta[0]}<extra></extra>",
    )


def _density(table: pd.DataFrame) -> go.Heatmap:
    counts, xs, ys = np.histogram2d(table["x"], table["y"], bins=GRID)
    shade = np.log1p(counts.T)
    shade[counts.T == 0] = np.nan
    return go.Heatmap(
        x=(xs[:-1] + xs[1:]) / 2,
        y=(ys[:-1] + ys[1:]) / 2,
        z=shade,
        colorscale=[[0, "rgba(128,136,148,0.10)"], [1, "rgba(128,136,148,0.75)"]],
        showscale=False,
        hoverinfo="skip",
        zsmooth="best",
    )


def name_notes(clusters: pd.DataFrame | None, table: pd.DataFrame, dark: bool) -> list[dict[str, Any]]:
    """Names of the largest clusters, readable over points; one that would cover a larger cluster's is left out."""
    if clusters is None or clusters.empty:
        return []
    largest = clusters[clusters["name"].str.len() > 0].nlargest(NAMED, "size")
    low, spread = table[["x", "y"]].min(), (table[["x", "y"]].max() - table[["x", "y"]].min()).replace(0, 1)
    taken: list[tuple[float, float, float, float]] = []
    notes = []
    for name, x, y in zip(largest["name"], largest["x"], largest["y"], strict=True):
        text = label(str(name), 22, 60)
        lines = text.split("<br>")
        half = (max(width(line) for line in lines) * CELL / 2 + 4, len(lines) * LINE / 2 + 3)
        at = ((x - low["x"]) / spread["x"] * MAP_WIDTH, (y - low["y"]) / spread["y"] * HEIGHT)
        box = (at[0] - half[0], at[0] + half[0], at[1] - half[1], at[1] + half[1])
        if any(box[0] < b and a < box[1] and box[2] < d and c < box[3] for a, b, c, d in taken):
            continue
        taken.append(box)
        notes.append(note(text, float(x), float(y), captureevents=False, borderpad=2, **GROUNDS[dark]))
    return notes


def map_axes() -> dict[str, Any]:
    """No ticks: places on the map have no unit."""
    blank = {"visible": False, "showgrid": False, "zeroline": False}
    return {
        "xaxis": blank,
        "yaxis": blank,
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 0,
            "yanchor": "top",
            "itemsizing": "constant",
            "font": {"size": 12},
        },
        "dragmode": "lasso",
        "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
    }


def point_size(n: int) -> float:
    return 8 if n < 800 else 6 if n < 4_000 else 4 if n < 15_000 else 3


def point_opacity(n: int) -> float:
    return 0.85 if n < 4_000 else 0.65 if n < 15_000 else 0.5
