"""The browse page: filters that live in the address, a table with pages of rows, one record opened beside it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from diversity.ui.choice import choose_from_list
from diversity.ui.flags import available_flags, flags_of
from diversity.ui.i18n import t, t_or
from diversity.ui.page import say_nothing_here
from diversity.ui.records import open_record, page_picker, record_table
from diversity.ui.safe import one_line
from diversity.ui.search import ORDERS, PAGE_ROWS, Order, RecordFilter, count_records, find_records, task_type_names
from diversity.ui.urlstate import adopt, asked_for, publish
from diversity.ui.verdict import banner
from diversity.ui.view import View, is_labelled

ANY = "any"
UNLABELLED = "unlabelled"
TYPE_PREFIX = "type:"
YES_NO = {ANY: None, "yes": True, "no": False}
RECORD, CHOSEN = "record", "_browse_chosen"
TABLE_HEIGHT = 560
CHOICES = ("type", "flag", "language", "turns", "system")
BOUNDS = tuple(f"{side}_tokens_{end}" for side in ("prompt", "answer") for end in ("from", "to"))


def draw_filters(view: View) -> tuple[RecordFilter, Order]:
    """The filters; what they ask for, and in which order."""
    text = _text_filter()
    first, second, third, fourth = st.columns(4)
    with first:
        task_type = _type_filter(view)
    with second:
        flag = _choice("flag", [ANY, *(flag.name for flag in available_flags(view))], lambda name: t(f"flag.{name}"))
    with third:
        language = _choice(
            "language", [ANY, *view.report.overview["languages"]], lambda code: t_or(f"language.{code}", code)
        )
    with fourth:
        order = _choice("order", list(ORDERS), lambda name: t(f"order.{name}"))
    with st.popover(t("browse.more"), icon=":material/tune:"):
        several = _choice("turns", list(YES_NO), lambda name: t(f"browse.turns_{name}"))
        system = _choice("system", list(YES_NO), lambda name: t(f"browse.system_{name}"))
        prompt_tokens, answer_tokens = _bounds("prompt_tokens"), _bounds("answer_tokens")
    wanted = RecordFilter(
        text=text,
        task_type=None if task_type == ANY else "" if task_type == UNLABELLED else task_type.removeprefix(TYPE_PREFIX),
        language="" if language == ANY else language,
        flag="" if flag == ANY else flag,
        several_turns=YES_NO[several],
        has_system=YES_NO[system],
        prompt_tokens=prompt_tokens,
        answer_tokens=answer_tokens,
    )
    return wanted, next(known for known in ORDERS if known == order)


def draw_results(view: View, wanted: RecordFilter, order: Order) -> None:
    """How many records match, a page of them, and beside it the one that is opened."""
    total = count_records(view, wanted)
    if wanted.task_type and wanted.task_type not in task_type_names(view):
        banner(t("browse.type_gone", name=one_line(wanted.task_type, 60), version=one_line(view.version, 40)), "warn")
    st.text(t("browse.found", n=total, total=view.records))
    opened = adopt(RECORD, None, "")
    if total == 0:
        _draw_nothing()
        return
    if opened:
        left, right = st.columns([6, 5], gap="medium")
    else:
        left, right = st.container(), None
    with left:
        page = page_picker(total, PAGE_ROWS, f"browse-page-{hash((wanted, order))}", "page")
        if right is None:
            st.caption(t("browse.open_one"))
        chosen = _page_of_records(view, wanted, order, page, narrow=right is not None)
    fresh = chosen is not None and chosen != st.session_state.get(CHOSEN)
    st.session_state[CHOSEN] = chosen
    if fresh:
        st.session_state[RECORD] = chosen
        publish(RECORD, str(chosen))
        st.rerun()
    publish(RECORD, opened)
    if right is not None:
        with right:
            _opened(view, opened)


def _draw_nothing() -> None:
    """Says that nothing matches, and closes the record of an earlier search."""
    st.session_state[RECORD] = ""
    publish(RECORD, "")
    say_nothing_here(t("browse.nothing"))
    st.button(t("browse.clear"), icon=":material/filter_alt_off:", on_click=_clear)


def _clear() -> None:
    st.session_state.update({"q": ""} | dict.fromkeys(CHOICES, ANY) | dict.fromkeys(BOUNDS))


def _opened(view: View, record_id: str) -> None:
    if st.button(t("browse.close"), type="tertiary", icon=":material/close:"):
        st.session_state[RECORD] = ""
        st.rerun()
    open_record(view, record_id)


def _page_of_records(view: View, wanted: RecordFilter, order: Order, page: int, narrow: bool) -> str | None:
    frame = find_records(view, wanted, order, page)
    flags = flags_of(view, frame["record_id"].tolist())
    frame["task_type"] = [
        " · ".join(filter(None, pair))
        for pair in zip(frame["task_type_1"].fillna(""), frame["task_type_2"].fillna(""), strict=True)
    ]
    frame["flags"] = [" · ".join(t(f"flag.{name}") for name in flags[record_id]) for record_id in frame["record_id"]]
    labels = ["task_type"] if is_labelled(view) else []
    columns = ["prompt", "answer", *labels, "flags", "turn_count", "prompt_tokens", "answer_tokens", "record_id"]
    widths = {
        "prompt": st.column_config.Column(t("column.prompt"), width=260 if narrow else 420),
        "answer": st.column_config.Column(t("column.answer"), width=160 if narrow else 320),
    }
    place = record_table(frame[columns], f"browse-{page}-{hash((wanted, order))}", TABLE_HEIGHT, widths)
    return None if place is None else str(frame["record_id"].iloc[place])


def _text_filter() -> str:
    adopt("q", None, "")
    text = st.text_input(
        t("browse.search"),
        key="q",
        placeholder=t("browse.search_hint"),
        label_visibility="collapsed",
        icon=":material/search:",
    )
    publish("q", text or "")
    return text or ""


def _choice(name: str, options: list[str], label: Callable[[str], str]) -> str:
    labels = {option: t(f"browse.{name}_any") if option == ANY else label(option) for option in options}
    return choose_from_list(name, options, options[0], t(f"browse.{name}"), labels.__getitem__)


def _type_filter(view: View) -> str:
    """Any type, none, or one of the version's; a link, or a change of version, may ask for one that it does not have:
    that stays chosen, and finds nothing, because all records in its place would pass for that type's."""
    options = [ANY, UNLABELLED, *(TYPE_PREFIX + name for name in task_type_names(view))]
    wanted = asked_for("type")
    if wanted is not None and wanted.startswith(TYPE_PREFIX) and wanted not in options:
        options.append(wanted)
    return _choice("type", options, _type_label)


def _type_label(option: str) -> str:
    return t("browse.unlabelled") if option == UNLABELLED else one_line(option.removeprefix(TYPE_PREFIX), 60)


def _bounds(name: str) -> tuple[int, int] | None:
    left, right = st.columns(2)
    with left:
        low = st.number_input(t(f"browse.{name}_from"), min_value=0, value=None, key=f"{name}_from")
    with right:
        high = st.number_input(t(f"browse.{name}_to"), min_value=0, value=None, key=f"{name}_to")
    return None if low is None and high is None else (int(low or 0), int(high if high is not None else 2**31))
