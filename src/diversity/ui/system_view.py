"""Systems on the conversations page: which do something, which are shared, and system and answer side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.normalize import TurnTools
from diversity.report import MetricResult
from diversity.ui.behind import ordered_rows
from diversity.ui.charting import part, show_figure, why_not
from diversity.ui.choice import choose
from diversity.ui.i18n import number, percent, t, t_or
from diversity.ui.length_request_view import unit_name
from diversity.ui.markup import Markup, join, show, tag
from diversity.ui.one_by_one import draw_list, draw_steps
from diversity.ui.page import say_nothing_here
from diversity.ui.records import tools_of
from diversity.ui.safe import one_line
from diversity.ui.view import View
from diversity.words.places import origin_text

TABLE = "system_effect"
# The clearest cases of each class on top.
ORDER = {"effective": "score desc", "decorative": "score", "tools": "source_file"}
GROUPS = 5
SHOWN, WHOLE = 1_200, 100_000
# Evidence whose value stands in the texts, so that it can be marked there.
IN_TEXT = ("words", "name", "figure", "label", "tool")
# A gain of similarity worth a word: it moves the log-odds by about a quarter.
TELLING_WORDS, TELLING_MEANING = 0.1, 0.08
STYLE = """
.dv-sides { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: .8rem; align-items: start; }
@media (max-width: 60rem) { .dv-sides { grid-template-columns: minmax(0, 1fr); } }
.dv-sides .dv-turn { max-width: 100%; margin-left: 0; margin-right: 0; }
.dv-systems { width: 100%; border-collapse: collapse; font-size: .9rem; }
.dv-systems th { text-align: left; font-weight: 650; opacity: .75; }
.dv-systems th, .dv-systems td { padding: .3rem .6rem .3rem 0; vertical-align: top; overflow-wrap: anywhere;
  border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
.dv-systems .n { white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; }
.dv-evidence { margin: .5rem 0 .2rem 0; padding-left: 1.1rem; }
.dv-evidence li.against { opacity: .7; }
"""

_RECORDS = """
    select s.*, r.source_file, r.source_line
    from system_effect s join records r using (record_id) where s.class = ?
"""
_ORDER = "{first}, source_file, source_line, record_id"
_WHOLE = "r.system, r.turns, r.source, concat_ws(' · ', r.task_type_1, r.task_type_2) as task_type"
_BEGINNING = "left(r.system, 200) as system, left(r.turns[1].answer, 200) as answer"


def draw_system(view: View) -> None:
    """The section: figure, shared systems, records. Says why where there is nothing to show."""
    result = view.report.result("system_effect")
    part(t("system.part"), t("system.part_explained"))
    if result is None or result.status == "failed" or not view.has(TABLE):
        say_nothing_here(why_not(result))
        return
    if result.status == "not_applicable":
        say_nothing_here(why_not(result))
    if not result.info["with_system"]:
        return
    show(Markup(f"<style>{STYLE}</style>"))
    show_figure(draw(TABLE, result, None, t), "system-classes")
    draw_shared(result)
    draw_records(view, result)


def draw_shared(result: MetricResult) -> None:
    """The systems that most records share, with what they do."""
    info = result.info
    groups = [group for group in info["top_groups"][:GROUPS] if group["records"] > 1]
    if not groups:
        show(tag("div", t("system.none_shared", n=info["with_system"]), class_="dv-muted"))
        return
    part(
        t("system.shared"),
        t("system.shared_explained", share=info["boilerplate_share"], groups=info["groups"], wordings=info["distinct"]),
    )
    rows = [
        tag(
            "tr",
            tag("td", number(group["records"]), class_="n"),
            tag("td", number(group["wordings"]), class_="n"),
            tag("td", _effective_share(group["classes"]), class_="n"),
            tag("td", one_line(group["text"], 200), dir="auto"),
        )
        for group in groups
    ]
    numbers = [tag("th", t(f"system.column.{name}"), class_="n") for name in ("records", "wordings", "effective")]
    heads = [*numbers, tag("th", t("system.column.text"))]
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="dv-systems")
    show(table)


def _effective_share(classes: Mapping[str, int]) -> str:
    judged = classes["effective"] + classes["decorative"]
    return percent(classes["effective"] / judged) if judged else "–"


def draw_records(view: View, result: MetricResult) -> None:
    """One record after the other, filtered by class."""
    part(t("system.examples"), t("system.examples_explained"))
    counts = {name: int(result.info["classes"][name]) for name in ORDER if result.info["classes"][name]}
    chosen = choose(
        "effect",
        counts,
        next(iter(counts)),
        t("system.class"),
        lambda name: t("system.filter", name=t(f"system.class.{name}"), n=counts[name]),
    )
    _browse(view, chosen, counts[chosen])


def _browse(view: View, klass: str, total: int) -> None:
    """Next and previous, the chosen record, and the list of all."""
    rows = f"{view.stored.fingerprint}-{klass}"
    at = draw_steps("system", rows, total)
    record = dict(judged_records(view, klass, _WHOLE, 1, at).iloc[0])
    show(tag("div", *(tag("span", fact, class_="dv-chip") for fact in facts(view, record)), class_="dv-chips"))
    show(tag("ul", *evidence(record), class_="dv-evidence"))
    whole = st.toggle(t("system.whole"), key="system-whole")
    show(sides(record, WHOLE if whole else SHOWN))
    config = {"score": st.column_config.NumberColumn(t("system.column.score"), format="%.2f")}
    draw_list("system", rows, total, lambda most: _listed(view, klass, most), config)


def judged_records(view: View, klass: str, texts: str, most: int, first: int = 0) -> pd.DataFrame:
    """The records of a class, the clearest first, with `texts` of theirs: SQL over `r`."""
    return ordered_rows(view, _RECORDS, [klass], _ORDER.format(first=ORDER[klass]), texts, most, first)


def _listed(view: View, klass: str, most: int) -> pd.DataFrame:
    return judged_records(view, klass, _BEGINNING, most)[["record_id", "score", "system", "answer"]]


def facts(view: View, record: Mapping[str, Any]) -> list[str]:
    """The score, how shared the system is, and where the record stands."""
    score = record["score"]
    said = [
        t("system.fact.score", value=float(score)) if score is not None and score == score else "",
        t("system.fact.boilerplate") if record["boilerplate"] else "",
        one_line(str(record["task_type"]), 60),
        origin_text(view.report, str(record["source_file"]), int(record["source_line"])),
    ]
    return [one for one in said if one]


def evidence(record: Mapping[str, Any]) -> list[Markup]:
    """What speaks for an effect, then what does not, a line each."""
    told = [code_sentence("kept", code) for code in _codes(record["kept"])]
    told += [t("system.runs", n=int(record["runs"]))] if record["runs"] else []
    nearer = _over(record["gain_words"], TELLING_WORDS) or _over(record["gain_meaning"], TELLING_MEANING)
    told += [t("system.nearer")] if nearer else []
    against = [code_sentence("broken", code) for code in _codes(record["broken"])]
    against += [code_sentence("anyway", code) for code in _codes(record["anyway"])]
    if record["class"] == "tools":
        against += [t("system.only_tools")]
    elif not told:
        against += [t("system.no_sign")]
    return [tag("li", one) for one in told] + [tag("li", one, class_="against") for one in against]


def code_sentence(state: str, code: str) -> str:
    """A request as the reader would say it, after what became of it: `kept`, `broken` or kept `anyway`."""
    forbidden = code.startswith("not:")
    kind, _, value = code.removeprefix("not:").partition(":")
    if kind == "length":
        return t(f"system.{state}", request=_length(value))
    if kind in ("language", "voice"):
        value = t_or(f"system.{kind}.{value}", value)
    name = t_or(f"system.request.{'not.' if forbidden else ''}{kind}", kind, value=one_line(value, 60))
    return t(f"system.{state}", request=name)


def _length(value: str) -> str:
    unit, relation, low, high = value.split(":")
    several = low and high and low != high
    amount = t("length_request.range", low=int(low), high=int(high)) if several else low or high
    return t(f"length_request.{relation}", amount=amount, unit=unit_name(unit, int(high or low)))


def sides(record: Mapping[str, Any], limit: int) -> Markup:
    """The system beside the turns and the calls of tools, with the words of the evidence marked on both sides."""
    values = [code.partition(":")[2] for code in _codes(record["kept"]) if code.partition(":")[0] in IN_TEXT]
    tools = tools_of(record)
    turns = []
    for place, turn in enumerate(list(record["turns"])):
        user = _bubble("user", str(turn["query"]), limit, ())
        answer = _bubble("assistant", str(turn["answer"]), limit, values)
        calls = _calls(tools[place], limit, values) if tools else join()
        turns += [user, calls, answer] if tools and tools[place].before else [user, answer, calls]
    system = _bubble("system", str(record["system"]), limit, values)
    return tag("div", system, tag("div", *turns), class_="dv-sides")


def _calls(used: TurnTools, limit: int, values: Sequence[str]) -> Markup:
    """What the turn asked of tools. What they said back is nothing that the answer did."""
    return join(*(_bubble(kind, text, limit, values) for kind, text in used.messages if kind == "call"))


def _bubble(role: str, text: str, limit: int, values: Sequence[str]) -> Markup:
    shown = text[:limit]
    more = tag("div", t("record.cut", n=len(text) - limit), class_="dv-role") if len(text) > limit else join()
    head = tag("div", t(f"role.{role}"), class_="dv-role")
    return tag("div", head, _marked(shown, values), more, class_=f"dv-turn {role}", dir="auto")


def _marked(text: str, values: Sequence[str]) -> Markup:
    """The text with the first places of the values marked."""
    spans: list[tuple[int, int]] = []
    for value in values:
        start = text.lower().find(value.lower())
        if start >= 0 and all(start >= end or start + len(value) <= begin for begin, end in spans):
            spans.append((start, start + len(value)))
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [text[at:start], tag("mark", text[start:end], class_="dv-hit")]
        at = end
    return join(*parts, text[at:])


def _codes(value: Any) -> list[str]:
    return [str(code) for code in value] if value is not None else []


def _over(value: Any, least: float) -> bool:
    return value is not None and value == value and float(value) >= least
