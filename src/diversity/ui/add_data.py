"""The add-data page: choose a file, see how it will be read, name it, run."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from diversity.errors import DiversityError
from diversity.ingest import Preview, input_names, preview
from diversity.jobs import start_job
from diversity.records import Record
from diversity.ui.i18n import t, t_or
from diversity.ui.markup import show, tag
from diversity.ui.page import say_nothing_here
from diversity.ui.safe import one_line
from diversity.ui.uploads import embedder_allowed, keep_upload, paths_allowed, sweep_uploads
from diversity.ui.verdict import banner
from diversity.ui.view import current_store, entries, versions_of
from diversity.ui.watch import facts_line, remember
from diversity.words.checks import error_sentence
from diversity.words.details import detail_sentence
from diversity.words.places import place_text

MAPPED = ("prompt", "input", "answer", "system", "history", "messages", "task_type", "task_type_2", "id")
PREVIEW_ROWS = 20
UNUSED_SHOWN = 12
FEWEST_ALIKE = 5
AS_RECOGNISED = ""
_SUFFIXES = re.compile(r"(\.(jsonl?|ndjson|csv|tsv|parquet|txt|gz))+$", re.IGNORECASE)


def choose_source() -> list[Path]:
    """Files by upload, or by path where that is allowed; empty until something is chosen."""
    ways = ["upload", "path"] if paths_allowed() else ["upload"]
    way = "upload"
    if len(ways) > 1:
        way = (
            st.segmented_control(
                t("add.source"),
                ways,
                default="upload",
                format_func={way: t(f"add.{way}") for way in ways}.__getitem__,
                key="add-way",
                required=True,
                label_visibility="collapsed",
            )
            or way
        )
    return _uploaded() if way == "upload" else _named()


def draw_preview(paths: list[Path]) -> tuple[Preview, dict[str, str]] | None:
    """What was recognised, the first rows as they will be read, and the mapping; None when nothing can be read. Of
    several files the reader chooses which to look at."""
    show(tag("div", t("add.recognised"), class_="dv-group"))
    stamped = _stamped(paths)
    try:
        chosen_file = _looked_at(_names(stamped))
        place = st.container()
        first = _preview(stamped, {}, chosen_file)
        chosen = _mapping(first)
        found = _preview(stamped, chosen, chosen_file) if chosen else first
    except DiversityError as error:
        banner(error_sentence(error.code, str(error), error.facts), "fail", word=t("add.cannot_read"))
        return None
    except OSError as error:
        _say_unreadable(error)
        return None
    with place:
        _draw_found(found)
    return found, chosen


def draw_start(paths: list[Path], found: Preview, field_map: Mapping[str, str]) -> None:
    """Names of data set and version, and the button that starts the analysis."""
    show(tag("div", t("add.name"), class_="dv-group"))
    first, second, third = st.columns([3, 2, 2])
    with first:
        dataset = st.text_input(
            t("add.dataset"), value=default_name(paths, found.files[0]), key=f"add-dataset-{found.files[0]}"
        ).strip()
    with second:
        version = st.text_input(
            t("add.version"), value=next_version(versions_of(dataset)), key=f"add-version-{dataset}"
        ).strip()
    with third:
        embedder = (
            st.text_input(t("add.embedder"), value="default", help=t("add.embedder_help"), key="add-embedder").strip()
            or "default"
        )
    allowed = embedder_allowed(embedder)
    if not allowed:
        banner(t("add.embedder_refused"), "fail", word=t("add.refused"))
    exists = any(entry.dataset == dataset and entry.version == version for entry in entries())
    replace = exists and st.checkbox(t("add.replace"), key="add-replace")
    if st.button(
        t("add.start"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=not dataset or not version or not allowed or (exists and not replace),
    ):
        args = [str(path.absolute()) for path in paths]
        # One argument each: a name that starts with a dash is no option.
        args += [f"--dataset={dataset}", f"--version={version}", f"--embedder={embedder}"]
        args += [f"--map={ours}={theirs}" for ours, theirs in field_map.items()]
        remember([start_job(current_store().root, [*args, "--replace"] if replace else args)])
        st.session_state["_add_round"] = st.session_state.get("_add_round", 0) + 1
        st.rerun()


def default_name(paths: Sequence[Path], first: str) -> str:
    """A data set's name from that of its folder, else of its first file."""
    alone = paths[0].absolute() if len(paths) == 1 else None
    return (alone.name if alone is not None and alone.is_dir() else _SUFFIXES.sub("", Path(first).name)) or "data"


