"""The rows of a stored report that a comparison looks at: one turn of every record with its lengths and labels, and
what every record and turn says."""

from __future__ import annotations

import pandas as pd

from diversity.metrics.base import Tables
from diversity.stored_report import StoredReport

LENGTHS = "lengths"
CLASS = "class"
# White space at the ends, line ends and how letters are composed come and go with the tools that write a file, and are
# no difference here either.
_LINES = "nfc_normalize(replace(replace({}, '\r\n', '\n'), '\r', '\n'))"
EDGE = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_BARE = f"trim({_LINES}, '{EDGE}')"
_CONTENT = f"""
    md5({_BARE.format("coalesce(system, '')")} || chr(30) || array_to_string(list_transform(turns,
        lambda said: {_BARE.format("said.query")} || chr(31) || {_BARE.format("said.answer")}), chr(30)))
"""
# One turn a record, so that rows are independent of each other: the turns of a conversation are not. Which one is drawn
# by the record's opening, so that edits further down leave the draw as it is.
_UNITS = f"""
    with drawn as (
        select *, list_transform(range(turn_count),
            lambda turn: md5({_BARE.format("turns[1].query")} || chr(31) || turn)) as lots
        from records where turn_count > 0
    ), one as (
        select * exclude (lots), (list_position(lots, list_min(lots)) - 1)::integer as turn from drawn
    ), bare as (
        select *, {_BARE.format("turns[one.turn + 1].query")} as query,
            {_BARE.format("turns[one.turn + 1].answer")} as answer, {_CONTENT} as content_key from one
    )
    select record_id, bare.turn, content_key, turn_count, task_type_1, task_type_2, md5(query) as prompt_key,
        md5(answer) as answer_key, query <> '' as has_prompt, answer <> '' as has_answer, {{lengths}}
    from bare {{join}} order by record_id
"""
_OF_LENGTHS = ("prompt_tokens", "answer_tokens", "prompt_language", "answer_language")


def units_of(stored: StoredReport) -> pd.DataFrame:
    """One row a record, in a fixed order: record_id, turn, what identifies its content and texts, labels, lengths.

    Lengths and languages are missing where the report has none.
    """
    has = stored.has_table(LENGTHS)
    columns = ", ".join(_OF_LENGTHS) if has else ", ".join(f"null as {name}" for name in _OF_LENGTHS)
    return stored.query(
        _UNITS.format(lengths=columns, join=f"left join {LENGTHS} using (record_id, turn)" if has else "")
    )


def record_contents(stored: Tables) -> pd.DataFrame:
    """record_id and record_key of every record, in a fixed order."""
    return stored.query(f"select record_id, {_CONTENT} as record_key from records order by record_id")


def turn_contents(stored: Tables) -> pd.DataFrame:
    """record_id, turn, prompt_key, answer_key and record_key of every turn, in a fixed order."""
    return stored.query(
        f"""select record_id, said.turn, md5({_BARE.format("said.one.query")}) as prompt_key,
            md5({_BARE.format("said.one.answer")}) as answer_key, record_key
        from (select record_id, {_CONTENT} as record_key, unnest(list_transform(range(turn_count),
            lambda place: {{'turn': place, 'one': turns[place + 1]}})) as said from records)
        order by record_id, said.turn"""
    )


def class_tables(stored: StoredReport) -> list[str]:
    """Tables that put every record or turn they hold into a class."""
    return [name for name in stored.tables if {"record_id", CLASS} <= set(_columns(stored, name))]


def classes_of(stored: StoredReport, table: str) -> pd.DataFrame:
    """record_id, turn, content_key and class of every row of such a table, in a fixed order."""
    turn = "c.turn" if "turn" in _columns(stored, table) else "0"
    return stored.query(
        f'select record_id, {turn} as turn, r.content_key, c."{CLASS}" as "{CLASS}" from "{table}" c '
        f"join (select record_id, {_CONTENT} as content_key from records) r using (record_id) "
        f'where c."{CLASS}" is not null order by record_id, turn'
    )


def _columns(stored: StoredReport, table: str) -> list[str]:
    return list(stored.query(f'select * from "{table}" limit 0').columns)
