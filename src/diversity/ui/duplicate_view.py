"""The duplicates page: how much is repeated, in which way, the clusters with their texts side by side, and the
export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts import draw
from diversity.export.duplicates import serialize
from diversity.report import MetricResult
from diversity.ui.behind import draw_unit_frame, headings
from diversity.ui.charting import part, show_figure, side_by_side
from diversity.ui.choice import choose
from diversity.ui.diff_view import marked_sides, plain, text_card
from diversity.ui.duplicate_data import (
    KINDS,
    QUADRANTS,
    REPEATED,
    SIDES,
    Side,
    Unit,
    by_kind,
    clusters,
    count_clusters,
    count_flagged,
    flagged_rows,
    members,
    quadrant_units,
)
from diversity.ui.edge_view import ANSWERS, listed
from diversity.ui.i18n import language, number, percent, t, t_or
from diversity.ui.markup import show, tag
from diversity.ui.navigation import link
from diversity.ui.page import say_nothing_here
from diversity.ui.records import page_picker
from diversity.ui.safe import file_name, one_line
from diversity.ui.urlstate import adopt, publish
from diversity.ui.view import View

ROWS = 25
MEMBERS = 200
VARIANTS = 6
FORMATS = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
STYLE = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-dup-export) { position: sticky; top: 3.6rem; z-index: 20; }
.st-key-dup-export { padding: .35rem .7rem; border-radius: .375rem;
  background: var(--st-secondary-background-color, Canvas);
  border: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
.st-key-dup-quadrants button { min-height: 3.4rem; }
.st-key-dup-quadrants button p { white-space: normal; line-height: 1.3; }
</style>"""


def choose_side() -> Side:
    """Answers or prompts."""
    return SIDES[choose("side", SIDES, "answer", t("dup.side"), lambda name: t(f"dup.side_{name}"))]


def draw_duplicates(view: View, side: Side, result: MetricResult) -> None:
    """Everything under the verdict."""
    kinds = draw_export(view, side)
    left, right = side_by_side("duplicates", [6, 5])
    with left:
        part(t(f"dup.how_much_{side.name}"), t(f"dup.how_much_explained_{side.name}"))
        show_figure(draw(side.metric, result, by_kind(view, side), t), f"dup-{side.name}")
    with right:
        chosen = draw_quadrants(result) if side.name == "answer" else None
        if side.name == "prompt":
            draw_prompt_figures(result)
    if chosen is not None and chosen not in REPEATED[::2]:
        draw_quadrant_records(view, chosen)
    else:
        draw_clusters(view, side, kinds, chosen)
    if side.name == "answer" and any(listed(view, metric) for metric in ANSWERS):
        link("shortcuts", t("dup.phrases"))


def draw_export(view: View, side: Side) -> list[str]:
    """The bar with filter and download that stays in sight; which kinds are asked for."""
    st.html(STYLE)
    with st.container(key="dup-export", horizontal=True, vertical_alignment="center"):
        kinds = st.pills(
            t("dup.kinds"),
            list(KINDS),
            selection_mode="multi",
            default=list(KINDS),
            key=f"dup-kinds-{side.name}",
            format_func=lambda kind: t(f"dup.kind.{kind}"),
            label_visibility="collapsed",
        ) or list(KINDS)
        form = (
            st.segmented_control(
                t("dup.format"),
                list(FORMATS),
                default="csv",
                key="dup-format",
                format_func=str.upper,
                required=True,
                label_visibility="collapsed",
            )
            or "csv"
        )
        choices = own_choices(view, side)
        rows, drops, rewrites = count_flagged(view, side, kinds, choices)
        st.download_button(
            t("dup.export_rewrites" if rewrites else "dup.export", n=rows, drops=drops, rewrites=rewrites),
            data=lambda: serialize(flagged_rows(view, side, kinds, choices), form),
            file_name=file_name(view.dataset, view.version, f"{side.name}_duplicates") + f".{form}",
            mime=FORMATS[form],
            disabled=rows == 0,
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            help=t("dup.export_help", drops=drops, rewrites=rewrites, own=len(choices)),
        )
    return kinds


def own_choices(view: View, side: Side) -> dict[Unit, str]:
    """The reader's own keep/drop choices for this report, kept for the session."""
    every: dict[str, dict[Unit, str]] = st.session_state.setdefault("_dup_choices", {})
    return every.setdefault(f"{view.stored.fingerprint}:{side.name}", {})


def draw_quadrants(result: MetricResult) -> str | None:
    """Same or different prompt × same or different answer: four counts, each a button that filters what stands
    below."""
    counts: dict[str, int] = result.info["quadrants"]
    part(t("dup.quadrants"), t("dup.quadrants_explained"))
    adopt("quadrant", ["", *QUADRANTS], "")
    chosen = st.session_state["quadrant"]
    with st.container(key="dup-quadrants"):
        _quadrant_buttons(counts, chosen)
    publish("quadrant", chosen)
    return chosen or None


