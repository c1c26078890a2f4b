"""The records behind a figure: a query for (record, turn) pairs becomes a table with pages of rows, and a click
opens the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from diversity.ui.i18n import t, t_or
from diversity.ui.page import say_nothing_here
from diversity.ui.records import is_clicked, open_record, page_picker, record_table
from diversity.ui.view import View, is_labelled

ROWS = 50
HEIGHT = 420
CHARACTERS = 300
DECIMALS = {"similarity": 2, "margin": 2, "nearest_distance": 3, "novelty": 3}


def count_units(view: View, sql: str, params: Sequence[Any] = ()) -> int:
    """How many rows the query has."""
    return view.count(f"select count(*) from ({sql})", params)


def page_of_units(view: View, sql: str, params: Sequence[Any], order: str, page: int, rows: int = ROWS) -> pd.DataFrame:
    """One page of the query's rows with the beginnings of their texts and their task type.

    `sql` yields record_id, turn and whatever columns the table shall show; `order` is SQL over them, ties go by record
    and turn. Values go through `params`.
    """
    texts = f"""left(r.turns[page.turn + 1].query, {CHARACTERS}) as prompt,
        left(r.turns[page.turn + 1].answer, {CHARACTERS}) as answer,
        concat_ws(' · ', r.task_type_1, r.task_type_2) as task_type"""
    return ordered_rows(view, sql, params, f"{order}, record_id, turn", texts, rows, page * rows)


def ordered_rows(
    view: View, sql: str, params: Sequence[Any], order: str, texts: str, most: int, first: int = 0
) -> pd.DataFrame:
    """`most` of the query's rows from the `first` on, in `order`, with `texts` of their records: SQL over `page`, the
    rows, and `r`, the records.

    `order` must leave no ties, or a row would stand at another place the next time.
    """
    # The rows' keys first: sorting must not carry the texts along. And no order outlives a join.
    return view.query(
        f"""
        with page as (select *,
            row_number() over (order by {order}) as place from ({sql}) order by place limit ? offset ?)
        select page.* exclude (place), {texts} from page join records r using (record_id) order by place
        """,
        [*params, most, first],
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
    """A page of the rows and the record that is opened. `columns` in their order; headings are `column.<name>` or
    `behind.column.<name>`."""
    total = count_units(view, sql, params)
    if total == 0:
        say_nothing_here(t(nothing))
        return
    page = page_picker(total, ROWS, f"{key}-page-{hash((sql, tuple(params)))}")
    frame = page_of_units(view, sql, params, order, page)
    table = f"{key}-{page}-{hash((sql, tuple(params), order))}"
    draw_rows(view, frame, columns_of(view, frame, columns), table, headings(columns), key)


def columns_of(view: View, frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """What a table of units shows: `columns`, without a task type where no record has one; the turn (from 1) where
    there are later ones, the record."""
    several = "turn" not in columns and frame["turn"].max() > 0
    shown = [name for name in columns if name != "task_type" or is_labelled(view)]
    return frame.assign(turn=frame["turn"] + 1)[[*shown, *(["turn"] if several else []), "record_id"]]


def draw_rows(
    view: View, frame: pd.DataFrame, shown: pd.DataFrame, table: str, config: Mapping[str, Any], key: str
) -> None:
    """Units as a table, `shown` being what it shows of `frame`, and the clicked one's record, its turn marked."""

    def opened(place: int) -> None:
        row = frame.iloc[place]
        open_record(view, str(row["record_id"]), key=f"{key}-record", turn=int(row["turn"]))

    draw_beside(shown, table, config, opened)


def draw_beside(
    shown: pd.DataFrame, table: str, config: Mapping[str, Any], opened: Callable[[int], None], height: int = HEIGHT
) -> None:
    """A table over the whole width; once a row is clicked, the table and what `opened` draws of that row side by side.

    `table` is the table's key.
    """
    rows = min(height, 38 + 35 * len(shown))
    if not is_clicked(table):
        st.caption(t("behind.open_one"))
        record_table(shown, table, rows, config)
        return
    left, right = st.columns([6, 5], gap="medium")
    with left:
        place = record_table(shown, table, rows, config)
    if place is not None:
        with right, st.container(height=height + 40, border=False):
            opened(place)


def headings(columns: Sequence[str]) -> dict[str, Any]:
    """Column settings for the names that are this module's own."""
    found: dict[str, Any] = {}
    for name in columns:
        if name in ("prompt", "answer"):
            found[name] = st.column_config.TextColumn(t(f"column.{name}"), width=250)
        elif name in DECIMALS:
            title = t_or(f"behind.column.{name}", t_or(f"column.{name}", name))
            found[name] = st.column_config.NumberColumn(title, format=f"%.{DECIMALS[name]}f")
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
    st.text(t("behind.found", n=len(units)))
    page = page_picker(len(units), ROWS, f"{key}-page")
    frame = texts_of(view, units.iloc[page * ROWS : (page + 1) * ROWS])
    draw_rows(view, frame, columns_of(view, frame, columns), f"{key}-{page}-{len(units)}", headings(columns), key)


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
