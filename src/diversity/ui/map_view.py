"""The map page: every prompt or answer as a point, coloured by what the reader asks for; a selection becomes
records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from diversity.charts import draw
from diversity.charts.semantic_map import MOST_POINTS, inside
from diversity.charts.theme import KINDS, LANGUAGES, ORDERED, category_colors
from diversity.features.buckets import LABELS, bucket
from diversity.report import MetricResult
from diversity.ui.behind import draw_unit_frame
from diversity.ui.charting import part, type_colors
from diversity.ui.choice import choose
from diversity.ui.damage import damage_said
from diversity.ui.i18n import language, t, t_or
from diversity.ui.kept_selection import Shapes, clear_selection, selectable_figure
from diversity.ui.page import say_nothing_here
from diversity.ui.percents import percent_bar, percents
from diversity.ui.records import record_table
from diversity.ui.safe import one_line
from diversity.ui.urlstate import adopt, publish
from diversity.ui.view import View

FIELDS = ("prompt", "answer")
COLORINGS = ("task_type", "cluster", "language", "length", "duplicates")
POINTS, CLUSTERS = "semantic_map", "semantic_clusters"


def draw_map_page(view: View) -> None:
    """Controls, map and records. A change in here draws this part of the page alone."""
    field = _choice("field", FIELDS, lambda one: t(f"chart.{one}s"))
    result = next((r for r in view.report.results if r.metric == "semantic_map" and r.field == field), None)
    if result is None or result.status != "ok":
        say_nothing_here(t_or(f"reason.{result.reason}", t("page.not_measured")) if result else t("page.not_measured"))
        return
    _map(view, result, field)


@st.fragment
@damage_said()
def _map(view: View, result: MetricResult, field: str) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        coloring = _choice("color", _colorings(view), lambda one: t(f"map.color_{one}"))
    with right:
        text = _search()
    points = map_points(view, field)
    categories, colors, order = categorised(view, points, coloring, field)
    matches = matching(view, points, field, text) if text else None
    st.text(_said(result, points, matches))
    dark = st.context.theme.type == "dark"
    figure = draw(
        "semantic_map",
        result,
        points.assign(category=categories),
        t,
        clusters=view.query(f"select name, size, x, y from {CLUSTERS} where field = ?", [field]),
        colors=colors,
        order=order,
        matches=matches,
        dark=dark,
    )
    # uirevision keeps the zoom while colours change.
    figure.update_layout(uirevision=field)
    key = f"map-{field}-{view.stored.fingerprint}"
    shapes = selectable_figure(figure, key, (coloring, text, language(), dark))
    _records(view, points, shapes, matches, field, key)


def map_points(view: View, field: str) -> pd.DataFrame:
    """record_id, turn, x, y, cluster, type, language, tokens, kind; one row a point, in a fixed order."""
    table = f"{field}_duplicates"
    kind, join = (
        ("d.kind", f"left join {table} d using (record_id, turn)") if view.has(table) else ("null::varchar", "")
    )
    return view.query(
        f"""
        select m.record_id, m.turn, m.x, m.y, m.cluster, t.task_type_1 as type, l.{field}_language as language,
            l.{field}_tokens as tokens, {kind} as kind
        from {POINTS} m join records t using (record_id) left join lengths l using (record_id, turn) {join}
        where m.field = ? order by m.record_id, m.turn
        """,
        [field],
    )


def categorised(
    view: View, points: pd.DataFrame, coloring: str, field: str
) -> tuple[pd.Series[Any], dict[str, str], list[str] | None]:
    """(category of each point, colours by category or None for the palette, order in the legend or None for by
    size)."""
    if coloring == "language":
        names = {code: t(f"chart.language.{code}") for code in LANGUAGES}
        return points["language"].map(names).fillna(names["other"]), {names[c]: LANGUAGES[c] for c in names}, None
    if coloring == "length":
        values = pd.Series(np.asarray(LABELS)[bucket(points["tokens"].fillna(0).to_numpy(dtype=np.int64))])
        used = [name for name in LABELS if (values == name).any()]
        return values, dict(zip(LABELS, ORDERED, strict=True)), used
    if coloring == "duplicates":
        names = {kind: t(f"chart.kind.{kind}") for kind in KINDS}
        return (
            points["kind"].map(names).fillna(names["unique"]),
            {names[k]: KINDS[k] for k in names},
            list(reversed(names.values())),
        )
    if coloring == "cluster":
        found = view.query(f"select cluster, name from {CLUSTERS} where field = ?", [field])
        by_number = dict(zip(found["cluster"], found["name"], strict=True))
        named = points["cluster"].map(by_number)
        by_size = [str(name) for name in named.value_counts().index]
        return named.fillna(t("map.no_cluster")), category_colors(by_size), None
    colors = type_colors(view)
    return points["type"].fillna(t("map.no_type")), colors, [*colors, t("map.no_type")]


def matching(view: View, points: pd.DataFrame, field: str, text: str) -> NDArray[np.bool_]:
    """(n,) which points' texts contain `text`, in whatever case."""
    said = "query" if field == "prompt" else "answer"
    found = view.query(
        f"""
        with units as (select record_id, generate_subscripts(turns, 1) - 1 as turn, unnest(turns) as said from records)
        select record_id, turn from units where contains(lower(said.{said}), lower(?))
        """,
        [text],
    )
    keys = pd.MultiIndex.from_frame(points[["record_id", "turn"]].astype({"turn": "int64"}))
    wanted = pd.MultiIndex.from_frame(found.astype({"turn": "int64"}))
    return np.asarray(keys.isin(wanted))


