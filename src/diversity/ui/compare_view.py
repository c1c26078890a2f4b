"""The comparison of two versions: in a sentence, as a ranked table of figures, as distributions, and record by
record."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from diversity.charts.comparison import AFTER, BEFORE, type_pairs
from diversity.charts.layout import escaped
from diversity.charts.length_profile import Panel, overlay
from diversity.comparison import Comparison, compare
from diversity.comparison.deltas import MetricDelta
from diversity.errors import UsageError
from diversity.ui.charting import part, show_figure, usable
from diversity.ui.diff_view import plain, show_pair, text_card
from diversity.ui.i18n import figure, number, percent, t, t_or
from diversity.ui.markup import Markup, show, tag
from diversity.ui.navigation import link
from diversity.ui.page import say_nothing_here
from diversity.ui.records import page_picker
from diversity.ui.safe import one_line
from diversity.ui.urlstate import adopt, publish
from diversity.ui.view import View, compared_view, entries, open_view

log = logging.getLogger(__name__)

STATUSES = ("added", "removed", "edited", "unchanged")
ROWS = 25
NAMED = 2
MARKS = {"better": "✓", "worse": "✗", "changed": "~", "same": "=", "unknown": "–"}
TINTS = {"better": "#009E73", "worse": "#D55E00", "changed": "#0072B2", "same": "#8A8F98", "unknown": "#8A8F98"}
STYLE = """<style>
.dv-deltas { border-collapse: collapse; width: 100%; font-size: .9rem; }
.dv-deltas th { text-align: left; font-weight: 600; font-size: .78rem; opacity: .75; padding: .25rem .6rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.dv-deltas td { padding: .35rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 9%, transparent);
  vertical-align: top; }
.dv-deltas td.n, .dv-deltas th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.dv-arrow { font-weight: 700; white-space: nowrap; }
@media (max-width: 900px) { .dv-deltas .wide { display: none; } }
</style>"""


def other_view(view: View) -> View | None:
    """The version to compare with: the one chosen in the sidebar, else the one made just before, else any other."""
    chosen = compared_view()
    if chosen is not None:
        return chosen
    others = [entry for entry in entries() if entry.dataset == view.dataset and entry.version != view.version]
    earlier = [entry for entry in others if entry.created_at < view.report.created_at]
    picked = next(iter(earlier or others), None)
    return open_view(picked.dataset, picked.version) if picked else None


def draw_nothing_to_compare(view: View) -> None:
    """One version only: what to do."""
    say_nothing_here(t("versions.only_one", version=one_line(view.version, 60)))
    link("add_data", t("versions.add"))


def comparison_of(before: View, after: View) -> Comparison:
    """The comparison, from the store's cache when it was made before."""
    return _comparison(before.stored.fingerprint, after.stored.fingerprint, before, after)


@st.cache_resource(max_entries=8, show_spinner=False)
def _comparison(first: str, second: str, _before: View, _after: View) -> Comparison:
    return compare(_before.stored, _after.stored)


@st.cache_data(max_entries=4, show_spinner=False)
def _diff(folder: str, _comparison: Comparison) -> pd.DataFrame:
    return _comparison.diff()


def draw_comparison(before: View, after: View) -> None:
    """The whole page."""
    try:
        with st.spinner(t("versions.comparing")):
            found = comparison_of(before, after)
    except (UsageError, KeyError) as error:
        # A figure or a table that only the other report has: they were made by different releases.
        log.warning("%s and %s cannot be compared: %r", before.version, after.version, error)
        say_nothing_here(t("versions.outdated"))
        return
    st.html(STYLE)
    show(_banner(summary(found), _direction(found)))
    draw_checks(found)
    part(t("versions.metrics"), t("versions.metrics_explained"))
    show(delta_table(found))
    draw_distributions(before, after, found)
    draw_records(before, after, found)


def summary(found: Comparison) -> str:
    """v2 against v1: +120 −98 ~34 records; better: …; worse: …"""
    r = found.records
    parts = [
        t("versions.summary", after=found.after, before=found.before, added=r.added, removed=r.removed, edited=r.edited)
    ]
    for verdict in ("better", "worse"):
        moved = [delta for delta in found.metrics if shown_verdict(delta) == verdict and delta.interval]
        if moved:
            parts.append(t(f"versions.{verdict}", what=t("versions.comma").join(_moved(one) for one in moved[:NAMED])))
    if len(parts) == 1:
        parts.append(t("versions.nothing_moved"))
    return "".join(parts)


def _direction(found: Comparison) -> str:
    """Better or worse where all clear changes go one way, else changed; same where there is none."""
    clear = {shown_verdict(delta) for delta in found.metrics if delta.interval} & {"better", "worse"}
    return "changed" if len(clear) == 2 else next(iter(clear), "same")


def _banner(sentence: str, verdict: str) -> Markup:
    said = tag("div", sentence, class_="dv-sentence")
    return tag("div", _verdict_mark(verdict), said, class_="dv-banner", style=f"border-color:{TINTS[verdict]}")


