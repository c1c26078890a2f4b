"""The page of rows set aside: verdict, reasons with counts, the rows, export."""

from __future__ import annotations

import streamlit as st

from diversity.ui.choice import choose_from_list
from diversity.ui.i18n import number, percent, t, t_or
from diversity.ui.page import say_nothing_here
from diversity.ui.records import page_picker
from diversity.ui.safe import block, file_name, json_lines, one_line, sheet
from diversity.ui.verdict import banner, page_verdict
from diversity.ui.view import View
from diversity.words.details import detail_sentence
from diversity.words.places import number_column, origin_text

TABLE = "set_aside"
CHECK = "rows_set_aside"
ALL = "all"
ROWS = 50


def draw_verdict(view: View) -> bool:
    """The verdict. False when every row was used."""
    rows = view.report.rows
    page_verdict(view, CHECK)
    if view.report.check(CHECK) is None:
        banner(
            t("aside.verdict", n=rows.set_aside, read=rows.read, ratio=rows.set_aside / max(rows.read, 1)),
            "pass" if not rows.set_aside else "warn",
        )
    if not view.has(TABLE) or not view.count(f"select count(*) from {TABLE}"):
        say_nothing_here(t("aside.none", read=rows.read))
        return False
    if rows.set_aside:
        st.text(t("aside.what", n=rows.set_aside, read=rows.read))
    long = view.report.intake.reasons.get("long_label", 0)
    if long:
        st.text(t("types.long_labels", n=long))
    return True


def draw_reasons(view: View) -> str:
    """Reasons with their counts, to choose one; its code, or `all`."""
    counts = view.query(f"select reason, count(*) as n from {TABLE} group by reason order by n desc, reason")
    by_reason = dict(zip(counts["reason"], counts["n"], strict=True))
    total = sum(by_reason.values())

    def label(code: str) -> str:
        if code == ALL:
            return t("aside.all", n=int(total))
        return f"{t_or(f'reason.{code}', code)} · {number(int(by_reason[code]))} ({percent(by_reason[code] / total)})"

    labels = {code: label(code) for code in (ALL, *by_reason)}
    return choose_from_list("reason", labels, ALL, t("aside.reason"), labels.__getitem__)


def draw_rows(view: View, reason: str) -> None:
    """A page of rows, and the text of the one that is chosen."""
    where, params = _where(reason)
    total = view.count(f"select count(*) from {TABLE} where {where}", params)
    page = page_picker(total, ROWS, f"aside-{reason}")
    rows = view.query(
        f"select * from {TABLE} where {where} order by file, line limit ? offset ?", [*params, ROWS, page * ROWS]
    )
    shown = rows.assign(
        file=[file.rsplit("/", 1)[-1] for file in rows["file"]],
        reason=[t_or(f"reason.{code}", code) for code in rows["reason"]],
        detail=[detail_sentence(detail) for detail in rows["detail"]],
        raw=[one_line(raw, 200) for raw in rows["raw"]],
    )
    config = {name: st.column_config.Column(t(f"column.{name}")) for name in shown.columns if name != "line"}
    config["line"] = st.column_config.NumberColumn(t(number_column(view.report)), format="%d")
    event = st.dataframe(
        shown,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"aside-{reason}-{page}",
        column_config=config,
    )
    chosen = event["selection"]["rows"] or [0]
    if chosen[0] < len(rows):
        row = rows.iloc[chosen[0]]
        st.text(
            t(
                "aside.row",
                origin=origin_text(view.report, row["file"], int(row["line"])),
                reason=t_or(f"reason.{row['reason']}", row["reason"]),
                detail=detail_sentence(row["detail"]),
            )
        )
        if block(row["raw"]):
            st.text(t("aside.cut"))


def draw_export(view: View, reason: str) -> None:
    """Downloads of what is chosen; the button says how many rows it writes."""
    where, params = _where(reason)
    total = view.count(f"select count(*) from {TABLE} where {where}", params)
    name = file_name(view.dataset, view.version, "set-aside")

    def rows_csv() -> bytes:
        return sheet(view.query(f"select * from {TABLE} where {where} order by file, line", params))

    def rows_jsonl() -> bytes:
        return json_lines(view.query(f"select * from {TABLE} where {where} order by file, line", params))

    with st.container(horizontal=True):
        st.download_button(
            t("aside.csv", n=total), rows_csv, f"{name}.csv", "text/csv", icon=":material/download:", on_click="ignore"
        )
        st.download_button(
            t("aside.jsonl", n=total),
            rows_jsonl,
            f"{name}.jsonl",
            "application/jsonl",
            icon=":material/download:",
            on_click="ignore",
        )


def _where(reason: str) -> tuple[str, list[str]]:
    return ("true", []) if reason == ALL else ("reason = ?", [reason])
