"""Topic switches on the conversations page: the share of turns that start anew, and the conversations behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.report import MetricResult
from diversity.ui.behind import ordered_rows
from diversity.ui.charting import part, show_figure, why_not
from diversity.ui.choice import choose
from diversity.ui.i18n import number, t
from diversity.ui.markup import Markup, join, show, tag
from diversity.ui.one_by_one import draw_list, draw_steps
from diversity.ui.page import say_nothing_here
from diversity.ui.percents import percent_column, percents
from diversity.ui.safe import one_line
from diversity.ui.view import View
from diversity.words.places import origin_text

TABLE = "topic_switch"
SECTIONS = ("topics", "systems")
# What is rare in most sets first; the clearest cases of each class on top.
ORDER = {"unrelated": "score desc", "uncertain": "score desc", "related": "score"}
# Characters of a text: of the judged query, and of what stands around it.
JUDGED, AROUND = 3_000, 400
# Turns shown before the judged one and after it.
BEFORE, AFTER = 4, 1
STYLE = """
.dv-turn .dv-class { font-weight: 650; opacity: 1; }
"""

_UNITS = """
    select s.record_id, s.turn, s.score, s.class, s.similarity, s.known_words, s.cues, r.source_file, r.source_line
    from topic_switch s join records r using (record_id) where s.class = ?
"""
_ORDER = "{first}, source_file, source_line, record_id, turn"
_TYPE = "concat_ws(' · ', r.task_type_1, r.task_type_2) as task_type"
_BEGINNING = "left(r.turns[page.turn + 1].query, 200) as prompt"


def choose_section(view: View) -> str:
    """One of SECTIONS: the topics, unless there are none or the address carries only the systems' filter."""
    only_systems = "effect" in st.query_params and "topic" not in st.query_params
    default = "topics" if view.has(TABLE) and not only_systems else "systems"
    return choose("section", SECTIONS, default, t("talk.section"), lambda name: t(f"talk.section.{name}"))


def draw_topics(view: View) -> None:
    """The figure, or why there is none; then the conversations."""
    result = view.report.result(TABLE)
    if result is None or result.status == "failed" or not view.has(TABLE):
        say_nothing_here(why_not(result))
        return
    show(Markup(f"<style>{STYLE}</style>"))
    if result.status == "ok":
        part(t("talk.by_turn"), t("talk.by_turn_explained"))
        show_figure(draw(TABLE, result, None, t), "talk-by-turn")
    else:
        say_nothing_here(t("talk.too_few", n=result.info["minimum"]))
    draw_classes(result)
    draw_conversations(view, result)


def draw_classes(result: MetricResult) -> None:
    """How many turns are of each class."""
    classes: Mapping[str, int] = result.info["classes"]
    cells = [
        tag(
            "div",
            tag("div", t(f"talk.class.{name}"), class_="dv-label"),
            tag("div", number(classes[name]), class_="dv-figure"),
            tag("div", t(f"talk.class_explained.{name}"), class_="dv-detail"),
            class_="dv-key",
        )
        for name in ORDER
    ]
    show(tag("div", *cells, class_="dv-strip"))


def draw_conversations(view: View, result: MetricResult) -> None:
    """One judged turn after the other, in its conversation, filtered by class."""
    part(t("talk.examples"), t("talk.examples_explained"))
    counts = {name: int(result.info["classes"][name]) for name in ORDER if result.info["classes"][name]}
    default = next(iter(counts), None)
    if default is None:
        say_nothing_here(t("behind.nothing"))
        return
    topic = choose("topic", counts, default, t("talk.class"), lambda name: t(f"talk.filter.{name}", n=counts[name]))
    _browse(view, topic, counts[topic])