def _moved(delta: MetricDelta) -> str:
    return t(
        "versions.moved",
        name=delta_name(delta),
        before=short(delta.before, delta.unit),
        after=short(delta.after, delta.unit),
    )


def shown_verdict(delta: MetricDelta) -> str:
    """The verdict, but `same` where both versions read the same: nobody believes a loss that cannot be seen."""
    alike = delta.change is not None and short(delta.before, delta.unit) == short(delta.after, delta.unit)
    return "same" if alike else delta.verdict


def delta_name(delta: MetricDelta) -> str:
    """A figure's name in plain words."""
    specific = f"versions.figure.{delta.metric}.{delta.field}"
    name = t_or(specific, t_or(f"versions.figure.{delta.metric}", delta.metric.replace("_", " ")))
    level = delta.params.get("level")
    return name if level in (None, 1) else t("versions.level", name=name, level=int(level))


def short(value: float | None, unit: str) -> str:
    """A figure with its unit; effects and scores bare."""
    return figure(value, unit)


def draw_checks(found: Comparison) -> None:
    """Checks whose outcome changed."""
    moved = [check for check in found.checks if check.verdict in ("better", "worse")]
    for check in moved:
        sentence = t(
            "versions.check_moved",
            title=_check_title(check.check),
            before=t(f"outcome.{check.before}"),
            after=t(f"outcome.{check.after}"),
            first=short(check.value_before, check.unit),
            second=short(check.value_after, check.unit),
        )
        show(tag("div", _verdict_mark(check.verdict), tag("span", sentence), class_="dv-line"))


def _check_title(name: str) -> str:
    return t_or(f"check.{name}.title", name.replace("_", " "))


def delta_table(found: Comparison) -> Markup:
    """Every figure in both versions, what moved most clearly first."""
    titles = [("figure", ""), ("before", "n"), ("after", "n"), ("change", "n"), ("interval", "n wide"), ("verdict", "")]
    names = {"before": one_line(found.before, 30), "after": one_line(found.after, 30)}
    head = [tag("th", names.get(name) or t(f"versions.column_{name}"), class_=kind) for name, kind in titles]
    rows = [_delta_row(delta) for delta in found.metrics]
    return tag("table", tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="dv-deltas")


def _delta_row(delta: MetricDelta) -> Markup:
    cells = [
        tag("td", delta_name(delta)),
        tag("td", short(delta.before, delta.unit), class_="n"),
        tag("td", short(delta.after, delta.unit), class_="n"),
        tag("td", signed(delta.change, delta.unit), class_="n"),
        tag("td", _interval(delta), class_="n wide", title=_interval_title(delta)),
        tag("td", _verdict_mark(shown_verdict(delta), delta.change)),
    ]
    return tag("tr", *cells)


def signed(value: float | None, unit: str) -> str:
    """A change with its sign; of a ratio in percentage points."""
    if value is None:
        return "–"
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{t('versions.points', n=abs(value) * 100)}" if unit == "ratio" else f"{sign}{number(abs(value))}"


def _interval(delta: MetricDelta) -> str:
    if delta.interval is None:
        return "–" if delta.change is None else t("versions.no_interval")
    scale = 100 if delta.unit == "ratio" else 1
    low, high = (signed(edge * scale, "") for edge in delta.interval)
    return t("versions.interval", low=low, high=high)


def _interval_title(delta: MetricDelta) -> str:
    if delta.sample_size is not None:
        return t("versions.interval_of", n=delta.sample_size)
    return t_or(f"reason.{delta.reason}", t("versions.no_interval_why"))


def _verdict_mark(verdict: str, change: float | None = None) -> Markup:
    arrow = "" if not change or verdict in ("same", "unknown") else "▲ " if change > 0 else "▼ "
    mark = tag("span", MARKS[verdict], class_="dv-mark", style=f"background:{TINTS[verdict]}", aria_hidden="true")
    word = tag("span", arrow, t(f"versions.verdict.{verdict}"), class_="dv-arrow")
    return tag("span", mark, word, class_="dv-outcome")


def draw_distributions(before: View, after: View, found: Comparison) -> None:
    """Lengths and task types of both versions laid over each other."""
    left, right = st.columns(2, gap="large")
    for column, of in ((left, "prompt"), (right, "answer")):
        old, new = before.report.result(f"{of}_length"), after.report.result(f"{of}_length")
        with column:
            part(t(f"versions.lengths_{of}"))
            if old is not None and new is not None and usable(old) and usable(new):
                panels = [
                    Panel(escaped(found.before, 40), old.info, BEFORE),
                    Panel(escaped(found.after, 40), new.info, AFTER),
                ]
                show_figure(overlay(panels[0], panels[1], t), f"versions-{of}")
            else:
                say_nothing_here(t("page.not_measured"))
    part(t("versions.types"))
    if found.task_types:
        show_figure(type_pairs(found.task_types, found.before, found.after, t), "versions-types")
    else:
        say_nothing_here(t("reason.no_task_types"))


