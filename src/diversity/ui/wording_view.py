"""The wording page: how each type is worded, the prompts of a wording, what is asked of what, words that give types
away."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.charts.prompt_wording import TYPES
from diversity.metrics.at_sizes import sizes_of
from diversity.report import MetricResult
from diversity.ui.behind import draw_units
from diversity.ui.charting import clickable_figure, clicked_row, part, show_figure, side_by_side, why_not
from diversity.ui.choice import choose_from_list
from diversity.ui.i18n import figure, number, percent, t
from diversity.ui.markup import show, tag
from diversity.ui.page import say_nothing_here
from diversity.ui.percents import percent_column, percents
from diversity.ui.safe import one_line
from diversity.ui.view import View

TABLE = "prompt_wording"
TYPE, FRAME = "task_type", "frame_id"
ALL, BY_NAME = "all", "type:"
LISTED = 100
WORDS_SHOWN = 6
FIGURES: tuple[tuple[str, dict[str, int]], ...] = (
    ("distinct_n", {"n": 1}),
    ("distinct_n", {"n": 2}),
    ("distinct_n", {"n": 3}),
    ("self_repetition", {}),
    ("compression_ratio", {}),
)


def draw_wording(view: View, result: MetricResult) -> None:
    """Everything that rests on wordings."""
    draw_types(view, result)
    draw_wordings(view, result)
    draw_verbs(result)


def draw_types(view: View, result: MetricResult) -> None:
    """The most frequent wordings of each type; a click on a type lists its wordings."""
    info = result.info
    part(t("wording.types"), t("wording.types_explained", draw=info["draw"], minimum=info["minimum"]))
    key = f"wording-{view.stored.fingerprint}"
    types = info["types"][:TYPES]

    def choose() -> None:
        row = clicked_row(key)
        if row is not None and row < len(types) and types[row]["type"] is not None:
            st.session_state[TYPE] = BY_NAME + types[row]["type"]
            st.session_state[FRAME] = ALL

    clickable_figure(draw(TABLE, result, None, t), key, choose)
    if len(info["types"]) > TYPES or info["types_judged"] > len(info["types"]):
        show(tag("div", t("wording.more_types", n=info["types_judged"]), class_="dv-muted"))


def draw_wordings(view: View, result: MetricResult) -> None:
    """The wordings of one type or of all, and the prompts of one of them."""
    part(t("wording.wordings"), t("wording.wordings_explained"))
    left, right = st.columns([1, 2])
    with left:
        chosen = _type_filter(view)
    where, params = _condition(chosen)
    found = view.query(
        f"select frame_id, any_value(frame) as frame, count(*) as n, count(*) * 1.0 / sum(count(*)) over () as share "
        f"from {TABLE} where {where} group by frame_id order by n desc, frame_id limit ?",
        [*params, LISTED],
    )
    with right:
        frame = _frame_filter(found)
    _list(found)
    if frame != ALL:
        where, params = f"{where} and frame_id = ?", [*params, int(frame)]
    draw_units(
        view,
        f"select record_id, turn, frame_size, frame_id, frame from {TABLE} where {where}",
        params,
        order="frame_size desc, frame_id, record_id, turn",
        key="wording-units",
        columns=("frame", "prompt", "task_type"),
    )


def _type_filter(view: View) -> str:
    counts = view.query(f"select {TYPE} as name, count(*) as n from {TABLE} group by 1 order by n desc, name")
    options = [ALL, *(BY_NAME + str(name) for name in counts["name"].dropna())]
    wanted = st.query_params.get(TYPE)
    if wanted is not None and BY_NAME + wanted in options:
        st.query_params[TYPE] = BY_NAME + wanted
    return choose_from_list(TYPE, options, ALL, t("wording.type"), _type_name)


def _frame_filter(found: pd.DataFrame) -> str:
    rows = zip(found["frame_id"].astype(str), found["frame"].astype(str), found["n"].tolist(), strict=True)
    names = {code: t("wording.option", text=one_line(text, 90), n=n) for code, text, n in rows}
    return choose_from_list(
        FRAME, [ALL, *names], ALL, t("wording.wording"), lambda code: names.get(code, t("wording.all_wordings"))
    )


def _list(found: pd.DataFrame) -> None:
    """The wordings that more than one prompt has."""
    shared = found[found["n"] > 1]
    if shared.empty:
        say_nothing_here(t("wording.all_differ"))
        return
    shown = pd.DataFrame(
        {
            "frame": [one_line(text, 200) for text in shared["frame"]],
            "n": shared["n"],
            "share": percents(shared["share"]),
        }
    )
    config = {
        "frame": st.column_config.TextColumn(t("column.frame"), width="large"),
        "n": st.column_config.Column(t("wording.column.n"), width="small"),
        "share": percent_column(t("wording.column.share"), "small"),
    }
    height = min(320, 38 + 35 * len(shown))
    st.dataframe(shown, hide_index=True, column_config=config, width="stretch", height=height, key="wording-list")


def draw_verbs(result: MetricResult) -> None:
    """Verbs and their objects."""
    info = result.info
    part(t("wording.verbs"), t("wording.verbs_explained", share=info["with_verb"] / info["prompts"]))
    if info["verbs"]:
        show_figure(draw(TABLE, result, None, t, form="verbs"), "wording-verbs")
    else:
        say_nothing_here(t("wording.no_verbs"))


def draw_tokens(view: View, result: MetricResult) -> None:
    """How often a few words tell the type, which words, and the prompts that they tell."""
    part(t("wording.tokens"), t("wording.tokens_explained", types=result.info["types"], n=result.info["records"]))
    left, right = side_by_side("tokens", [6, 5])
    with left:
        show_figure(draw("trigger_tokens", result, None, t), "wording-tokens")
    with right:
        _token_list(result.info["tokens"])
    options = [ALL, *(BY_NAME + one["type"] for one in result.info["tokens"])]
    chosen = choose_from_list("told", options, ALL, t("wording.told"), _type_name, width=360)
    where, params = _condition(chosen)
    draw_units(
        view,
        f"select record_id, turn, token from trigger_tokens where told_2 and token is not null and {where}",
        params,
        order="token, record_id",
        key="wording-told",
        columns=("token", "prompt", "task_type"),
    )


def _token_list(tokens: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame(
        {
            "type": [one_line(one["type"], 80) for one in tokens],
            "words": [
                t("wording.words_of").join(
                    t("wording.word", word=one_line(word["token"], 24), share=word["inside"])
                    for word in one["words"][:WORDS_SHOWN]
                )
                for one in tokens
            ],
        }
    )
    config = {
        "type": st.column_config.Column(t("column.task_type"), width="small"),
        "words": st.column_config.Column(t("wording.column.words"), width="large"),
    }
    height = min(340, 38 + 35 * len(frame))
    st.dataframe(frame, hide_index=True, column_config=config, width="stretch", height=height, key="wording-words")


def draw_figures(view: View) -> None:
    """Figures on the words alone, each with how far it can be trusted; why not, where there is none."""
    found = [(metric, params, view.report.result(metric, **params)) for metric, params in FIGURES]
    part(t("wording.figures"), t("wording.figures_explained"))
    cells = [
        tag(
            "div",
            tag("div", t(f"wording.figure.{metric}", **params), class_="dv-label"),
            tag("div", figure(result.value if result else None, result.unit if result else ""), class_="dv-figure"),
            tag("div", _detail(result), class_="dv-detail"),
            class_="dv-key",
            title=t(f"wording.figure_explained.{metric}"),
        )
        for metric, params, result in found
    ]
    show(tag("div", *cells, class_="dv-strip"))


def _detail(result: MetricResult | None) -> str:
    if result is None or result.status != "ok":
        return why_not(result)
    # Reports of earlier releases hold intervals that leave the figure's range.
    interval = sizes_of(result)[result.info["n"]].interval_in(result.unit)
    seen = t(f"wording.figure_detail.{result.metric}", n=result.info["n"])
    if interval is None:
        return f"{seen} {t('wording.no_interval')}"
    low, high = (percent(end) if result.unit == "ratio" else number(end) for end in interval)
    return f"{seen} {t('wording.interval', low=low, high=high)}"


def _condition(chosen: str) -> tuple[str, list[Any]]:
    return ("true", []) if chosen == ALL else (f"{TYPE} = ?", [chosen.removeprefix(BY_NAME)])


def _type_name(option: str) -> str:
    return t("wording.all_types") if option == ALL else one_line(option.removeprefix(BY_NAME), 80)
