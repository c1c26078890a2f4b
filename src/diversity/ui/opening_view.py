"""How answers begin and end: the figure, the words that many of them share, and the answers that have them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.report import MetricResult
from diversity.ui.behind import draw_units
from diversity.ui.charting import part, show_figure
from diversity.ui.choice import choose_from_list
from diversity.ui.i18n import t
from diversity.ui.page import say_nothing_here
from diversity.ui.safe import one_line
from diversity.ui.view import View

RECORDS = "answer_phrase_records"
SIDES = ("opening", "closing")
_UNITS = f"select record_id, turn from {RECORDS} where phrase = ?"


def draw_openings(view: View, result: MetricResult) -> None:
    """The spread of openings, then the shared phrases and their answers."""
    if result.status == "ok":
        part(t("openings.spread"), t("openings.spread_explained"))
        show_figure(draw("answer_openings", result, None, t), "openings-spread")
    draw_phrases(view, result)


def draw_phrases(view: View, result: MetricResult) -> None:
    """Words that many answers open or close with, and the answers that have the chosen ones."""
    part(t("dup.phrases"), t("dup.phrases_explained"))
    phrases: dict[str, dict[str, Any]] = {
        f"{side}-{place}": one for side in SIDES for place, one in enumerate(result.info.get(f"{side}s", ()))
    }
    if not phrases:
        say_nothing_here(t("openings.no_phrases"))
        return
    for column, side in zip(st.columns(2, gap="large"), SIDES, strict=True):
        with column:
            _list(side, result.info[f"{side}s"])
    if not view.has(RECORDS):
        return
    labels = {
        code: t(f"openings.phrase.{code.split('-')[0]}", text=one_line(one["text"], 80), n=one["count"])
        for code, one in phrases.items()
    }
    default = next(iter(phrases))
    chosen = choose_from_list("phrase", labels, default, t("openings.phrase"), labels.__getitem__, width=560)
    draw_units(
        view, _UNITS, [chosen], order="record_id, turn", key="openings", columns=("answer", "prompt", "task_type")
    )


def _list(side: str, found: list[dict[str, Any]]) -> None:
    st.text(t(f"dup.{side}s", n=len(found)))
    if not found:
        return
    frame = pd.DataFrame(
        {
            "text": [one_line(one["text"], 120) for one in found],
            "count": [one["count"] for one in found],
            "share": [one["share"] for one in found],
        }
    )
    config = {
        "text": st.column_config.Column(t("dup.column.phrase"), width=230),
        "count": st.column_config.Column(t("dup.column.count"), width="small"),
        "share": st.column_config.NumberColumn(t("dup.column.share"), format="percent", width="small"),
    }
    st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        width="stretch",
        key=f"openings-{side}",
        height=min(360, 38 + 35 * len(frame)),
    )