def _records(
    view: View, points: pd.DataFrame, shapes: Shapes, matches: NDArray[np.bool_] | None, field: str, key: str
) -> None:
    if any(shapes.values()):
        x, y = (points[axis].to_numpy(dtype=float) for axis in ("x", "y"))
        chosen = inside(x, y, shapes["box"], shapes["lasso"])
        part(t("map.selected", n=int(chosen.sum())))
        st.button(t("map.clear"), icon=":material/close:", on_click=clear_selection, args=[key])
    elif matches is not None:
        chosen = matches
        part(t("map.matched", n=int(chosen.sum())))
    else:
        _clusters(view, field, points)
        return
    draw_unit_frame(view, points.loc[chosen, ["record_id", "turn"]], key=f"map-records-{field}")


def _clusters(view: View, field: str, points: pd.DataFrame) -> None:
    """Without a selection: the clusters, largest first; a click lists one's records."""
    part(t("map.clusters"), t("map.how"))
    found = view.query(f"select cluster, name, size from {CLUSTERS} where field = ? order by size desc", [field])
    if found.empty:
        say_nothing_here(t("map.no_clusters"))
        return
    frame = pd.DataFrame(
        {
            "name": [one_line(name, 100) for name in found["name"]],
            "size": found["size"],
            "share": percents(found["size"] / max(len(points), 1)),
        }
    )
    config = {
        "name": st.column_config.Column(t("map.column_name"), width=420),
        "size": st.column_config.Column(t("map.column_size"), width="small"),
        "share": percent_bar(t("map.column_share")),
    }
    chosen = record_table(frame, f"map-clusters-{field}", min(320, 38 + 35 * len(frame)), config)
    if chosen is not None:
        own = points.loc[points["cluster"] == found["cluster"].iloc[chosen], ["record_id", "turn"]]
        part(t("map.selected", n=len(own)))
        draw_unit_frame(view, own, key=f"map-cluster-{field}")


def _said(result: MetricResult, points: pd.DataFrame, matches: NDArray[np.bool_] | None) -> str:
    if matches is not None:
        return t("map.found", n=int(matches.sum()), total=len(points))
    many = t("map.density", most=MOST_POINTS) if len(points) > MOST_POINTS else ""
    return t("map.said", n=len(points), clusters=result.info["clusters"], effective=result.value) + many


def _colorings(view: View) -> Sequence[str]:
    return COLORINGS if type_colors(view) else [one for one in COLORINGS if one != "task_type"]


def _choice(name: str, options: Sequence[str], label: Callable[[str], str]) -> str:
    return choose(name, options, options[0], t(f"map.{name}"), label)


def _search() -> str:
    adopt("q", None, "")
    text = st.text_input(
        t("map.search"), key="q", placeholder=t("map.search"), label_visibility="collapsed", icon=":material/search:"
    )
    publish("q", text or "")
    return (text or "").strip()