def _quadrant_buttons(counts: dict[str, int], chosen: str) -> None:
    for row in (QUADRANTS[:2], QUADRANTS[2:]):
        for column, name in zip(st.columns(2), row, strict=True):
            with column:
                if st.button(
                    t(f"dup.quadrant.{name}", n=counts[name]),
                    key=f"dup-{name}",
                    type="primary" if chosen == name else "secondary",
                    width="stretch",
                    disabled=counts[name] == 0,
                    help=t(f"dup.quadrant_help.{name}"),
                ):
                    st.session_state["quadrant"] = "" if chosen == name else name
                    publish("quadrant", st.session_state["quadrant"])
                    st.rerun()


def draw_prompt_figures(result: MetricResult) -> None:
    """The figures of repeated prompts."""
    info = result.info
    part(t("dup.figures"))
    figures = [
        (t("dup.repeats"), number(info["repeats"]), percent(info["repeat_ratio"])),
        (t("dup.clusters"), number(info["clusters"]), ""),
        (t("dup.effective"), number(round(info["effective"])), percent(info["effective_ratio"])),
    ]
    cells = [
        tag(
            "div",
            tag("div", name, class_="dv-label"),
            tag("div", value, class_="dv-figure"),
            tag("div", detail, class_="dv-detail"),
            class_="dv-key",
        )
        for name, value, detail in figures
    ]
    show(tag("div", *cells, class_="dv-strip"))


def draw_quadrant_records(view: View, quadrant: str) -> None:
    """The records of a quadrant whose point is the prompt, those that ask the same beside each other."""
    part(t(f"dup.quadrant_records.{quadrant}"))
    units = quadrant_units(view)
    units = units[units[quadrant]]
    if quadrant == "same_prompt_different_answers":
        units = units.sort_values("question", kind="stable")
    draw_unit_frame(view, units[["record_id", "turn"]], key=f"dup-{quadrant}")


def draw_clusters(view: View, side: Side, kinds: Sequence[str], quadrant: str | None) -> None:
    """Clusters as a table, and the chosen one's texts."""
    title = t(f"dup.clusters_{quadrant}") if quadrant else t("dup.clusters_all")
    part(title, t("dup.clusters_explained"))
    only = None
    if quadrant:
        units = quadrant_units(view)
        only = sorted(set(units.loc[units[quadrant] & (units["cluster_id"] >= 0), "cluster_id"].tolist()))
    total = count_clusters(view, side, kinds, only)
    if total == 0:
        say_nothing_here(t("dup.no_clusters"))
        return
    mended = any(count_flagged(view, side, kinds)[1:])
    orders = ("drops", "size", "tokens") if mended else ("size", "tokens")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(t("dup.clusters_found", n=total))
        order = choose(f"order-{side.name}", orders, orders[0], t("dup.order"), lambda name: t(f"dup.by_{name}"))
    page = page_picker(total, ROWS, f"dup-page-{side.name}-{quadrant}-{order}")
    frame = clusters(view, side, kinds, only, order, page, ROWS)
    chosen = cluster_table(frame, f"dup-{side.name}-{page}-{hash((tuple(kinds), quadrant, order))}")
    draw_cluster(view, side, chosen if chosen is not None else int(frame["cluster_id"].iloc[0]))


def cluster_table(frame: pd.DataFrame, key: str) -> int | None:
    """The clusters; the one that is clicked."""
    shown = pd.DataFrame(
        {
            "size": frame["size"],
            "kind": [" · ".join(t(f"dup.kind.{kind}") for kind in KINDS if kind in kinds) for kinds in frame["kinds"]],
            "text": [one_line(text) for text in frame["text"]],
            "types": [one_line(types, 80) for types in frame["types"].fillna("")],
            "tokens": frame["tokens"],
            "drops": frame["drops"],
        }
    )
    if not shown["types"].any():
        del shown["types"]
    widths: dict[str, Any] = {"text": 340, "types": 130, "kind": 190, "drops": 125}
    config = {
        name: st.column_config.Column(t(f"dup.column.{name}"), width=widths.get(name, "small"))
        for name in shown.columns
    }
    event = st.dataframe(
        shown,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config=config,
        width="stretch",
        height=min(360, 38 + 35 * len(shown)),
    )
    rows = event["selection"]["rows"]
    return int(frame["cluster_id"].iloc[rows[0]]) if rows and rows[0] < len(frame) else None


