"""The items of a taxonomy as bars of records, the absent and the thin ones marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import FAINT, Translate, escaped, figure, label, row_axis, rows_height
from diversity.charts.theme import BLUE, ORANGE, VERMILLION
from diversity.report import MetricResult

MOST_ROWS = 150
COLORS = {"enough": BLUE, "thin": ORANGE, "absent": VERMILLION, "divided": FAINT, "undivided": FAINT}


def draw(
    result: MetricResult, table: pd.DataFrame | None, t: Translate, *, items: Sequence[Mapping[str, Any]] | None = None
) -> go.Figure:
    """`items` as in `result.info["items"]`, for a mapping that was edited since: item, records, status.

    Items whose group is not divided are left out, and of very long taxonomies all but MOST_ROWS, the absent first.
    """
    names = item_names(result.info["taxonomy"], t("language.code"))
    rows = _shown([one for one in items or result.info["items"] if one["status"] != "undivided"])
    most = max((one["records"] for one in rows if one["status"] != "divided"), default=1) or 1
    shown = [names[one["item"]] for one in rows]
    axis = row_axis(shown)
    axis["ticktext"] = [
        f"<b>{text}</b>" if one["status"] == "divided" else text
        for one, text in zip(rows, axis["ticktext"], strict=True)
    ]
    lines = max((text.count("<br>") + 1 for text in axis["ticktext"]), default=1)
    records = {"title": t("taxonomy.axis"), "range": [0, most * 1.3], "showgrid": True, "gridcolor": FAINT}
    return figure(
        [_bars(rows, shown, t)],
        rows_height(len(rows), lines=lines),
        xaxis=records | {"zeroline": False, "fixedrange": True},
        yaxis=axis,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
    )


def _shown(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """At most MOST_ROWS of the items, in their order, those that lack records before the others."""
    kept = sorted(range(len(rows)), key=lambda at: (rows[at]["status"] not in ("absent", "thin"), at))
    return [rows[at] for at in sorted(kept[:MOST_ROWS])]


def _bars(rows: Sequence[Mapping[str, Any]], names: Sequence[str], t: Translate) -> go.Bar:
    return go.Bar(
        x=[0 if one["status"] == "divided" else one["records"] for one in rows],
        y=list(range(len(rows))),
        orientation="h",
        width=0.72,
        marker={"color": [COLORS[one["status"]] for one in rows], "line": {"width": 0}},
        text=[_text(one, t) for one in rows],
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        hovertext=[
            f"{label(name, 60)}<br>{t('taxonomy.hover', n=one['records'])}"
            for one, name in zip(rows, names, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def item_names(taxonomy: Mapping[str, Any], language: str) -> dict[str, str]:
    """Id of each item of a stored taxonomy → its name in a language."""
    return {one["id"]: one[language] for one in taxonomy["items"]}


def _text(one: Mapping[str, Any], t: Translate) -> str:
    if one["status"] == "absent":
        return escaped(t("taxonomy.absent"))
    shown = t("taxonomy.records", n=one["records"])
    return f"{shown} · {t('taxonomy.thin')}" if one["status"] == "thin" else shown
