"""One row of a figure after the other: next and previous, a counter, and the list of all to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from diversity.ui.i18n import t
from diversity.ui.records import record_table

LISTED = 200
_LIST_HEIGHT = 360


def draw_steps(name: str, rows: str, total: int) -> int:
    """Next, previous and the counter; the place of the row to show, from 0.

    `name` tells the page's parts apart. `rows` says which rows these are (report and filter): the place is remembered
    for each.
    """
    at = min(int(st.session_state.get(_state(name, rows), 0)), total - 1)
    with st.container(horizontal=True, vertical_alignment="center"):
        for step, icon, end in (("previous", "arrow_back", 0), ("next", "arrow_forward", total - 1)):
            st.button(
                t(f"key.{step}"),
                icon=f":material/{icon}:",
                disabled=at == end,
                key=f"{name}-{step}",
                on_click=_go,
                args=(name, rows, at - 1 if step == "previous" else at + 1),
            )
        st.text(t("key.counter", at=at + 1, total=total))
    return at


def draw_list(
    name: str,
    rows: str,
    total: int,
    listed: Callable[[int], pd.DataFrame],
    columns: Mapping[str, Any] | None = None,
) -> None:
    """A switch, and behind it the first rows as a table: a click on the n-th makes it the one to show.

    `listed` gives the first so many rows, in the order in which `draw_steps` counts them.
    """
    if total < 2 or not st.toggle(t("key.list"), key=f"{name}-list"):
        return
    frame = listed(LISTED)
    chosen = record_table(frame, f"{name}-list-{rows}", min(_LIST_HEIGHT, 38 + 35 * len(frame)), columns)
    # The row stays clicked while the reader goes on with the buttons: only another click moves.
    clicked = _state(name, rows) + "-clicked"
    fresh = chosen is not None and chosen != st.session_state.get(clicked)
    st.session_state[clicked] = chosen
    if chosen is not None and fresh:
        _go(name, rows, chosen)
        st.rerun()


def _go(name: str, rows: str, at: int) -> None:
    st.session_state[_state(name, rows)] = at


def _state(name: str, rows: str) -> str:
    return f"_at-{name}-{rows}"
