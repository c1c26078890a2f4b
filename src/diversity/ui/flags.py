"""What the analysis says about single records: each flag a table, a condition on its rows, and its words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from diversity.ui.view import View


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag of records: those with a row in `table` where `condition` (SQL over its columns) holds. `flag.<name>` is
    its name."""

    name: str
    table: str
    condition: str


FLAGS = (
    Flag("answer_exact", "answer_duplicates", "kind = 'exact'"),
    Flag("answer_near", "answer_duplicates", "kind = 'near'"),
    Flag("answer_semantic", "answer_duplicates", "kind = 'semantic'"),
    Flag("answer_drop", "answer_duplicates", "suggestion <> 'keep'"),
    Flag("prompt_exact", "prompt_duplicates", "kind = 'exact'"),
    Flag("prompt_near", "prompt_duplicates", "kind = 'near'"),
    Flag("prompt_semantic", "prompt_duplicates", "kind = 'semantic'"),
    Flag("no_task_type", "records", "task_type_1 is null"),
    Flag("key_head", "key_info_position", "class = 'localised' and position < 1.0 / 3"),
    Flag("key_middle", "key_info_position", "class = 'localised' and position between 1.0 / 3 and 2.0 / 3"),
    Flag("key_tail", "key_info_position", "class = 'localised' and position > 2.0 / 3"),
    Flag("key_none", "key_info_position", "class = 'none'"),
    Flag("topic_switch", "topic_switch", "class = 'unrelated'"),
    Flag("system_effective", "system_effect", "class = 'effective'"),
    Flag("system_decorative", "system_effect", "class = 'decorative'"),
    Flag("wording_common", "prompt_wording", "task_type is not null and frame_share >= 0.25 and frame_size >= 5"),
)
BY_NAME = {flag.name: flag for flag in FLAGS}


def available_flags(view: View) -> list[Flag]:
    """The flags whose table this report has."""
    return [flag for flag in FLAGS if flag.table == "records" or view.has(flag.table)]


def flags_of(view: View, record_ids: Collection[str]) -> dict[str, list[str]]:
    """record_id → names of its flags, for a page of records."""
    found: dict[str, list[str]] = {record_id: [] for record_id in record_ids}
    flags = available_flags(view)
    if not found or not flags:
        return found
    # Flag names, tables and conditions are this module's own words; the ids go through parameters.
    one = "select record_id, '{name}' as flag from \"{table}\" where record_id in (select unnest(?)) and ({condition})"
    sql = " union ".join(one.format(name=flag.name, table=flag.table, condition=flag.condition) for flag in flags)
    rows = view.query(f"select distinct record_id, flag from ({sql})", [list(found)] * len(flags))
    names = {flag.name: place for place, flag in enumerate(FLAGS)}
    for record_id, name in sorted(zip(rows["record_id"], rows["flag"], strict=True), key=lambda pair: names[pair[1]]):
        found[record_id].append(name)
    return found
