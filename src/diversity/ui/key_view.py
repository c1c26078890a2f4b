"""The key information page: the map of positions, and the prompts behind it one by one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.report import MetricResult
from diversity.ui.behind import ordered_rows
from diversity.ui.charting import part, show_figure
from diversity.ui.choice import choose
from diversity.ui.i18n import number, percent, t, t_or
from diversity.ui.markup import show, tag
from diversity.ui.one_by_one import draw_list, draw_steps
from diversity.ui.page import say_nothing_here
from diversity.ui.percents import percent_column, percents
from diversity.ui.prompt_view import FITS, show_prompt
from diversity.ui.safe import one_line
from diversity.ui.urlstate import adopt, publish
from diversity.ui.view import View
from diversity.words.places import origin_text

TABLE = "key_info_position"
ALL, BY_NAME = "all", "type:"
PLACES = {
    "any": "class = 'localised'",
    "head": "class = 'localised' and position < 1.0 / 3",
    "middle": "class = 'localised' and position >= 1.0 / 3 and position < 2.0 / 3",
    "tail": "class = 'localised' and position >= 2.0 / 3",
    "diffuse": "class = 'diffuse'",
    "none": "class = 'none'",
}


def draw_positions(view: View, result: MetricResult) -> None:
    """The figure, or why there is none; then the prompts."""
    chosen = ALL
    if result.status == "ok":
        chosen = draw_map(view, result)
    else:
        say_nothing_here(t("key.classes_only"))
    draw_classes(result)
    draw_examples(view, chosen, result)


def draw_map(view: View, result: MetricResult) -> str:
    """Position × length, of all types or one."""
    part(t("key.map"), t("key.map_explained", n=result.info.get("position_from", 0)))
    names = list(result.info["heat_by_task_type"])
    options = [ALL, *(BY_NAME + name for name in names)]
    adopt("type", options, ALL)
    if len(options) > 1:
        st.selectbox(t("key.type"), options, key="type", format_func=_type_name, width=360)
    chosen = str(st.session_state["type"])
    publish("type", chosen, ALL)
    name = None if chosen == ALL else chosen.removeprefix(BY_NAME)
    dark = st.context.theme.type == "dark"
    show_figure(draw("key_info_position", result, None, t, task_type=name, dark=dark), "key-map")
    return chosen


def draw_classes(result: MetricResult) -> None:
    """How many prompts have a place, and what becomes of the others."""
    drawn = result.status == "ok"
    part(
        t("key.classes"),
        t("key.classes_explained", n=result.info.get("position_from", 0)) if drawn else t("key.classes_all_lengths"),
    )
    classes: dict[str, int] = result.info["classes"]
    cells = [
        tag(
            "div",
            tag("div", t(f"key.class.{name}"), class_="dv-label"),
            tag("div", number(n), class_="dv-figure"),
            tag("div", t(f"key.class_explained.{name}"), class_="dv-detail"),
            class_="dv-key",
        )
        for name, n in classes.items()
    ]
    show(tag("div", *cells, class_="dv-strip"))


def draw_examples(view: View, chosen: str, result: MetricResult) -> None:
    """One prompt after the other, filtered by where its key information stands."""
    part(t("key.examples"), t("key.examples_explained"))
    where, params = _conditions(chosen)
    where += _long_enough(result)
    counts = {name: _count(view, f"{condition} and {where}", params) for name, condition in PLACES.items()}
    default = next((name for name in ("any", "diffuse", "none") if counts[name]), None)
    if default is None:
        say_nothing_here(t("key.no_examples"))
        return
    options = [name for name in PLACES if counts[name]]
    place = choose("place", options, default, t("key.place"), lambda name: t(f"key.place.{name}", n=counts[name]))
    _browse(view, f"{PLACES[place]} and {where}", params, counts[place], f"{chosen}-{place}")


def _browse(view: View, where: str, params: list[Any], total: int, key: str) -> None:
    """Next and previous, the chosen prompt, and the list of all."""
    rows = f"{view.stored.fingerprint}-{key}"
    at = draw_steps("key", rows, total)
    unit = ordered_rows(view, _UNITS.format(where=where), params, _ORDER, _WHOLE, 1, at).iloc[0]
    facts = [
        t_or(f"key.fact.{unit['class']}", "", at=percent(unit["position"])),
        t("key.fact_tokens", n=int(unit["prompt_tokens"])),
        t(f"key.instruction.{unit['instruction_position']}"),
        one_line(unit["task_type"], 60),
        origin_text(view.report, unit["source_file"], int(unit["source_line"])),
    ]
    show(tag("div", *(tag("span", fact, class_="dv-chip") for fact in facts if fact), class_="dv-chips"))
    whole = len(str(unit["prompt"])) > FITS and st.toggle(t("key.whole"), key="key-whole")
    show_prompt(dict(unit), whole)
    config = {"position": percent_column(t("behind.column.position"))}
    draw_list("key", rows, total, lambda most: _listed(view, where, params, most), config)


def _listed(view: View, where: str, params: list[Any], most: int) -> pd.DataFrame:
    frame = ordered_rows(view, _UNITS.format(where=where), params, _ORDER, _BEGINNING, most)
    frame = frame.assign(position=percents(frame["position"]))
    return frame[["record_id", "prompt", "answer", "prompt_tokens", "position"]]


_UNITS = """
    select k.record_id, k.turn, k.class, k.position, k.span_start, k.span_end, k.instruction_position, l.prompt_tokens,
        r.source_file, r.source_line
    from key_info_position k join lengths l using (record_id, turn) join records r using (record_id) where {where}
"""
_ORDER = "prompt_tokens desc, source_file, source_line, record_id, turn"
_WHOLE = """r.turns[page.turn + 1].query as prompt, r.turns[page.turn + 1].answer as answer,
    concat_ws(' · ', r.task_type_1, r.task_type_2) as task_type"""
_BEGINNING = "left(r.turns[page.turn + 1].query, 200) as prompt, left(r.turns[page.turn + 1].answer, 200) as answer"


def _long_enough(result: MetricResult) -> str:
    """The lengths that the verdict is about; all where there is no verdict."""
    least = int(result.info.get("position_from", 0)) if result.status == "ok" else 0
    return f" and (class <> 'localised' or prompt_tokens >= {least})"


def _conditions(chosen: str) -> tuple[str, list[Any]]:
    if chosen == ALL:
        return "true", []
    return "record_id in (select record_id from records where task_type_1 = ?)", [chosen.removeprefix(BY_NAME)]


def _count(view: View, where: str, params: list[Any]) -> int:
    return view.count(f"select count(*) from {TABLE} join lengths using (record_id, turn) where {where}", params)


def _type_name(option: str) -> str:
    return t("key.all_types") if option == ALL else one_line(option.removeprefix(BY_NAME), 80)
