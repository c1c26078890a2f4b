"""Two versions record by record: what became of each, with the texts of both side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import pandas as pd
import streamlit as st

from diversity.comparison import Comparison
from diversity.ui.charting import part
from diversity.ui.choice import choose, choose_from_list
from diversity.ui.diff_view import plain, show_pair, text_card
from diversity.ui.i18n import percent, t
from diversity.ui.markup import Markup, show, tag
from diversity.ui.records import page_picker
from diversity.ui.safe import one_line
from diversity.ui.view import View
from diversity.words.places import origin_text

STATUSES = ("added", "removed", "edited", "unchanged")
ROWS = 25
ANY = "any"
Turn = tuple[str, str]


@st.cache_data(max_entries=4, show_spinner=False)
def _diff(folder: str, _comparison: Comparison) -> pd.DataFrame:
    return _comparison.diff()


def draw_records(before: View, after: View, found: Comparison) -> None:
    """Records by what became of them, each with its texts in both versions."""
    part(t("versions.records"), t("versions.records_explained"))
    counts = {status: getattr(found.records, status) for status in STATUSES}
    present = [status for status in ("edited", "added", "removed", "unchanged") if counts[status]]
    if not present:
        return
    status = choose(
        "status", present, present[0], t("versions.status"), lambda one: t(f"versions.status_{one}", n=counts[one])
    )
    rows = _diff(found.folder, found)
    rows = rows[rows["status"] == status].reset_index(drop=True)
    key = f"versions-{status}"
    if status == "edited":
        part_chosen = _choose_edit(found)
        rows, key = _edited(rows, part_chosen), f"{key}-{part_chosen}"
    page = page_picker(len(rows), ROWS, key)
    shown = rows.iloc[page * ROWS : (page + 1) * ROWS].reset_index(drop=True)
    old = texts(before, shown["record_id_before"].dropna().tolist())
    new = texts(after, shown["record_id_after"].dropna().tolist())
    chosen = _pick(shown, old, new, f"{key}-{page}")
    _open_pair(shown.iloc[chosen], old, new, found)


def _choose_edit(found: Comparison) -> str:
    """What must have changed about the edited records that are shown."""
    counts = {part: n for part, n in found.edits.model_dump().items() if n}
    labels = {ANY: t("versions.edit_any", n=found.records.edited)} | {
        part: t("versions.edit_of", part=t(f"versions.edit.{part}"), n=n) for part, n in counts.items()
    }
    return choose_from_list("edit", labels, ANY, t("versions.edit_filter"), labels.__getitem__, width=260)


def _edited(rows: pd.DataFrame, wanted: str) -> pd.DataFrame:
    if wanted == ANY:
        return rows
    return rows[[wanted in changed for changed in rows["changed"]]].reset_index(drop=True)


def texts(view: View, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """record_id → record_id, task_type, system, turns and origin of a few records."""
    if not ids:
        return {}
    frame = view.query(
        "select record_id, array_to_string(task_type, ' · ') as task_type, coalesce(system, '') as system, "
        "turns, source_file, source_line from records where record_id in (select unnest(?))",
        [[str(one) for one in ids]],
    )
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    for row in rows:
        row["origin"] = origin_text(view.report, row["source_file"], int(row["source_line"]))
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
    if (shown["status"] == "edited").any():
        frame.insert(0, "changed", [edit_names(changed) for changed in shown["changed"]])
        config["changed"] = st.column_config.Column(t("versions.edit_filter"), width=150)
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


def edit_names(changed: Sequence[str]) -> str:
    """What changed about a record, in words."""
    return t("versions.comma").join(t(f"versions.edit.{part}") for part in changed)


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
        facts.append(edit_names(row["changed"]))
        facts.append(t(f"versions.matched.{row['matched_by']}", similarity=_similarity(row)))
    for version, record in ((found.before, first), (found.after, second)):
        if record:
            named = f"{one_line(version, 40)}: {one_line(str(record['record_id']), 60)}"
            facts.append(f"{named} · {record['origin']}")
    return [tag("span", fact, class_="dv-chip") for fact in facts]


def _similarity(row: pd.Series[Any]) -> str:
    return "–" if pd.isna(row["similarity"]) else percent(float(row["similarity"]))


def _parts(first: Any, second: Any) -> list[tuple[str, str, str]]:
    """(part, text before, text after) of a record: type, system prompt, then each turn's prompt and answer. A turn that
    was added or left out stands beside nothing."""
    found = [(name, _said(first, name), _said(second, name)) for name in ("task_type", "system")]
    old, new = ([(turn["query"], turn["answer"]) for turn in one["turns"]] if one else [] for one in (first, second))
    several = len(old) > 1 or len(new) > 1
    for at, to in _beside(old, new):
        for side, name in enumerate(("prompt", "answer")):
            before, after = ("" if place is None else turns[place][side] for turns, place in ((old, at), (new, to)))
            place = to if to is not None else at
            title = name if not several or place is None else _of_turn(name, place)
            found.append((title, before, after))
    return found


def _of_turn(name: str, place: int) -> str:
    return t("versions.turn", part=t(f"versions.part.{name}"), n=place + 1)


def _beside(old: list[Turn], new: list[Turn]) -> Iterator[tuple[int | None, int | None]]:
    """The places of turns that stand beside each other; None where a side has none."""
    if len(old) == len(new):
        yield from ((at, at) for at in range(len(old)))
        return
    for _, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for step in range(max(j - i, m - k)):
            yield (i + step if i + step < j else None, k + step if k + step < m else None)


def _said(record: Any, name: str) -> str:
    return str(record[name]) if record else ""
