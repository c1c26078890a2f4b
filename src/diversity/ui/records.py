"""Records on a page: a table with pages of rows, and one record opened as a chat with everything that was found about
it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from diversity.normalize import TurnTools, tools_in
from diversity.ui.flags import flags_of
from diversity.ui.i18n import t, t_or
from diversity.ui.markup import Markup, join, show, tag
from diversity.ui.record_facts import draw_facts
from diversity.ui.safe import one_line
from diversity.ui.urlstate import asked_anew, publish
from diversity.ui.view import View
from diversity.words.places import origin_text

SHOWN = 6_000
ROW_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Span:
    """Part of one turn's prompt to be marked: characters `start` to `end`."""

    turn: int
    start: int
    end: int


def record_row(view: View, record_id: str) -> Mapping[str, Any] | None:
    """The stored record, or None where there is no such id."""
    found = view.query("select * from records where record_id = ? limit 1", [record_id])
    return None if found.empty else {str(name): value for name, value in found.iloc[0].items()}


def open_record(
    view: View, record_id: str, span: Span | None = None, key: str = "record", turn: int | None = None
) -> None:
    """One record as a chat, with its flags, where it came from, and every row of every table about it.

    `turn` is the one that was asked for (from 0): marked where there are several.
    """
    row = record_row(view, record_id)
    if row is None:
        st.text(t("record.unknown", record_id=record_id))
        return
    show(_head(view, row, flags_of(view, [record_id])[record_id]))
    everything = _is_long(row) and st.toggle(t("record.show_all"), key=f"{key}-all-{record_id}")
    show(chat(row, span, None if everything else SHOWN, turn))
    if st.toggle(t("record.facts"), key=f"{key}-facts"):
        draw_facts(view, row)


def chat(
    row: Mapping[str, Any], span: Span | None = None, limit: int | None = SHOWN, chosen: int | None = None
) -> Markup:
    """System prompt and turns as bubbles, each text cut at `limit` characters.

    Where there are several turns the `chosen` one is marked, and what stands before it is folded away, so that the
    reader has it in view.
    """
    turns = list(row["turns"])
    tools = tools_of(row)
    chosen = chosen if len(turns) > 1 else None
    system = [_bubble("system", row["system"], limit)] if row.get("system") else []
    shown = []
    for place, turn in enumerate(turns):
        marked = span if span is not None and span.turn == place else None
        number = place if len(turns) > 1 else None
        user = _bubble("user", turn["query"], limit, marked, number, place == chosen)
        answer = _bubble("assistant", turn["answer"], limit, turn=number)
        used = _tool_fold(tools[place], limit) if tools else join()
        shown.append(join(user, used, answer) if tools and tools[place].before else join(user, answer, used))
    before = shown[:chosen] if chosen else []
    if before:
        summary = tag("summary", t("record.earlier", n=len(before)), class_="dv-role")
        return tag("div", tag("details", summary, *system, *before), *shown[len(before) :])
    return tag("div", *system, *shown)


def tools_of(row: Mapping[str, Any]) -> Sequence[TurnTools]:
    """What tools said in each turn, from the fields that the record keeps; empty where they kept nothing of it."""
    turns = [(turn["query"], turn["answer"]) for turn in row["turns"]]
    return tools_in(json.loads(row["source"]), turns) if row.get("source") else ()


def _tool_fold(used: TurnTools, limit: int | None) -> Markup:
    """What tools were asked and said, folded away: it is no part of what is measured."""
    if not used.messages:
        return join()
    counts = {kind: sum(one == kind for one, _ in used.messages) for kind in ("call", "result")}
    summary = tag("summary", t("record.tools", **counts), class_="dv-role")
    return tag("div", tag("details", summary, *(_bubble(kind, text, limit) for kind, text in used.messages)))


def marked_text(text: str, start: int, end: int) -> Markup:
    """A text with the characters `start` to `end` marked."""
    return join(text[:start], tag("mark", text[start:end], class_="dv-hit"), text[end:])


def flag_chips(names: Sequence[str]) -> Markup:
    """Flags as small labels."""
    return tag("span", *(tag("span", t(f"flag.{name}"), class_="dv-chip flag") for name in names), class_="dv-chips")


