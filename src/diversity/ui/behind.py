"""The records behind a figure: a query for (record, turn) pairs becomes a table with pages of rows, and a click
opens the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from diversity.ui.i18n import t
from diversity.ui.page import say_nothing_here
from diversity.ui.records import open_record, page_picker, record_table
from diversity.ui.view import View

ROWS = 50
HEIGHT = 420
CHARACTERS = 300


def count_units(view: View, sql: str, params: Sequence[Any] = ()) -> int:
    """How many rows the query has."""
    return view.count(f"select count(*) from ({sql})", params)


def page_of_units(view: View, sql: str, params: Sequence[Any], order: str, page: int, rows: int = ROWS) -> pd.DataFrame:
    """One page of the query's rows with the beginnings of their texts and their task type.

    `sql` yields record_id, turn and whatever columns the table shall show; `order` is SQL over them. Values go
    through `params`.
    """
    # The page's keys first: sorting must not carry the texts along.
    return view.query(
        f"""
        with page as (select *,
            row_number() over (order by {order}) as place from ({sql}) order by place limit ? offset ?)
        select page.* exclude (place), left(r.turns[page.turn + 1].query, {CHARACTERS}) as prompt,
            left(r.turns[page.turn + 1].answer, {CHARACTERS}) as answer,
            concat_ws(' · ', r.task_type_1, r.task_type_2) as task_type
        from page join records r using (record_id) order by place
        """,
        [*params, rows, page * rows],
    )


def draw_units(
    view: View,
    sql: str,
    params: Sequence[Any] = (),
    *,
    order: str,
    key: str,
    columns: Sequence[str] = ("prompt", "answer", "task_type"),
    nothing: str = "behind.nothing",
) -> None:
    """Table and opened record side by side. `columns` in their order; headings are `column.<name>` or
    `behind.column.<name>`."""
    total = count_units(view, sql, params)
    if total == 0:
        say_nothing_here(t(nothing))
        return
    left, right = st.columns([6, 5], gap="medium")
    with left:
        page = page_picker(total, ROWS, f"{key}-page-{hash((sql, tuple(params)))}")
        frame = page_of_units(view, sql, params, order, page)
        shown = frame[[*columns, *(["turn"] if "turn" not in columns and frame["turn"].max() > 0 else []), "record_id"]]
        height = min(HEIGHT, 38 + 35 * len(shown))
        chosen = record_table(shown, f"{key}-{page}-{hash((sql, tuple(params), order))}", height, headings(columns))
    with right:
        if chosen is None:
            say_nothing_here(t("behind.open_one"))
        else:
            with st.container(height=HEIGHT + 40, border=False):
                open_record(view, chosen, key=f"{key}-record")


def headings(columns: Sequence[str]) -> dict[str, Any]:
    """Column settings for the names that are this module's own."""
    found: dict[str, Any] = {}
    for name in columns:
        if name in ("prompt", "answer"):
            found[name] = st.column_config.TextColumn(t(f"column.{name}"), width=250)
        elif name in ("similarity", "position"):
            form = "%.2f" if name == "similarity" else "percent"
            found[name] = st.column_config.NumberColumn(t(f"behind.column.{name}"), format=form)
        elif name in ("kind", "suggestion", "size", "class"):
            found[name] = st.column_config.Column(t(f"behind.column.{name}"))
    return found


def draw_unit_frame(
    view: View, units: pd.DataFrame, *, key: str, columns: Sequence[str] = ("prompt", "answer", "task_type")
) -> None:
    """As `draw_units`, for pairs at hand: `units` has record_id and turn, in the order to be shown."""
    if units.empty:
        say_nothing_here(t("behind.nothing"))
        return
    left, right = st.columns([6, 5], gap="medium")
    with left:
        st.text(t("behind.found", n=len(units)))
        page = page_picker(len(units), ROWS, f"{key}-page")
        frame = texts_of(view, units.iloc[page * ROWS : (page + 1) * ROWS])
        chosen = record_table(
            frame[[*columns, "record_id"]],
            f"{key}-{page}-{len(units)}",
            min(HEIGHT, 38 + 35 * len(frame)),
            headings(columns),
        )
    with right:
        if chosen is None:
            say_nothing_here(t("behind.open_one"))
        else:
            with st.container(height=HEIGHT + 40, border=False):
                open_record(view, chosen, key=f"{key}-record")


def texts_of(view: View, units: pd.DataFrame, characters: int = CHARACTERS) -> pd.DataFrame:
    """record_id, turn, prompt, answer and task_type of a few units, in their order."""
    ids, turns = [str(one) for one in units["record_id"]], [int(one) for one in units["turn"]]
    return view.query(
        f"""
        with wanted as (select unnest(?) as record_id, unnest(?) as turn, unnest(?) as place)
        select record_id, turn, left(r.turns[turn + 1].query, {characters}) as prompt,
            left(r.turns[turn + 1].answer, {characters}) as answer,
            concat_ws(' · ', r.task_type_1, r.task_type_2) as task_type
        from wanted join records r using (record_id) order by place
        """,
        [ids, turns, list(range(len(ids)))],
    )
