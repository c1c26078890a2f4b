"""The lengths page: prompts and answers on one axis, by task type, by loss tokens, and the shortest and longest
texts."""

from __future__ import annotations

import streamlit as st

from diversity.charts import draw
from diversity.charts.length_profile import COLORS, Panel, histograms
from diversity.features.buckets import EDGES, LABELS
from diversity.report import MetricResult
from diversity.ui.behind import draw_units
from diversity.ui.charting import part, say_drawn, show_figure, side_by_side, type_colors
from diversity.ui.choice import choose, choose_from_list
from diversity.ui.i18n import t
from diversity.ui.view import View

FIELDS = ("prompt", "answer")
ANY = "any"
ORDERS = {"shortest": "{0}_tokens, record_id, turn", "longest": "{0}_tokens desc, record_id, turn"}


def draw_lengths(view: View, prompt: MetricResult, answer: MetricResult) -> None:
    """Everything under the verdict."""
    results = {"prompt": prompt, "answer": answer}
    hatched = any(result.info["empty_buckets"] for result in results.values())
    part(t("lengths.histograms"), t("lengths.histograms_hatched" if hatched else "lengths.histograms_explained"))
    panels = [Panel(t(f"chart.{of}s"), result.info, COLORS[of]) for of, result in results.items()]
    show_figure(histograms(panels, t), "lengths-histograms")
    of = _field()
    left, right = side_by_side("lengths")
    with left:
        part(t(f"lengths.boxes_{of}"), t("lengths.boxes_explained"))
        show_figure(
            draw(f"{of}_length", results[of], None, t, form="boxes", colors=type_colors(view)), f"lengths-boxes-{of}"
        )
        say_drawn(int(view.report.overview["task_types_1"]), len(results[of].info["by_task_type"]))
    with right:
        part(t(f"lengths.buckets_{of}"), t(f"lengths.buckets_explained_{of}"))
        show_figure(draw(f"{of}_length", results[of], None, t, form="buckets"), f"lengths-buckets-{of}")
    draw_extremes(view, results[of], of)


def draw_extremes(view: View, result: MetricResult, of: str) -> None:
    """The shortest or the longest, of one bucket if the reader wants."""
    part(t(f"lengths.records_{of}"))
    with st.container(horizontal=True, vertical_alignment="center"):
        orders = {name: t(f"lengths.{name}") for name in ORDERS}
        order = choose("order", orders, "shortest", t("lengths.order"), orders.__getitem__)
        counts = result.info["buckets"]
        bucket = choose_from_list(
            "bucket",
            [ANY, *(name for name in LABELS if counts[name])],
            ANY,
            t("lengths.bucket"),
            lambda name: t("lengths.any") if name == ANY else t("lengths.bucket_count", name=name, n=counts[name]),
            width=260,
            labelled=False,
        )
    sql, params = units_in(bucket, of)
    shown = [f"{of}_tokens", *(("answer", "prompt") if of == "answer" else ("prompt", "answer")), "task_type"]
    draw_units(view, sql, params, order=ORDERS[order].format(of), key=f"lengths-{of}", columns=shown)


def units_in(bucket: str, of: str) -> tuple[str, list[int]]:
    """The query for the units whose prompt or answer falls into a bucket; all for `any`."""
    sql = "select record_id, turn, prompt_tokens, answer_tokens from lengths"
    if bucket == ANY:
        return sql, []
    place = LABELS.index(bucket)
    low = EDGES[place - 1] if place else -1
    high = EDGES[place] if place < len(EDGES) else 2**62
    return f"{sql} where {of}_tokens > ? and {of}_tokens <= ?", [low, high]


def _field() -> str:
    return choose("field", FIELDS, "prompt", t("lengths.field"), lambda of: t(f"chart.{of}s"))