def draw_cluster(view: View, side: Side, cluster_id: int) -> None:
    """The different texts of a cluster beside the one it is built around, then its members with keep or drop."""
    found = members(view, side, cluster_id, MEMBERS)
    text = "answer" if side.name == "answer" else "prompt"
    total = view.count(f"select count(*) from {side.table} where cluster_id = ?", [cluster_id])
    part(t("dup.side_by_side", n=total), t("dup.marks"))
    draw_variants(found, text)
    draw_choices(view, side, found, cluster_id)
    if total > len(found):
        show(tag("div", t("dup.first_members", shown=len(found), total=total), class_="dv-muted"))


def draw_variants(found: pd.DataFrame, text: str) -> None:
    """Each different wording once, with how often it stands, what differs from the representative marked."""
    variants = found.groupby(text, sort=False).agg(
        count=("record_id", "size"), similarity=("similarity", "max"), kind=("kind", "last")
    )
    head = str(variants.index[0])
    if len(variants) == 1:
        show(text_card(t("dup.identical", n=len(found)), plain(head)))
        return
    left, right = st.columns(2)
    with left:
        show(text_card(t("dup.representative", n=int(variants["count"].iloc[0])), plain(head)))
    with right:
        for place in range(1, min(len(variants), VARIANTS + 1)):
            row = variants.iloc[place]
            title = t(
                "dup.variant",
                kind=t(f"dup.kind.{row['kind']}"),
                similarity=_at_most(float(row["similarity"])),
                n=int(row["count"]),
            )
            show(text_card(title, marked_sides(head, str(variants.index[place]))[1]))
        if len(variants) > VARIANTS + 1:
            show(tag("div", t("dup.more_variants", n=len(variants) - VARIANTS - 1), class_="dv-muted"))


def _at_most(similarity: float) -> float:
    """As shown for texts that are not the same: two decimals must not round it to 1."""
    return min(similarity, 0.99)


def draw_choices(view: View, side: Side, found: pd.DataFrame, cluster_id: int) -> None:
    """The members as rows with an editable keep/drop, which the export follows."""
    choices = own_choices(view, side)
    keys: list[Unit] = list(zip(found["record_id"].astype(str), found["turn"].astype(int), strict=True))
    key = f"dup-edit-{side.name}-{cluster_id}-{language()}-{hash(view.stored.fingerprint)}"
    # The editor must start from the same rows on every run, or it forgets what was edited; once it was out of sight,
    # it has forgotten already, and starts from what was chosen.
    if key not in st.session_state or f"_{key}" not in st.session_state:
        st.session_state[f"_{key}"] = [
            choices.get(unit, old) for unit, old in zip(keys, found["suggestion"], strict=True)
        ]
    start: list[str] = st.session_state[f"_{key}"]
    words = {name: t(f"dup.{name}") for name in ("keep", "drop", "rewrite")}
    edited = _choice_editor(found, start, words, key)
    codes = {word: code for code, word in words.items()}
    now = {unit: codes[word] for unit, word in zip(keys, edited["suggestion"], strict=True) if word in codes}
    before = dict(choices)
    for unit, suggestion in zip(keys, found["suggestion"], strict=True):
        if now.get(unit, suggestion) != suggestion:
            choices[unit] = now[unit]
        else:
            choices.pop(unit, None)
    if choices != before:
        st.rerun()


def _choice_editor(found: pd.DataFrame, start: list[str], words: dict[str, str], key: str) -> pd.DataFrame:
    """The members as a table in which only what becomes of them can be edited; `start` is what it begins with."""
    shown = pd.DataFrame(
        {
            "suggestion": [words[one] for one in start],
            "reason": [t_or(f"dup.reason.{code}", code.replace("_", " ")) for code in found["reason"]],
            "prompt": [one_line(text, 200) for text in found["prompt"]],
            "task_type": [one_line(text, 60) for text in found["task_type"]],
            "similarity": [
                one if kind == "exact" else _at_most(one)
                for one, kind in zip(found["similarity"], found["kind"], strict=True)
            ],
            "record_id": [one_line(one, 60) for one in found["record_id"]],
        }
    )
    if not shown["task_type"].any():
        del shown["task_type"]
    if found["turn"].max() > 0:
        shown.insert(list(shown.columns).index("similarity"), "turn", found["turn"] + 1)
    config = headings(list(shown.columns)) | {
        "suggestion": st.column_config.SelectboxColumn(
            t("dup.column.suggestion"), options=list(words.values()), required=True, width=125
        ),
        "reason": st.column_config.Column(t("dup.column.reason")),
        "task_type": st.column_config.Column(t("column.task_type")),
        "turn": st.column_config.Column(t("column.turn")),
        "record_id": st.column_config.Column(t("column.record_id")),
    }
    edited: pd.DataFrame = st.data_editor(
        shown,
        key=key,
        hide_index=True,
        width="stretch",
        column_config=config,
        num_rows="fixed",
        disabled=[name for name in shown.columns if name != "suggestion"],
        height=min(330, 38 + 35 * len(shown)),
    )
    return edited