def next_version(versions: list[str]) -> str:
    """v1, or the number after the highest of versions named v1, v2, …"""
    numbers = [int(match[1]) for match in (re.fullmatch(r"v(\d+)", version) for version in versions) if match]
    return f"v{max(numbers, default=0) + 1}"


def task_type_map(chosen: Mapping[str, str], recognised: Mapping[str, str]) -> dict[str, str]:
    """The field map with the two levels of task type named as pairs are, where there is a second level.

    A level that was left as recognised stays beside the one that was chosen.
    """
    mapped = dict(chosen)
    if mapped.keys() & {"task_type", "task_type_2"}:
        mapped = {name: field for name in ("task_type", "task_type_2") if (field := as_recognised(name, recognised))}
        mapped |= chosen
    second = mapped.pop("task_type_2", None)
    if second is not None:
        mapped |= (
            {"task_type_1": mapped.pop("task_type"), "task_type_2": second}
            if "task_type" in mapped
            else {"task_type": second}
        )
    return mapped


def as_recognised(name: str, recognised: Mapping[str, str]) -> str | None:
    """The field that was recognised as one of MAPPED; the first of two levels is what the map calls the task type."""
    return recognised.get(name) or (recognised.get("task_type_1") if name == "task_type" else None)


def _uploaded() -> list[Path]:
    root = current_store().root
    sweep_uploads(root)
    files = st.file_uploader(
        t("add.drop"),
        accept_multiple_files=True,
        key=f"add-upload-{st.session_state.get('_add_round', 0)}",
        help=t("add.formats"),
    )
    kept: dict[str, str] = st.session_state.setdefault("_uploads", {})
    for file in files:
        if not Path(kept.get(file.file_id, "")).is_file():
            kept[file.file_id] = str(keep_upload(root, file.name, file))
    return [Path(kept[file.file_id]) for file in files]


def _named() -> list[Path]:
    text = st.text_input(
        t("add.path_label"), placeholder=t("add.path_hint"), key=f"add-path-{st.session_state.get('_add_round', 0)}"
    )
    said = text.strip().strip("\"'")
    if not said:
        return []
    try:
        path = Path(said).expanduser()
        there = path.exists()
    except OSError as error:
        _say_unreadable(error)
        return []
    except RuntimeError:
        # "~somebody" without such a user.
        path, there = Path(said), False
    if not there:
        banner(t("add.no_such_path", path=str(path)), "fail", word=t("add.cannot_read"))
    return [path] if there else []


def _say_unreadable(error: OSError) -> None:
    said = t("add.unreadable", path=str(error.filename), reason=error.strerror or type(error).__name__)
    banner(said, "fail", word=t("add.cannot_read"))


def _looked_at(names: Sequence[str]) -> int:
    """The number of the file whose rows are shown."""
    if len(names) == 1:
        return 0
    folder = os.path.commonpath([Path(name).parent for name in names])
    shown = [os.path.relpath(name, folder or ".") for name in names]
    return st.selectbox(
        t("add.which_file", n=len(names)),
        range(len(names)),
        format_func=lambda at: one_line(shown[at]),
        help=t("add.which_file_help"),
        key=f"add-file-{names[0]}-{len(names)}",
    )


def _mapping(found: Preview) -> dict[str, str]:
    if not st.toggle(t("add.map"), key="add-map", help=t("add.map_help")):
        return {}
    chosen: dict[str, str] = {}
    columns = st.columns(3)
    for place, name in enumerate(MAPPED):
        key = f"map-{name}-{found.files[0]}"
        # Kept where another file, which lacks the field, is looked at: the map is for all of them.
        kept = [field] if (field := st.session_state.get(key)) and field not in found.fields else []
        options = [AS_RECOGNISED, *found.fields, *kept]
        unset = t("add.as_recognised", field=as_recognised(name, found.field_map) or t("add.none"))
        with columns[place % 3]:
            picked = st.selectbox(t(f"field.{name}"), options, format_func=partial(_field_label, unset), key=key)
        if picked:
            chosen[name] = picked
    return task_type_map(chosen, found.field_map)


