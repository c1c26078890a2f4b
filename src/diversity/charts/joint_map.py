"""One map of two versions: what only one of them has by colour, regions gained and lost by name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import Translate, escaped, figure, label, nothing
from diversity.charts.semantic_map import HEIGHT, map_axes, name_notes, point_opacity, point_size
from diversity.charts.theme import BLUE, GREY, ORANGE

SIDES = {"both": GREY, "before": ORANGE, "after": BLUE}
ARROWS = {"gained": "▲", "lost": "▼"}


def joint_map(
    points: pd.DataFrame,
    regions: pd.DataFrame,
    versions: tuple[str, str],
    t: Translate,
    *,
    totals: Mapping[str, int] | None = None,
    chosen: int | None = None,
    dark: bool = False,
) -> go.Figure:
    """`points`: x, y, side (`before`, `after`, `both`) and region, one row a text; `regions`: region, name, before,
    after, moved, x and y.

    `versions` are the names of the earlier and the later one; `totals` says by side how many texts there are where the
    points are a draw of them; `chosen` is a region to be picked out.
    """
    if points.empty:
        return nothing(t("chart.no_figure"))
    names = {"both": t("drift.both"), "before": t("drift.only", version=versions[0])}
    names["after"] = t("drift.only", version=versions[1])
    counts = {**points["side"].value_counts(), **(totals or {})}
    about = dict(zip(regions["region"], regions["name"], strict=True))
    traces = [
        _points(points[points["side"] == side], (names[side], int(counts[side])), color, about, len(points), chosen, t)
        for side, color in SIDES.items()
        if (points["side"] == side).any()
    ]
    moved = regions[regions["moved"] != "same"]
    change = (moved["after"] - moved["before"]).abs()
    points_moved = [t("versions.points", n=float(size) * 100) for size in change]
    said = zip(moved["moved"], moved["name"], points_moved, strict=True)
    named = pd.DataFrame(
        {"name": [f"{ARROWS[kind]} {name} {size}" for kind, name, size in said], "size": change}
    ).assign(x=moved["x"].to_numpy(), y=moved["y"].to_numpy())
    return figure(traces, HEIGHT, annotations=name_notes(named, points, dark), **map_axes() | {"dragmode": "pan"})


def _points(
    own: pd.DataFrame,
    legend: tuple[str, int],
    color: str,
    about: dict[int, str],
    total: int,
    chosen: int | None,
    t: Translate,
) -> go.Scattergl:
    name, count = legend
    size, opacity = point_size(total), point_opacity(total)
    clear = np.ones(len(own), dtype=bool) if chosen is None else (own["region"] == chosen).to_numpy()
    return go.Scattergl(
        x=own["x"],
        y=own["y"],
        mode="markers",
        name=t("chart.legend", name=label(name, 30), n=count),
        marker={
            "color": color,
            "size": np.where(clear, size, size * 0.7),
            "opacity": np.where(clear, opacity * (0.6 if color == GREY else 1), 0.12),
        },
        meta=[escaped(name)],
        text=[escaped(about.get(region, "")) for region in own["region"]],
        hovertemplate="%{text}<br>%{meta[0]}<extra></extra>",
    )