def _browse(view: View, topic: str, total: int) -> None:
    """Next and previous, the chosen turn in its conversation, and the list of all."""
    rows = f"{view.stored.fingerprint}-{topic}"
    at = draw_steps("talk", rows, total)
    unit = dict(judged_turns(view, topic, _TYPE, 1, at).iloc[0])
    show(tag("div", *(tag("span", fact, class_="dv-chip") for fact in facts(view, unit)), class_="dv-chips"))
    whole = st.toggle(t("talk.whole"), key="talk-whole")
    show(conversation(view, unit, whole))
    config = {
        "score": percent_column(t("talk.column.score")),
        "similarity": st.column_config.NumberColumn(t("behind.column.similarity"), format="%.2f"),
    }
    draw_list("talk", rows, total, lambda most: _listed(view, topic, most), config)


def judged_turns(view: View, topic: str, texts: str, most: int, first: int = 0) -> pd.DataFrame:
    """The judged turns of a class, the clearest first, with `texts` of their records: SQL over `page` and `r`."""
    return ordered_rows(view, _UNITS, [topic], _ORDER.format(first=ORDER[topic]), texts, most, first)


def _listed(view: View, topic: str, most: int) -> pd.DataFrame:
    frame = judged_turns(view, topic, _BEGINNING, most)
    return frame.assign(turn=frame["turn"] + 1, score=percents(frame["score"]))[
        ["record_id", "turn", "prompt", "score", "similarity"]
    ]


def facts(view: View, unit: Mapping[str, Any]) -> list[str]:
    """What the judgement rests on, in words, and where the record stands."""
    said = [
        t("talk.fact.score", value=float(unit["score"])),
        t("talk.fact.similarity", value=max(0.0, round(float(unit["similarity"]), 2))),
        t("talk.fact.known_words", value=float(unit["known_words"])),
        *(t(f"talk.cue.{cue}") for cue in str(unit["cues"]).split(",") if cue),
        one_line(str(unit["task_type"]), 60),
        origin_text(view.report, str(unit["source_file"]), int(unit["source_line"])),
    ]
    return [one for one in said if one]


def conversation(view: View, unit: Mapping[str, Any], whole: bool) -> Markup:
    """The judged turn among its neighbours as a chat, every later turn with its class; all of it when `whole`."""
    record, judged = str(unit["record_id"]), int(unit["turn"])
    turns = list(view.query("select turns from records where record_id = ?", [record])["turns"].iloc[0])
    found = view.query("select turn, class from topic_switch where record_id = ?", [record])
    classes = dict(zip(found["turn"].tolist(), found["class"].tolist(), strict=True))
    first, last = (0, len(turns)) if whole else (max(0, judged - BEFORE), min(len(turns), judged + AFTER + 1))
    parts = [tag("div", t("talk.turns_left_out", n=first), class_="dv-role")] if first else []
    for turn in range(first, last):
        limit = None if whole else JUDGED if turn == judged else AROUND
        parts.append(_bubble("user", turns[turn]["query"], limit, turn, classes.get(turn), turn == judged))
        parts.append(_bubble("assistant", turns[turn]["answer"], limit if turn != judged else AROUND, turn))
    if last < len(turns):
        parts.append(tag("div", t("talk.turns_left_out", n=len(turns) - last), class_="dv-role"))
    return tag("div", *parts)


def _bubble(
    role: str, text: str, limit: int | None, turn: int, topic: str | None = None, judged: bool = False
) -> Markup:
    shown = text if limit is None else text[:limit]
    said = [t("talk.speaker", role=t(f"role.{role}"), n=turn + 1)]
    label = join(*said, " · ", tag("span", t(f"talk.class.{topic}"), class_="dv-class")) if topic else join(*said)
    body = join(shown) if shown else tag("em", t("record.empty_text"))
    more = tag("div", t("record.cut", n=len(text) - len(shown)), class_="dv-role") if len(shown) < len(text) else join()
    kind = f"dv-turn {role} chosen" if judged else f"dv-turn {role}"
    return tag("div", tag("div", label, class_="dv-role"), body, more, class_=kind, dir="auto")
