"""The set diversity page: six figures against earlier versions at equal size, and the records that are least and most
like another."""

from __future__ import annotations

import streamlit as st

from diversity.charts.set_diversity import FIELDS, FIGURES, Point, panels
from diversity.comparison.ruler import unlike
from diversity.metrics.at_sizes import shared_size, sizes_of
from diversity.report import MetricResult, Report
from diversity.ui.behind import draw_units
from diversity.ui.charting import part, show_figure
from diversity.ui.choice import choose
from diversity.ui.i18n import figure, percent, t
from diversity.ui.markup import show, tag
from diversity.ui.view import View, earlier_views

TABLE = "set_diversity"
EARLIER = 4
ORDERS = {"redundant": "nearest_distance, novelty, record_id", "isolated": "nearest_distance desc, record_id"}


def draw_set_diversity(view: View) -> None:
    """Figures, what they ask, what the whole set amounts to, records."""
    found = compared(view)
    size = shared_size(*(result for _, results in found for result in results))
    if size is not None:
        others = len(found) > 1
        part(t("set.figures"), t("set.figures_explained" if others else "set.figures_alone", n=size))
        show_figure(panels(points(found, size), [version for version, _ in found], t), "set-diversity")
    draw_questions()
    draw_whole(view)
    if view.has(TABLE):
        draw_records(view)


def compared(view: View) -> list[tuple[str, list[MetricResult]]]:
    """(version, its figures): earlier versions that were measured with the same ruler, oldest first, then this one."""
    alike = [one for one in earlier_views(view, EARLIER) if unlike(one.report, view.report) is None]
    found = [(one.version, figures_of(one.report)) for one in [*alike, view]]
    return [(version, results) for version, results in found if results]


def figures_of(report: Report) -> list[MetricResult]:
    """The report's figures on the whole set, as far as there are any."""
    return [result for result in report.results if result.metric in FIGURES and result.status == "ok"]


def points(found: list[tuple[str, list[MetricResult]]], size: int) -> list[Point]:
    """Every figure at the shared size."""
    made = []
    for version, results in found:
        for result in results:
            one = sizes_of(result)[size]
            interval = one.interval_in(result.unit) or (one.value, one.value)
            made.append(Point(result.metric, result.field, version, one.value, *interval))
    return made


def draw_questions() -> None:
    """What each figure asks, in a sentence."""
    lines = [
        tag("div", tag("strong", t(f"card.{name}.title")), tag("span", t(f"card.{name}.asks")), class_="dv-line")
        for name in FIGURES
    ]
    show(tag("div", *lines))


def draw_whole(view: View) -> None:
    """Per field: how broad, and to how many different texts everything amounts."""
    cells = []
    for result in figures_of(view.report):
        if result.metric == "vendi_score":
            whole = result.info["most"]
            parts = (
                tag("div", t(f"chart.{result.field}s"), class_="dv-label"),
                tag("div", percent(result.info["breadth"]), class_="dv-figure"),
                tag("div", t("set.whole", value=figure(whole["value"], "texts"), n=whole["n"]), class_="dv-detail"),
            )
            cells.append(tag("div", *parts, class_="dv-key"))
    if cells:
        part(t("set.breadth"), t("set.breadth_explained"))
        show(tag("div", *cells, class_="dv-strip"))
        show(tag("div", t("set.whole_explained"), class_="dv-muted"))


def draw_records(view: View) -> None:
    """The records drawn, by how near the nearest other one is."""
    part(
        t("set.records"),
        t("set.records_explained", n=view.count(f"select count(distinct (record_id, turn)) from {TABLE}")),
    )
    left, right = st.columns(2)
    with left:
        field = _choice("field", FIELDS, "chart.{}s")
    with right:
        order = _choice("order", tuple(ORDERS), "set.order.{}")
    side = "query" if field == "prompt" else "answer"
    shown = ("nearest_distance", *(("prompt", "answer") if field == "pair" else (field,)), "nearest", "novelty")
    draw_units(
        view,
        _UNITS.format(side=side),
        [field],
        order=ORDERS[order],
        key=f"set-{field}-{order}",
        columns=shown,
    )


# Of two that are each other's nearest, one.
_UNITS = """
    select s.record_id, s.turn, round(s.nearest_distance, 3) as nearest_distance, round(s.novelty, 3) as novelty,
        left(n.turns[s.nearest_turn + 1].{side}, 200) as nearest
    from set_diversity s join records n on n.record_id = s.nearest_id
        left join set_diversity o on o.field = s.field and o.record_id = s.nearest_id and o.turn = s.nearest_turn
            and o.nearest_id = s.record_id and o.nearest_turn = s.turn
    where s.field = ? and (o.record_id is null or (s.record_id, s.turn) < (o.record_id, o.turn))
"""


def _choice(name: str, options: tuple[str, ...], words: str) -> str:
    return choose(name, options, options[0], t(f"set.choose_{name}"), lambda one: t(words.format(one)))
