"""Finding records: a filter as data, and the SQL it becomes. Values always go through parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from diversity.ui.flags import BY_NAME
from diversity.ui.view import View

Order = Literal["reading", "prompt_longest", "prompt_shortest", "answer_longest", "answer_shortest"]
ORDERS: tuple[Order, ...] = ("reading", "prompt_longest", "prompt_shortest", "answer_longest", "answer_shortest")
PAGE_ROWS = 50
SHOWN_CHARACTERS = 400

_TURNS = "list_transform(turns, lambda t: concat_ws(chr(10), t.query, t.answer))"
_TEXT = f"concat_ws(chr(10), system, array_to_string({_TURNS}, chr(10)))"
_ORDER_SQL: dict[Order, str] = {
    "reading": "source_file, source_line, record_id",
    "prompt_longest": "prompt_tokens desc nulls last, source_file, source_line, record_id",
    "prompt_shortest": "prompt_tokens nulls last, source_file, source_line, record_id",
    "answer_longest": "answer_tokens desc nulls last, source_file, source_line, record_id",
    "answer_shortest": "answer_tokens nulls last, source_file, source_line, record_id",
}
_LENGTHS = """select record_id, max(prompt_tokens) as prompt_tokens, max(answer_tokens) as answer_tokens
    from lengths group by record_id"""
_NO_LENGTHS = (
    "select null::varchar as record_id, null::bigint as prompt_tokens, null::bigint as answer_tokens where false"
)


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records. An empty or None field does not filter; `task_type` None means any, "" means none given.

    Lengths are in tokens, of the longest prompt or answer of a record.
    """

    text: str = ""
    task_type: str | None = None
    language: str = ""
    flag: str = ""
    several_turns: bool | None = None
    has_system: bool | None = None
    prompt_tokens: tuple[int, int] | None = None
    answer_tokens: tuple[int, int] | None = None


def count_records(view: View, wanted: RecordFilter) -> int:
    """How many records the filter lets through."""
    where, params = _where(view, wanted)
    return view.count(
        f"select count(*) from records left join ({_lengths(view)}) l using (record_id) where {where}", params
    )


def find_records(view: View, wanted: RecordFilter, order: Order, page: int, rows: int = PAGE_ROWS) -> pd.DataFrame:
    """One page of records, from page 0: record_id, task types, the beginning of the first prompt and answer, turn
    count, tokens."""
    where, params = _where(view, wanted)
    keys = f"""select record_id, prompt_tokens, answer_tokens, source_file, source_line
        from records left join ({_lengths(view)}) l using (record_id) where {where}
        order by {_ORDER_SQL[order]} limit ? offset ?"""
    # The page's keys first: sorting must not carry the texts along.
    sql = f"""with page as ({keys})
        select record_id, task_type_1, task_type_2, left(turns[1].query, {SHOWN_CHARACTERS}) as prompt,
        left(turns[1].answer, {SHOWN_CHARACTERS}) as answer,
               turn_count, page.prompt_tokens, page.answer_tokens
        from page join records using (record_id) order by {_ORDER_SQL[order].replace("source_", "page.source_")}"""
    return view.query(sql, [*params, rows, page * rows])


def task_type_names(view: View) -> list[str]:
    """Level-1 task types, most frequent first."""
    sql = "select task_type_1 from records where task_type_1 is not null group by 1 order by count(*) desc, 1"
    return [str(name) for name in view.query(sql)["task_type_1"]]


def _lengths(view: View) -> str:
    return _LENGTHS if view.has("lengths") else _NO_LENGTHS


def _where(view: View, wanted: RecordFilter) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    params: list[Any] = []
    if wanted.text:
        conditions.append(f"(record_id = ? or contains(lower({_TEXT}), lower(?)))")
        params += [wanted.text.strip(), wanted.text]
    if wanted.task_type is not None:
        conditions.append("task_type_1 is not distinct from ?")
        params.append(wanted.task_type or None)
    if wanted.language and view.has("lengths"):
        conditions.append("record_id in (select record_id from lengths where prompt_language = ?)")
        params.append(wanted.language)
    if wanted.flag in BY_NAME:
        flag = BY_NAME[wanted.flag]
        conditions.append(f'record_id in (select record_id from "{flag.table}" where {flag.condition})')
    if wanted.several_turns is not None:
        conditions.append("turn_count > 1" if wanted.several_turns else "turn_count = 1")
    if wanted.has_system is not None:
        conditions.append("coalesce(system, '') <> ''" if wanted.has_system else "coalesce(system, '') = ''")
    for column, bounds in (("prompt_tokens", wanted.prompt_tokens), ("answer_tokens", wanted.answer_tokens)):
        if bounds is not None:
            conditions.append(f"{column} between ? and ?")
            params += bounds
    return " and ".join(conditions) or "true", params
