"""What the duplicates page asks a report: repeats by kind, clusters, their members, quadrants, and the rows to
export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from diversity.export.duplicates import Of, flagged_duplicates
from diversity.figures import KINDS_SQL
from diversity.neighbors.exact import fold_keys
from diversity.neighbors.prompts import question_keys
from diversity.ui.view import View

KINDS = ("exact", "near", "semantic")
QUADRANTS = (
    "same_prompt_same_answer",
    "same_prompt_different_answers",
    "different_prompts_same_answer",
    "different_prompts_different_answers",
)
REPEATED = QUADRANTS[:3]
EXCERPT = 240

Unit = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Side:
    """Answers or prompts: the metric, its table, and the field of a turn."""

    name: Of
    metric: str
    table: str
    field: str
    tokens: str


SIDES = {
    "answer": Side("answer", "answer_duplication", "answer_duplicates", "answer", "answer_tokens"),
    "prompt": Side("prompt", "prompt_duplication", "prompt_duplicates", "query", "prompt_tokens"),
}


def by_kind(view: View, side: Side) -> pd.DataFrame:
    """kind, units, tokens: repeats (those beside the one that a cluster keeps) by kind, and `unique` for the rest."""
    return view.query(KINDS_SQL.format(field=side.name))


def clusters(
    view: View, side: Side, kinds: Sequence[str], only: Sequence[int] | None, order: str, page: int, rows: int
) -> pd.DataFrame:
    """A page of clusters: cluster_id, size, kinds, types, tokens, records and the text they are built around."""
    where, params = _cluster_filter(kinds, only)
    # Clusters are numbered by size.
    ranked = {"drops": "drops desc, cluster_id", "size": "cluster_id", "tokens": "tokens desc, cluster_id"}[order]
    return view.query(
        f"""
        with page as (select * from ({_CLUSTERS.format(side=side)}) where {where} order by {ranked} limit ? offset ?)
        select page.cluster_id, size, kinds, types, tokens, drops, left(r.turns[page.turn + 1].{side.field},
            {EXCERPT}) as text,
            record_id, turn
        from page join records r using (record_id) order by {ranked}
        """,
        [*params, rows, page * rows],
    )


def count_clusters(view: View, side: Side, kinds: Sequence[str], only: Sequence[int] | None) -> int:
    """How many clusters the filters let through."""
    where, params = _cluster_filter(kinds, only)
    return view.count(f"select count(*) from ({_CLUSTERS.format(side=side)}) where {where}", params)


_CLUSTERS = """
    select cluster_id, count(*) as size, any_value(kind) filter (where reason = 'representative') as kind,
        list_sort(list_distinct(list(kind))) as kinds,
        array_to_string(list_sort(list_distinct(list(t.task_type_1))), ' · ') as types,
        sum({side.tokens})::bigint as tokens, count(*) filter (where suggestion <> 'keep') as drops,
        any_value(record_id) filter (where reason = 'representative') as record_id,
        any_value(turn) filter (where reason = 'representative') as turn
    from {side.table} d join lengths using (record_id, turn) join records t using (record_id) group by cluster_id
"""


def _cluster_filter(kinds: Sequence[str], only: Sequence[int] | None) -> tuple[str, list[Any]]:
    conditions = ["list_contains(?, kind)"]
    params: list[Any] = [list(kinds)]
    if only is not None:
        conditions.append("list_contains(?, cluster_id)")
        params.append([int(one) for one in only])
    return " and ".join(conditions), params


def members(view: View, side: Side, cluster_id: int, limit: int) -> pd.DataFrame:
    """The members of a cluster with both texts, the one it is built around first."""
    return view.query(
        f"""
        select record_id, turn, d.kind, similarity, suggestion, reason, source_file, source_line,
            concat_ws(' · ', r.task_type_1, r.task_type_2) as task_type,
            r.turns[d.turn + 1].query as prompt, r.turns[d.turn + 1].answer as answer
        from {side.table} d join records r using (record_id) where cluster_id = ?
        order by reason <> 'representative', similarity desc, source_file, source_line, turn limit ?
        """,
        [cluster_id, limit],
    )


def quadrant_units(view: View) -> pd.DataFrame:
    """record_id, turn, cluster_id, question (what is the same prompt has the same number) and one flag a quadrant,
    in reading order."""
    found: pd.DataFrame = _quadrant_units(view.stored.fingerprint, view)
    return found


@st.cache_data(max_entries=4, show_spinner=False)
def _quadrant_units(fingerprint: str, _view: View) -> pd.DataFrame:
    units = _view.query(
        """
        with units as (
            select record_id, source_file, source_line, generate_subscripts(turns, 1) - 1 as turn,
                unnest(turns) as said from records
        )
        select record_id, turn::int as turn, said.query as query, trim(said.answer) <> '' as answered,
            coalesce(cluster_id, -1) as cluster_id
        from units left join answer_duplicates using (record_id, turn) order by source_file, source_line,
            record_id, turn
        """
    )
    keys = fold_keys(pa.chunked_array([pa.array(units["query"])]))
    asked = question_keys(keys, units["turn"].to_numpy(dtype=np.int32))
    cluster = units["cluster_id"].to_numpy(dtype=np.int64)
    said = np.where(cluster >= 0, cluster, cluster.max(initial=-1) + 1 + np.arange(len(cluster)))
    used = (asked != 0) & units["answered"].to_numpy(dtype=bool)
    frame: pd.DataFrame = units.loc[used, ["record_id", "turn", "cluster_id"]].reset_index(drop=True)
    frame["question"] = np.unique(asked[used], return_inverse=True)[1]
    return frame.assign(**_flags(frame["question"].to_numpy(), said[used]))


def _flags(asked: np.ndarray[Any, Any], said: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Which units fall into each quadrant, as the metric counts them."""
    said = np.unique(said, return_inverse=True)[1]
    both = np.unique(asked * (said.max(initial=0) + 1) + said, return_inverse=True)[1]
    with_prompt, with_answer, with_both = (np.bincount(column)[column] for column in (asked, said, both))
    flags = (with_both > 1, with_prompt > with_both, with_answer > with_both, (with_prompt == 1) & (with_answer == 1))
    return dict(zip(QUADRANTS, flags, strict=True))


def count_flagged(
    view: View, side: Side, kinds: Sequence[str], choices: Mapping[Unit, str] | None = None
) -> tuple[int, int, int]:
    """(rows that an export would hold, rows among them that are to be dropped, and to be rewritten), as suggested where
    `choices` say nothing else."""
    sql = f"select record_id, turn, suggestion from {side.table} where list_contains(?, kind)"
    found = _chosen(view.query(sql, [list(kinds)]), choices or {})
    return len(found), found.count("drop"), found.count("rewrite")


def flagged_rows(view: View, side: Side, kinds: Sequence[str], choices: Mapping[Unit, str]) -> pd.DataFrame:
    """The rows of clusters of these kinds with their texts; `choices` replace suggestions, and the reason then
    says so."""
    rows = flagged_duplicates(view.stored, kinds, side.name)
    chosen = _chosen(rows, choices)
    rows["reason"] = rows["reason"].where(rows["suggestion"] == chosen, "chosen_by_hand")
    return rows.assign(suggestion=chosen)


def _chosen(rows: pd.DataFrame, choices: Mapping[Unit, str]) -> list[str]:
    """What becomes of each row: what the reader chose, else what is suggested."""
    suggested = rows["suggestion"].tolist()
    if not choices:
        return suggested
    keys = zip(rows["record_id"], rows["turn"].astype(int), strict=True)
    return [choices.get(key, old) for key, old in zip(keys, suggested, strict=True)]
