"""How texts begin and end: the figures, the words that many of them share, and the texts that have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.report import MetricResult
from diversity.ui.behind import draw_units
from diversity.ui.charting import part, show_figure, side_by_side, why_not
from diversity.ui.choice import choose_from_list
from diversity.ui.i18n import t
from diversity.ui.page import say_nothing_here
from diversity.ui.percents import percent_column, percents
from diversity.ui.safe import one_line
from diversity.ui.view import View

ANSWERS = ("answer_openings", "answer_closings")
PROMPTS = ("prompt_openings",)


def draw_edges(view: View, metrics: Sequence[str]) -> None:
    """The spread of the texts' beginnings and ends, then the shared phrases and who has them."""
    for metric in metrics:
        result = view.report.result(metric)
        if result is not None and result.status == "ok":
            part(t(f"edges.{metric}"), t(f"edges.{metric}_explained"))
            show_figure(draw(metric, result, None, t), f"{metric}-spread")
    draw_phrases(view, metrics)


def draw_phrases(view: View, metrics: Sequence[str]) -> None:
    """Words that many texts begin or end with, and the texts that have the chosen ones."""
    of = "prompt" if metrics == PROMPTS else "answer"
    part(t(f"edges.phrases.{of}"), t("edges.phrases_explained"))
    found = {metric: result for metric in metrics if (result := listed(view, metric)) is not None}
    if not found:
        say_nothing_here(why_not(view.report.result(metrics[0])))
        return
    phrases = {f"{name}-{at}": one for name, result in found.items() for at, one in enumerate(result.info["phrases"])}
    if not phrases:
        say_nothing_here(t(f"edges.no_phrases.{of}"))
        return
    for column, (metric, result) in zip(side_by_side("phrases", len(found)), found.items(), strict=True):
        with column:
            _list(metric, result.info["phrases"])
    _draw_texts(view, of, phrases)


def listed(view: View, metric: str) -> MetricResult | None:
    """The result that lists phrases; None where there is none, as in reports of earlier releases."""
    result = view.report.result(metric)
    return result if result is not None and "phrases" in result.info else None


def _draw_texts(view: View, of: str, phrases: dict[str, dict[str, Any]]) -> None:
    labels = {
        code: t(f"edges.has.{code.rpartition('-')[0]}", text=one_line(one["text"], 80), n=one["count"])
        for code, one in phrases.items()
    }
    chosen = choose_from_list(
        "phrase", labels, next(iter(phrases)), t(f"edges.choose.{of}"), labels.__getitem__, width=560
    )
    metric, _, place = chosen.rpartition("-")
    if view.has(f"{metric}_records"):
        units = f"select record_id, turn from {metric}_records where phrase = ?"
        columns = ("prompt", "answer", "task_type") if of == "prompt" else ("answer", "prompt", "task_type")
        draw_units(view, units, [int(place)], order="record_id, turn", key="phrases", columns=columns)


def _list(metric: str, found: list[dict[str, Any]]) -> None:
    st.text(t(f"edges.listed.{metric}", n=len(found)))
    if not found:
        return
    frame = pd.DataFrame(
        {
            "text": [one_line(one["text"], 120) for one in found],
            "count": [one["count"] for one in found],
            "share": percents(pd.Series([one["share"] for one in found])),
        }
    )
    config = {
        "text": st.column_config.Column(t("dup.column.phrase"), width=230),
        "count": st.column_config.Column(t("dup.column.count"), width="small"),
        "share": percent_column(t("dup.column.share"), "small"),
    }
    st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        width="stretch",
        key=f"edges-{metric}",
        height=min(360, 38 + 35 * len(frame)),
    )