def _field_label(unset: str, field: str) -> str:
    return one_line(field, 60) or unset


def _draw_found(found: Preview) -> None:
    fields = ", ".join(f"{t_or(f'field.{ours}', ours)} ← {theirs}" for ours, theirs in found.field_map.items())
    packed = [found.compression] if found.compression else []
    facts = [Path(found.file).name, found.format, *packed, found.encoding, t_or(f"shape.{found.shape}", found.shape)]
    show(facts_line(*facts))
    if fields:
        show(facts_line(t("add.fields", fields=fields)))
    if found.unused:
        show(facts_line(_said_unused(found.unused)))
    if found.problems:
        first = found.problems[0]
        banner(
            t(
                "add.problems",
                n=len(found.problems),
                place=place_text(first.line, found.by_line),
                reason=t_or(f"reason.{first.reason}", first.reason),
                detail=detail_sentence(first.detail),
            ),
            "warn" if found.records else "fail",
            word=None if found.records else t("add.cannot_read"),
        )
    if found.beside:
        banner(t("add.long_labels", n=len(found.beside), detail=detail_sentence(found.beside[0].detail)), "warn")
    if not found.records:
        say_nothing_here(t("add.no_record", fields=", ".join(found.fields) or "–"))
        return
    for side, text in constant_sides(found.records).items():
        field = found.field_map.get(side) or found.field_map.get("messages", "–")
        said = {"side": t(f"field.{side}"), "text": one_line(text, 40), "field": one_line(field, 40)}
        banner(t("add.constant", n=len(found.records), **said), "warn")
    st.dataframe(
        _rows(found),
        hide_index=True,
        column_config={name: st.column_config.Column(t(_heading(name, found))) for name in _rows(found).columns},
    )
    if len(found.records) >= PREVIEW_ROWS:
        show(tag("div", t("add.first_rows", n=len(found.records)), class_="dv-muted"))


def constant_sides(records: Sequence[Record]) -> dict[str, str]:
    """prompt or answer → its text, where that is the same in all records and there are enough to be surprised."""
    if len(records) < FEWEST_ALIKE:
        return {}
    sides = {
        "prompt": {record.turns[0].query.strip() for record in records},
        "answer": {record.turns[0].answer.strip() for record in records},
    }
    return {side: next(iter(texts)) for side, texts in sides.items() if len(texts) == 1}


def _said_unused(names: Sequence[str]) -> str:
    fields = ", ".join(one_line(name, 40) for name in names[:UNUSED_SHOWN])
    more = len(names) - UNUSED_SHOWN
    return t("add.unused_more", fields=fields, n=more) if more > 0 else t("add.unused", fields=fields)


def _heading(column: str, found: Preview) -> str:
    return "column.row" if column == "line" and not found.by_line else f"column.{column}"


def _rows(found: Preview) -> pd.DataFrame:
    rows = [
        {
            "line": str(record.source["line"]),
            "task_type": " · ".join(record.task_type),
            "system": one_line(record.system or "", 80),
            "turn_count": len(record.turns),
            "prompt": one_line(record.turns[0].query),
            "answer": one_line(record.turns[0].answer),
        }
        for record in found.records
    ]
    frame = pd.DataFrame(rows)
    return frame.drop(columns=[name for name in ("task_type", "system") if not frame[name].any()])


def _stamped(paths: list[Path]) -> tuple[tuple[str, int], ...]:
    return tuple((str(path), path.stat().st_mtime_ns) for path in paths)


@st.cache_data(max_entries=16, show_spinner=False)
def _names(stamped: tuple[tuple[str, int], ...]) -> tuple[str, ...]:
    return input_names([Path(path) for path, _ in stamped])


@st.cache_data(max_entries=16, show_spinner=False)
def _preview(stamped: tuple[tuple[str, int], ...], field_map: dict[str, str], file: int) -> Preview:
    return preview([Path(path) for path, _ in stamped], field_map or None, limit=PREVIEW_ROWS, file=file)