def draw_records(before: View, after: View, found: Comparison) -> None:
    """Records by what became of them, each with its texts in both versions."""
    part(t("versions.records"), t("versions.records_explained"))
    counts = {status: getattr(found.records, status) for status in STATUSES}
    present = [status for status in ("edited", "added", "removed", "unchanged") if counts[status]]
    if not present:
        return
    adopt("status", present, present[0])
    status = (
        st.segmented_control(
            t("versions.status"),
            present,
            key="status",
            required=True,
            label_visibility="collapsed",
            format_func=lambda one: t(f"versions.status_{one}", n=counts[one]),
        )
        or present[0]
    )
    publish("status", status, present[0])
    rows = _diff(found.folder, found)
    rows = rows[rows["status"] == status].reset_index(drop=True)
    page = page_picker(len(rows), ROWS, f"versions-{status}")
    shown = rows.iloc[page * ROWS : (page + 1) * ROWS].reset_index(drop=True)
    old = texts(before, shown["record_id_before"].dropna().tolist())
    new = texts(after, shown["record_id_after"].dropna().tolist())
    chosen = _pick(shown, old, new, f"versions-{status}-{page}")
    _open_pair(shown.iloc[chosen], old, new, found)


def texts(view: View, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """record_id → record_id, task_type, system, turns, file and line of a few records."""
    if not ids:
        return {}
    frame = view.query(
        "select record_id, concat_ws(' · ', task_type_1, task_type_2) as task_type, coalesce(system, '') as system, "
        "turns, source_file, source_line from records where record_id in (select unnest(?))",
        [[str(one) for one in ids]],
    )
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return {str(row["record_id"]): row for row in rows}


def _pick(shown: pd.DataFrame, old: dict[str, Any], new: dict[str, Any], key: str) -> int:
    records = [
        new.get(str(b)) or old.get(str(a)) or {}
        for a, b in zip(shown["record_id_before"], shown["record_id_after"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            "prompt": [one_line(one["turns"][0]["query"], 200) if one else "" for one in records],
            "answer": [one_line(one["turns"][0]["answer"], 200) if one else "" for one in records],
            "task_type": [one_line(one.get("task_type", ""), 60) for one in records],
            "record_id": [one_line(str(one.get("record_id", "")), 60) for one in records],
        }
    )
    config = {name: st.column_config.Column(t(f"column.{name}")) for name in frame.columns}
    event = st.dataframe(
        frame,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        width="stretch",
        column_config=config,
        height=min(300, 38 + 35 * len(frame)),
    )
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows and rows[0] < len(frame) else 0


def _open_pair(row: pd.Series[Any], old: dict[str, Any], new: dict[str, Any], found: Comparison) -> None:
    first, second = old.get(str(row["record_id_before"])), new.get(str(row["record_id_after"]))
    show(tag("div", *_facts(row, first, second, found), class_="dv-chips"))
    names = (one_line(found.before, 40), one_line(found.after, 40))
    for title, before, after in _parts(first, second):
        if before != after or title in ("prompt", "answer"):
            heading = t(f"versions.part.{title}") if title in ("prompt", "answer", "system", "task_type") else title
            show(tag("div", heading, class_="dv-muted"))
            if before == after:
                show(text_card(t("versions.same_text"), plain(before)))
            else:
                show_pair(names[0], before, names[1], after)


def _facts(row: pd.Series[Any], first: Any, second: Any, found: Comparison) -> list[Markup]:
    facts = [t(f"versions.status_one.{row['status']}")]
    if row["status"] == "edited":
        facts.append(t(f"versions.matched.{row['matched_by']}", similarity=_similarity(row)))
    for version, record in ((found.before, first), (found.after, second)):
        if record:
            origin = t("record.origin", file=one_line(record["source_file"], 60), line=int(record["source_line"]))
            facts.append(f"{one_line(version, 40)}: {one_line(str(record['record_id']), 60)} · {origin}")
    return [tag("span", fact, class_="dv-chip") for fact in facts]


def _similarity(row: pd.Series[Any]) -> str:
    return "–" if pd.isna(row["similarity"]) else percent(float(row["similarity"]))


def _parts(first: Any, second: Any) -> list[tuple[str, str, str]]:
    """(part, text before, text after) of a record: type, system prompt, then each turn's prompt and answer."""
    found = [(name, _said(first, name), _said(second, name)) for name in ("task_type", "system")]
    turns = [list(one["turns"]) if one else [] for one in (first, second)]
    for place in range(max(len(turns[0]), len(turns[1]))):
        for name, field in (("prompt", "query"), ("answer", "answer")):
            before, after = (side[place][field] if place < len(side) else "" for side in turns)
            title = (
                name
                if len(turns[0]) < 2 and len(turns[1]) < 2
                else t("versions.turn", part=t(f"versions.part.{name}"), n=place + 1)
            )
            found.append((title, before, after))
    return found


def _said(record: Any, name: str) -> str:
    return str(record[name]) if record else ""
