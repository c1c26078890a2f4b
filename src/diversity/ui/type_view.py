"""The task types page: how records spread over two levels of types, which are thin, in which languages, and the
records of each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.charts.task_type_balance import ROWS, bar_rows
from diversity.report import MetricResult
from diversity.ui.behind import draw_units
from diversity.ui.charting import (
    clickable_figure,
    clicked_row,
    part,
    say_drawn,
    show_figure,
    side_by_side,
    type_colors,
    why_not,
)
from diversity.ui.i18n import t
from diversity.ui.markup import show, tag
from diversity.ui.page import say_nothing_here
from diversity.ui.safe import one_line
from diversity.ui.suggestion_view import draw_suggestions
from diversity.ui.urlstate import adopt, publish
from diversity.ui.verdict import banner
from diversity.ui.view import View

FIRST, SECOND = "task_type_1", "task_type_2"
ALL, UNLABELLED = "all", "None"
BY_NAME = "type:"
FEW_TYPES, FEW_ROWS = 6, 24
THIN_SHOWN = 200


def draw_types(view: View) -> None:
    """Everything under the verdict."""
    long = view.report.intake.reasons.get("long_label", 0)
    if long:
        banner(t("types.long_labels", n=long), "warn")
    result = view.report.result("task_type_balance", level=1)
    if result is None or result.status != "ok":
        if view.report.check("task_type_balance") is None:
            say_nothing_here(why_not(result))
        draw_suggestions(view)
        draw_records(view, [])
        return
    counts = pair_counts(view)
    left, right = side_by_side("types", [7, 4])
    with left:
        draw_figure(view, result, counts)
        say_drawn(len(result.info["counts"]), ROWS)
    with right:
        draw_spellings(view)
        draw_thin(view)
        draw_languages(view, result)
    draw_suggestions(view)
    draw_records(view, list(result.info["counts"]))


def pair_counts(view: View) -> pd.DataFrame:
    """task_type_1, task_type_2 (None for none), records."""
    return view.query(
        "select task_type_1, task_type_2, count(*) as records from records where task_type_1 is not null "
        "group by all order by records desc, task_type_1, task_type_2"
    )


def draw_figure(view: View, result: MetricResult, counts: pd.DataFrame) -> None:
    """Bars or sunburst; a click on a bar opens it and lists its records."""
    forms = {"bars": t("types.bars"), "sunburst": t("types.sunburst")}
    with st.container(horizontal=True, vertical_alignment="center"):
        form = st.segmented_control(
            t("types.form"),
            list(forms),
            format_func=forms.__getitem__,
            default="bars",
            key="types-form",
            label_visibility="collapsed",
            required=True,
        )
        has_second = bool(counts[SECOND].notna().any())
        everything = (
            has_second
            and form == "bars"
            and st.toggle(t("types.open_all"), value=_opens_well(counts), key=f"types-open-{view.stored.fingerprint}")
        )
    if form == "sunburst":
        show_figure(
            draw("task_type_balance", result, counts, t, form="sunburst", colors=type_colors(view)), "types-sun"
        )
        return
    if has_second:
        show(tag("div", t("types.click"), class_="dv-muted"))
    chosen = st.session_state.get(FIRST, ALL).removeprefix(BY_NAME)
    opened = set(counts[FIRST]) if everything else {chosen}
    figure = draw("task_type_balance", result, counts, t, open_types=opened, colors=type_colors(view))
    rows = bar_rows(counts, opened)
    key = f"types-{hash((view.stored.fingerprint, tuple(sorted(opened)), chosen))}"

    def choose() -> None:
        place = clicked_row(key)
        if place is not None and place < len(rows):
            row = rows[place]
            again = row.second is None and chosen == row.first
            st.session_state[FIRST] = ALL if again else BY_NAME + row.first
            st.session_state[SECOND] = ALL if row.second is None else BY_NAME + row.second

    clickable_figure(figure, key, choose)


def draw_spellings(view: View) -> None:
    """Types that are written in several ways, if any: a line for each."""
    levels = (view.report.result("task_type_balance", level=level) for level in (1, 2))
    groups = [group for result in levels if result is not None for group in result.info.get("spellings", ())]
    if not groups:
        return
    part(t("types.spellings", n=len(groups)), t("types.spellings_why"))
    lines = [" · ".join(f"{one_line(name, 60)} ({records:,})" for name, records in group.items()) for group in groups]
    config = {"spellings": st.column_config.Column(t("types.column_spellings"))}
    st.dataframe(
        pd.DataFrame({"spellings": lines}),
        hide_index=True,
        column_config=config,
        height=min(250, 38 + 35 * len(lines)),
        width="stretch",
        key="types-spellings",
    )


def draw_thin(view: View) -> None:
    """Types under the minimum, with how many records each still wants."""
    level = view.report.result("task_type_balance", level=2) or view.report.result("task_type_balance", level=1)
    assert level is not None
    minimum, counts = level.info["minimum_records"], level.info["counts"]
    part(t("types.thin_title", n=level.info["thin_count"], minimum=minimum))
    thin = level.info["thin"][:THIN_SHOWN]
    if not thin:
        st.text(t("types.thin_none", minimum=minimum))
        return
    rows = [(one_line(name, 80), counts.get(name, 0), minimum - counts.get(name, 0)) for name in reversed(thin)]
    frame = pd.DataFrame(rows, columns=["type", "records", "missing"])
    config = {name: st.column_config.Column(t(f"types.column_{name}")) for name in frame.columns}
    st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        height=min(250, 38 + 35 * len(rows)),
        width="stretch",
        key="types-thin",
    )


def draw_languages(view: View, result: MetricResult) -> None:
    """In which languages each type is asked."""
    if not view.has("lengths"):
        return
    part(t("types.languages"))
    mix = view.query(
        "select task_type_1, prompt_language as language, count(*) as units "
        "from lengths join records using (record_id) where task_type_1 is not null group by all"
    )
    show_figure(draw("task_type_balance", result, mix, t, form="languages"), "types-languages")


def draw_records(view: View, names: list[str]) -> None:
    """The records of one type, or those without any."""
    part(t("types.records"))
    left, right = st.columns(2)
    with left:
        first = _first_filter(view, names)
    with right:
        second = _second_filter(view, first)
    sql, params = units_of(first, second)
    draw_units(view, sql, params, order="source_file, source_line", key="types-records")


def units_of(first: str, second: str) -> tuple[str, list[str]]:
    """The query behind the two filters, each `all`, `None` (without a type) or `type:<name>`."""
    conditions, params = [], []
    if first == UNLABELLED:
        conditions.append("task_type_1 is null")
    for column, value in ((FIRST, first), (SECOND, second)):
        if value.startswith(BY_NAME):
            conditions.append(f"{column} = ?")
            params.append(value.removeprefix(BY_NAME))
    where = " and ".join(conditions) or "true"
    return f"select record_id, 0 as turn, source_file, source_line from records where {where}", params


def _first_filter(view: View, names: list[str]) -> str:
    missing = view.count("select count(*) from records where task_type_1 is null")
    options = [ALL, *([UNLABELLED] if missing else []), *(BY_NAME + name for name in names)]
    wanted = st.query_params.get(FIRST)
    if wanted is not None and BY_NAME + wanted in options:
        st.query_params[FIRST] = BY_NAME + wanted
    adopt(FIRST, options, UNLABELLED if not names and missing else ALL)
    chosen = st.selectbox(t("types.first"), options, key=FIRST, format_func=lambda one: _name(one, missing))
    publish(FIRST, chosen, ALL)
    return chosen


def _second_filter(view: View, first: str) -> str:
    own = view.query(
        "select task_type_2 from records where task_type_1 = ? and task_type_2 is not null "
        "group by 1 order by count(*) desc, 1",
        [first.removeprefix(BY_NAME)],
    )
    options = [ALL, *(BY_NAME + str(name) for name in own[SECOND])]
    adopt(SECOND, options, ALL)
    if len(options) == 1:
        st.session_state[SECOND] = ALL
    chosen = st.selectbox(t("types.second"), options, key=SECOND, disabled=len(options) == 1, format_func=_name)
    publish(SECOND, chosen, ALL)
    return chosen


def _name(option: str, missing: int = 0) -> str:
    if option == ALL:
        return t("types.any")
    if option == UNLABELLED:
        return t("types.unlabelled", n=missing)
    return one_line(option.removeprefix(BY_NAME), 80)


def _opens_well(counts: pd.DataFrame) -> bool:
    """Whether all sub-types fit on one screen."""
    return counts[FIRST].nunique() <= FEW_TYPES and len(counts) <= FEW_ROWS
