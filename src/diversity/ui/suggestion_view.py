"""The part of the task types page that suggests labels: for records without one, and for labels that the rest of the
set doubts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.metrics.task_type_suggestions import TABLE
from diversity.report import MetricResult
from diversity.ui.behind import draw_units
from diversity.ui.charting import part, show_figure, why_not
from diversity.ui.choice import choose
from diversity.ui.i18n import percent, t
from diversity.ui.page import say_nothing_here
from diversity.ui.safe import sheet
from diversity.ui.view import View

KIND = "kind"
KINDS = ("unlabelled", "disagrees")
# Fewer confidences are read from the list sooner than from a chart.
SPREAD_FROM = 20
SHOWN = ("given", "suggested", "confidence", "agreement", "prompt", "answer", "nearest_id")
ORDER = {
    "unlabelled": "confidence desc, record_id",
    "disagrees": "doubt desc, record_id",
}


def draw_suggestions(view: View) -> None:
    """What is suggested, how far it can be trusted, the records, and a file of them."""
    result = view.report.result("task_type_suggestions")
    if result is None:
        return
    part(t("suggestions.title"), t("suggestions.explained"))
    if not view.has(TABLE):
        say_nothing_here(why_not(result))
        return
    for level in result.info["levels"]:
        st.text(level_sentence(level, result, 2 if view.report.overview["task_types_2"] else 1))
    counts = {"unlabelled": int(result.info["unlabelled"]), "disagrees": int(result.info["doubted"])}
    if not any(counts.values()):
        say_nothing_here(t("suggestions.nothing"))
        return
    kind = _chosen(counts)
    if kind == "unlabelled" and counts[kind] >= SPREAD_FROM:
        confidence = view.query(f"select kind, confidence from {TABLE} where kind = 'unlabelled'")
        show_figure(draw("task_type_suggestions", result, confidence, t), "suggestions-confidence")
    _draw_rows(view, kind)
    _offer(view, kind, counts[kind])


def level_sentence(level: dict[str, float], result: MetricResult, levels: int) -> str:
    """How often the suggestions of a level are right, in all and at the cut; `levels` that the labels have."""
    key = "suggestions.level" if level["accuracy_at_cut"] is not None else "suggestions.level_never"
    numbers = {
        "accuracy": percent(level["accuracy"]),
        "cut": percent(result.info["cut"]),
        "at_cut": percent(level["accuracy_at_cut"]),
        "coverage": percent(level["coverage_at_cut"]),
    }
    if key == "suggestions.level_never":
        numbers = {name: numbers[name] for name in ("accuracy", "cut")}
    said = t(key, **numbers)
    return t("suggestions.of_level", level=int(level["level"]), said=said) if levels > 1 else said


def _chosen(counts: dict[str, int]) -> str:
    default = next(kind for kind in KINDS if counts[kind])
    return choose(
        KIND, KINDS, default, t("suggestions.kind"), lambda kind: t(f"suggestions.kind_{kind}", n=counts[kind])
    )


def _draw_rows(view: View, kind: str) -> None:
    columns = [name for name in SHOWN if kind == "disagrees" or name != "given"]
    draw_units(
        view,
        f"select * replace (round(confidence, 2) as confidence, round(agreement, 2) as agreement), 0 as turn "
        f"from {TABLE} where kind = ?",
        [kind],
        order=ORDER[kind],
        key=f"suggestions-{kind}",
        columns=columns,
        nothing=f"suggestions.none_{kind}",
    )


def _offer(view: View, kind: str, rows: int) -> None:
    if rows:
        st.download_button(
            t("suggestions.download", n=rows),
            lambda: sheet(suggestion_rows(view, kind)),
            file_name=f"{kind}_task_types.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"suggestions-download-{kind}",
        )


def suggestion_rows(view: View, kind: str) -> pd.DataFrame:
    """All suggestions of a kind with the beginning of the record, the surest first."""
    return view.query(
        f"""
        select s.*, left(r.turns[1].query, 500) as prompt, left(r.turns[1].answer, 500) as answer
        from {TABLE} s join records r using (record_id) 
        where kind = ? order by {ORDER[kind]}
        """,
        [kind],
    )