def record_table(
    frame: pd.DataFrame, key: str, height: int | Literal["auto"] = "auto", columns: Mapping[str, Any] | None = None
) -> int | None:
    """A table of at most 1,000 rows; a click on one gives its place in `frame`, from 0, until another one is clicked.

    The place and not the record: a record may stand in several rows, one for each turn or finding. Text columns are
    put on one line; headings come from `column.<name>` in the catalogues.
    """
    shown = frame.head(ROW_LIMIT).copy()
    for name in shown.columns:
        if shown[name].dtype == object or pd.api.types.is_string_dtype(shown[name]):
            shown[name] = [one_line(value, 300) if isinstance(value, str) else value for value in shown[name]]
    config = {name: _plain_column(name, shown[name]) for name in shown.columns} | dict(columns or {})
    event = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config=config,
        height=height,
        width="stretch",
    )
    chosen = event["selection"]["rows"]
    return int(chosen[0]) if chosen and chosen[0] < len(shown) else None


def _plain_column(name: str, values: pd.Series[Any]) -> Any:
    """A column with the catalogue's heading; counts have separators, numbers of lines are there to be looked up."""
    heading = t_or(f"column.{name}", name)
    if pd.api.types.is_integer_dtype(values) and name not in ("line", "source_line"):
        return st.column_config.NumberColumn(heading, format="localized")
    return st.column_config.Column(heading)


def is_clicked(table: str) -> bool:
    """Whether a row of the `record_table` with that key is clicked, known before the table is drawn."""
    event = st.session_state.get(table)
    return bool(event and event["selection"]["rows"])


def page_picker(total: int, rows: int, key: str, address: str | None = None) -> int:
    """Which page of `rows` rows, from 0; draws nothing where one page holds all. `key` says which rows these are,
    `address` names the parameter that carries the page."""
    pages = max(1, -(-total // rows))
    if pages == 1:
        if address:
            publish(address, "1", "1")
        return 0
    left, right = st.columns([1, 3], vertical_alignment="bottom")
    with left:
        name = f"{key}-{pages}"
        if address:
            _adopt_page(address, name, pages)
        st.session_state.setdefault(name, 1)

        def keep_inside() -> None:
            st.session_state[name] = min(max(int(st.session_state[name] or 1), 1), pages)

        # Without bounds of its own: the browser refuses a number beyond them and does not say why.
        page = st.number_input(t("records.page"), step=1, key=name, on_change=keep_inside)
        chosen = min(max(int(page), 1), pages)
    if address:
        publish(address, str(chosen), "1")
    with right:
        first = (chosen - 1) * rows + 1
        st.text(t("records.range", first=first, last=min(first + rows - 1, total), total=total, pages=pages))
    return chosen - 1


def _adopt_page(address: str, widget: str, pages: int) -> None:
    """Turns to the page that the address names, for a link and for whoever comes back; other rows begin on page 1."""
    rows = f"_rows_{address}"
    back = widget not in st.session_state and st.session_state.get(rows) == widget
    if asked_anew(address, "1") or back:
        wanted = st.query_params.get(address, "1")
        st.session_state[widget] = min(max(int(wanted), 1), pages) if wanted.isdecimal() else 1
    st.session_state[rows] = widget


def _head(view: View, row: Mapping[str, Any], flags: Sequence[str]) -> Markup:
    chips = [tag("span", level, class_="dv-chip") for level in row["task_type"]] or [
        tag("span", t("record.no_task_type"), class_="dv-chip")
    ]
    origin = origin_text(view.report, row["source_file"], int(row["source_line"]))
    title = tag("div", tag("strong", row["record_id"]), tag("span", "  ", origin, class_="dv-muted"))
    # The chips have said it already.
    told = [flag for flag in flags if flag != "no_task_type"]
    return tag("div", title, tag("div", *chips, flag_chips(told), class_="dv-chips"), class_="dv-record")


def _bubble(
    role: str,
    text: str,
    limit: int | None,
    span: Span | None = None,
    turn: int | None = None,
    chosen: bool = False,
) -> Markup:
    shown = text if limit is None else text[:limit]
    body = marked_text(shown, span.start, span.end) if span is not None and span.start < len(shown) else join(shown)
    if text == "":
        body = tag("em", t("record.empty_text"))
    more = tag("div", t("record.cut", n=len(text) - len(shown)), class_="dv-role") if len(shown) < len(text) else join()
    said = t(f"role.{role}") if turn is None else t("talk.speaker", role=t(f"role.{role}"), n=turn + 1)
    label = join(said, " · ", tag("strong", t("record.chosen_turn"))) if chosen else join(said)
    kind = f"dv-turn {role} chosen" if chosen else f"dv-turn {role}"
    return tag("div", tag("div", label, class_="dv-role"), body, more, class_=kind, dir="auto")


def _is_long(row: Mapping[str, Any]) -> bool:
    texts = [row.get("system") or "", *(text for turn in row["turns"] for text in (turn["query"], turn["answer"]))]
    return any(len(text) > SHOWN for text in texts)
