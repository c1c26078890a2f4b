"""Everything measured about one record: a small table for each of the report's tables that speaks of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from diversity.ui.i18n import number, t, t_or
from diversity.ui.markup import Markup, show, tag
from diversity.ui.safe import block, one_line
from diversity.ui.view import View

MOST_ROWS = 100
SIDE_BY_SIDE = 3
CELL = 200
DECIMALS = 3
# What a reader can use, in the order of reading. Left out are numbers that only lead to other rows.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "task_types": ("task_type_1", "task_type_2"),
    "lengths": ("turn", "prompt_tokens", "answer_tokens", "context_tokens", "prompt_language", "answer_language"),
    "answer_duplicates": ("turn", "kind", "similarity", "representative_id", "suggestion", "reason", "reason_id"),
    "prompt_duplicates": ("turn", "kind", "similarity", "representative_id", "suggestion", "reason", "reason_id"),
    "prompt_openings_records": ("turn", "text"),
    "answer_openings_records": ("turn", "text"),
    "answer_closings_records": ("turn", "text"),
    "key_info_position": ("turn", "class", "position", "head", "middle", "tail", "instruction_position"),
    "length_instructions": ("turn", "source", "unit", "relation", "low", "high", "actual", "kept"),
    "prompt_wording": ("turn", "frame", "frame_size", "verb", "object"),
    "trigger_tokens": ("turn", "token"),
    "shortcut_probes": ("turn", "target", "label", "whole", "first_8", "last_8", "trigger_5", "system", "length"),
    "shortcut_records": ("turn", "target", "view", "label", "margin"),
    "topic_switch": ("turn", "class", "score", "similarity"),
    "system_effect": ("class", "score"),
    "semantic_map": ("turn", "field", "cluster"),
    "set_diversity": ("turn", "field", "nearest_distance", "nearest_id", "novelty"),
    "task_type_suggestions": ("given", "suggested", "confidence", "agreement", "nearest_id"),
}
# Where the catalogue keeps the words for a column's codes.
WORDS: Mapping[tuple[str, str], str] = {
    **{(f"{side}_duplicates", name): f"dup.{prefix}" for side in ("answer", "prompt")
       for name, prefix in (("kind", "kind."), ("suggestion", ""), ("reason", "reason."))},
    ("lengths", "prompt_language"): "language.",
    ("lengths", "answer_language"): "language.",
    ("key_info_position", "class"): "key.class.",
    ("key_info_position", "instruction_position"): "key.instruction.",
    ("length_instructions", "source"): "field.",
    ("length_instructions", "unit"): "length_unit.",
    ("length_instructions", "relation"): "length_relation.",
    ("shortcut_probes", "target"): "shortcuts.target.",
    ("shortcut_records", "target"): "shortcuts.target.",
    ("shortcut_records", "view"): "word.seen_",
    ("topic_switch", "class"): "talk.class.",
    ("system_effect", "class"): "system.class.",
    ("semantic_map", "field"): "field.",
    ("set_diversity", "field"): "field.",
}  # fmt: skip


def draw_facts(view: View, row: Mapping[str, Any]) -> None:
    """A table for each metric that has something to say, and the fields of the source that nothing was read from."""
    for table in COLUMNS:
        if not view.has(table):
            continue
        rows = view.query(f'select * from "{table}" where record_id = ? limit {MOST_ROWS}', [row["record_id"]])
        if not rows.empty:
            facts = shown_facts(table, rows)
            # A row that only says which turn it is about says nothing.
            if list(facts.columns) != [_heading(table, "turn")]:
                show(tag("div", t_or(f"table.{table}", table), class_="dv-muted"))
                show(facts_table(facts))
    extra = json.loads(row["source"]) if row.get("source") else {}
    if extra:
        show(tag("div", t("record.other_fields"), class_="dv-muted"))
        block(json.dumps(extra, ensure_ascii=False, indent=2))


def facts_table(facts: pd.DataFrame) -> Markup:
    """A few rows as a column each beside their headings, more under them; lines break, so that nothing is cut off."""
    if len(facts) > SIDE_BY_SIDE:
        head = tag("tr", *(tag("th", str(heading)) for heading in facts))
        rows = [tag("tr", *map(_cell, row)) for row in facts.itertuples(index=False, name=None)]
        return tag("table", tag("thead", head), tag("tbody", *rows), class_="dv-facts beside")
    rows = [tag("tr", tag("th", str(heading)), *map(_cell, facts[heading].tolist())) for heading in facts]
    return tag("table", tag("tbody", *rows), class_="dv-facts beside")


def _cell(value: Any) -> Markup:
    if not isinstance(value, str):
        value = "" if value is None or value != value else number(value)
    return tag("td", one_line(value, CELL))


def shown_facts(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows under headings and with words of the reader's language; turns count from 1, what is not there is
    blank."""
    columns = [name for name in COLUMNS[table] if name in rows.columns]
    shown = {
        _heading(table, name): [_shown(WORDS.get((table, name)), name, value) for value in rows[name].tolist()]
        for name in columns
    }
    # A column of texts has blank cells; one of numbers has empty ones.
    return pd.DataFrame(
        {
            heading: ["" if one is None else one for one in cells] if str in map(type, cells) else cells
            for heading, cells in shown.items()
            if any(one is not None for one in cells)
        }
    )


def _heading(table: str, name: str) -> str:
    return t_or(f"fact.{table}.{name}", t_or(f"fact.{name}", t_or(f"column.{name}", name)))


def _shown(words: str | None, name: str, value: Any) -> Any:
    if value is None or value != value or value == "" or (name == "cluster" and value < 0):
        return None
    if isinstance(value, bool):
        return t("fact.yes") if value else t("fact.no")
    if name == "turn":
        return int(value) + 1
    if isinstance(value, float):
        rounded = round(value, DECIMALS)
        return int(rounded) if rounded.is_integer() else rounded
    return value if words is None else t_or(f"{words}{value}", str(value))
