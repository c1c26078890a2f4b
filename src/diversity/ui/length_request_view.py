"""Requests for a length on the lengths page: how many are kept, and every one of them marked in its prompt."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.report import MetricResult
from diversity.ui.behind import ROWS, count_units, draw_beside, page_of_units
from diversity.ui.charting import part, show_figure, side_by_side, why_not
from diversity.ui.choice import choose, choose_from_list
from diversity.ui.i18n import number, percent, t
from diversity.ui.markup import show, tag
from diversity.ui.page import say_nothing_here
from diversity.ui.percents import percent_column, percents
from diversity.ui.records import Span, open_record, page_picker
from diversity.ui.safe import one_line
from diversity.ui.view import View

TABLE = "length_instructions"
OUTCOMES = {"broken": "kept = false", "kept": "kept", "part": "kept is null"}
ANY_UNIT = "any"
BY = ("unit", "relation")


def draw_requests(view: View, result: MetricResult) -> None:
    """The part of the lengths page about what prompts say on length."""
    part(t("length_request.title"), t("length_request.explained"))
    show(tag("div", *_figures(result), class_="dv-strip"))
    if result.status == "ok":
        for column, by in zip(side_by_side("requests"), BY, strict=True):
            with column:
                show_figure(draw("length_instruction", result, None, t, by=by), f"lengths-requests-{by}")
    else:
        say_nothing_here(why_not(result))
    if result.info["requests"]:
        draw_list(view)


def draw_list(view: View) -> None:
    """The requests of one outcome and unit as a table, the chosen one marked in its record."""
    counts = {name: count_units(view, f"select * from {TABLE} where {where}") for name, where in OUTCOMES.items()}
    outcome = _outcome({name: n for name, n in counts.items() if n})
    unit = _unit(view, OUTCOMES[outcome])
    sql, params = requests_of(outcome, unit)
    total = count_units(view, sql, params)
    page = page_picker(total, ROWS, f"lengths-requests-{outcome}-{unit}")
    frame = page_of_units(view, sql, params, "abs(deviation) desc nulls last, record_id, turn, span_start", page)
    shown, config = _table(frame)

    def opened(place: int) -> None:
        _opened(view, frame.iloc[place])

    draw_beside(shown, f"lengths-requests-{outcome}-{unit}-{page}", config, opened)


def _opened(view: View, row: pd.Series) -> None:
    """The record of a request, what asks for the length marked in it."""
    show(tag("div", *(tag("span", fact, class_="dv-chip") for fact in _facts(row)), class_="dv-chips"))
    span = Span(int(row["turn"]), int(row["span_start"]), int(row["span_end"]))
    marked = span if row["source"] == "prompt" else None
    open_record(view, str(row["record_id"]), marked, "lengths-requests-record", turn=span.turn)


def requests_of(outcome: str, unit: str) -> tuple[str, list[Any]]:
    """The query for the requests of an outcome, of one unit unless it is `any`."""
    sql = f"select * from {TABLE} where {OUTCOMES[outcome]}"
    return (sql, []) if unit == ANY_UNIT else (f"{sql} and unit = ?", [unit])


def asked(row: pd.Series) -> str:
    """A request in words: `at least 2,000 words`."""
    low, high = (None if pd.isna(row[name]) else int(row[name]) for name in ("low", "high"))
    size = low if low is not None else high
    if low is not None and high is not None and low != high:
        amount = t("length_request.range", low=low, high=high)
    else:
        amount = number(size)
    words = t(f"length_request.{row['relation']}", amount=amount, unit=unit_name(row["unit"], high or size))
    return words if row["scope"] == "answer" else t(f"length_request.scope_{row['scope']}", words=words)


def unit_name(unit: str, count: int | None) -> str:
    """What a length is measured in, as said of so many."""
    return t(f"length_unit.one.{unit}" if count == 1 else f"length_unit.{unit}")


def _figures(result: MetricResult) -> list[Any]:
    info = result.info
    share = info["kept"] / info["judged"] if info["judged"] else None
    cells = (
        ("asking", number(info["asking"]), t("length_request.asking_detail", share=info["asking_ratio"])),
        ("requests", number(info["requests"]), t("length_request.requests_detail", n=info["judged"])),
        ("kept", number(info["kept"]), percent(share)),
        (
            "broken",
            number(info["broken"]),
            t("length_request.broken_detail", short=info["too_short"], long=info["too_long"]),
        ),
        ("long", number(info["long"]), t("length_request.long_detail", n=info["long_from"])),
    )
    return [
        tag(
            "div",
            tag("div", t(f"length_request.figure_{name}"), class_="dv-label"),
            tag("div", shown, class_="dv-figure"),
            tag("div", detail, class_="dv-detail"),
            class_="dv-key",
        )
        for name, shown, detail in cells
    ]


def _outcome(counts: dict[str, int]) -> str:
    return choose(
        "kept",
        counts,
        next(iter(counts)),
        t("length_request.outcome"),
        lambda name: t(f"length_request.outcome_{name}", n=counts[name]),
    )


def _unit(view: View, where: str) -> str:
    counts = view.query(f"select unit, count(*) as n from {TABLE} where {where} group by 1 order by 2 desc, 1")
    found = {str(unit): int(n) for unit, n in zip(counts["unit"], counts["n"], strict=True)}
    return choose_from_list(
        "unit",
        [ANY_UNIT, *found],
        ANY_UNIT,
        t("length_request.unit"),
        lambda name: (
            t("length_request.any_unit")
            if name == ANY_UNIT
            else t("chart.length_row", name=t(f"length_unit.{name}"), n=found[name])
        ),
        width=260,
        labelled=False,
    )


def _table(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """What the list shows, and how."""
    shown = pd.DataFrame(
        {
            "asked": [asked(row) for _, row in frame.iterrows()],
            "source": [t(f"length_request.in_{source}") for source in frame["source"]],
            "actual": frame["actual"],
            "deviation": percents(frame["deviation"]),
            "prompt": frame["prompt"],
            "answer": frame["answer"],
            "record_id": frame["record_id"],
        }
    )
    config = {
        "asked": st.column_config.TextColumn(t("length_request.column_asked")),
        "source": st.column_config.TextColumn(t("length_request.column_source"), width="small"),
        "actual": st.column_config.NumberColumn(t("length_request.column_actual")),
        "deviation": percent_column(t("length_request.column_deviation")),
    }
    return shown, config


def _facts(row: pd.Series) -> list[str]:
    facts = [asked(row), t(f"length_request.source_{row['source']}")]
    if not pd.isna(row["actual"]):
        actual = int(row["actual"])
        facts.append(t("length_request.fact_actual", n=actual, unit=unit_name(row["unit"], actual)))
    if pd.notna(row["deviation"]) and row["deviation"]:
        facts.append(t("length_request.fact_off", share=abs(float(row["deviation"]))))
    return [one_line(fact, 80) for fact in facts]
