"""Figures on a page: drawn to the width at hand, without plotly's toolbar unless the reader selects with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from diversity.charts.theme import GREY, category_colors
from diversity.report import MetricResult
from diversity.ui.i18n import t
from diversity.ui.markup import show, tag
from diversity.ui.verdict import check_page
from diversity.ui.view import View, entries, open_view
from diversity.words.checks import reason_sentence

# How many of a data set's earliest versions settle the colours.
# A version none of whose so many largest types has a colour would be grey all over.
TELLING_COLORS = 3
VERSIONS = 8
QUIET = {"displayModeBar": False, "displaylogo": False, "responsive": True, "scrollZoom": False}
SELECTING = {
    "displayModeBar": True,
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": True,
    "modeBarButtonsToRemove": ["toImage", "autoScale2d", "toggleSpikelines"],
}


def show_figure(figure: go.Figure, key: str) -> None:
    """A figure to look at."""
    st.plotly_chart(figure, key=key, width="stretch", config=QUIET)


def clickable_figure(figure: go.Figure, key: str, on_select: Callable[[], None]) -> None:
    """A figure whose marks can be clicked; `on_select` runs before the page is drawn again."""
    figure.update_layout(clickmode="event+select", dragmode=False)
    st.plotly_chart(figure, key=key, width="stretch", config=QUIET, on_select=on_select, selection_mode="points")


def clicked_row(key: str) -> int | None:
    """The integer that the clicked mark of the figure `key` carries, or None where nothing is selected."""
    state: Any = st.session_state.get(key) or {}
    points = state.get("selection", {}).get("points", [])
    carried = points[0].get("customdata") if points else None
    if isinstance(carried, list):
        carried = carried[0] if carried else None
    return int(carried) if carried is not None else None


def part(title: str, explanation: str = "") -> None:
    """The heading of a part of a page, with one sentence under it on how to read it."""
    show(tag("div", title, class_="dv-group"))
    if explanation:
        show(tag("div", explanation, class_="dv-muted"))


def side_by_side(name: str, widths: int | Sequence[int] = 2) -> list[DeltaGenerator]:
    """Columns for figures and tables, which stand one above the other in a window too narrow for both. `name` is theirs
    alone on the page."""
    with st.container(key=f"stack-{name}"):
        return st.columns(widths, gap="large")


def say_drawn(total: int, drawn: int) -> None:
    """Where a chart has room for the largest task types only: how many there are."""
    if total > drawn:
        show(tag("div", t("chart.largest_types", drawn=drawn, n=total), class_="dv-muted"))


def type_colors(view: View) -> dict[str, str]:
    """Level-1 task type → colour, the same on every page and, as far as the palette reaches, in every version.

    The earliest version's most frequent types come first, types that appear later follow. A version that shares too few
    types with earlier ones to have colours from there has its own.
    """
    versions = [entry.version for entry in entries() if entry.dataset == view.dataset][-VERSIONS:]
    names: dict[str, None] = {}
    for version in reversed(versions):
        names |= dict.fromkeys(type_counts(open_view(view.dataset, version)))
    own = type_counts(view)
    colors = category_colors(list(names | dict.fromkeys(own)))
    largest = list(own)[:TELLING_COLORS]
    return colors if not own or any(colors[name] != GREY for name in largest) else category_colors(list(own))


def type_counts(view: View) -> dict[str, int]:
    """Records of every level-1 task type, most frequent first; empty where no record has one."""
    result = view.report.result("task_type_balance", level=1)
    return dict(result.info["counts"]) if result is not None and result.status == "ok" else {}


def usable(result: MetricResult | None) -> bool:
    """Whether there is a figure to draw."""
    return result is not None and result.status == "ok"


def why_not(result: MetricResult | None) -> str:
    """Why there is none, in a sentence."""
    return reason_sentence(result.reason) if result is not None else t("page.not_measured")


def checks_of(view: View, page: str) -> list[str]:
    """Names of the report's checks whose page this is."""
    return [check.check for check in view.report.checks if check_page(check) == page]
