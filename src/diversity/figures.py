"""A stored report's figures for a notebook: the same charts as the dashboard's, without a browser page around them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from diversity.charts import charted, draw
from diversity.charts.shortcut_probes import view_rows
from diversity.errors import UsageError
from diversity.report import includes
from diversity.stored_report import StoredReport
from diversity.words.catalogue import LANGUAGES, translate

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

# kind, units, tokens of a field (`answer` or `prompt`): repeats, which are those beside the one that a cluster keeps,
# by kind, and `unique` for the rest.
KINDS_SQL = """
    with repeats as (
        select kind, {field}_tokens as tokens from {field}_duplicates join lengths using (record_id, turn)
        where reason <> 'representative'
    ), kinds as (select kind, count(*) as units, coalesce(sum(tokens), 0)::bigint as tokens from repeats group by kind)
    select * from kinds union all by name
    select 'unique' as kind, count(*) - (select coalesce(sum(units), 0) from kinds)::bigint as units,
        coalesce(sum({field}_tokens), 0)::bigint - (select coalesce(sum(tokens), 0) from kinds)::bigint as tokens
    from lengths where {field}_tokens > 0
"""
_TASK_TYPES = """
    select task_type_1, task_type_2, count(*) as records from records where task_type_1 is not null group by all
"""
_POINTS = """
    select p.x, p.y, coalesce(c.name, '') as category
    from semantic_map p left join semantic_clusters c using (field, cluster) where p.field = ?
"""


def figure(
    stored: StoredReport,
    metric: str,
    *,
    language: str = "en",
    field: str | None = None,
    params: Mapping[str, Any] | None = None,
    **options: Any,
) -> go.Figure:
    """A metric's plotly figure, in `en` or `zh`; `field` (`prompt` or `answer`) and `params` pick one of several
    results, `options` are the chart's own.

    Raises:
        UsageError: the report has no such figure, or an unknown language.
    """
    if language not in LANGUAGES:
        raise UsageError(f"There are no figures in {language!r}; there are some in {', '.join(LANGUAGES)}.")
    if metric not in charted():
        raise UsageError(f"There is no figure {metric!r}; there is one for {', '.join(charted())}.")
    found = (r for r in stored.report.results if r.metric == metric and includes(r.params, params or {}))
    result = next((r for r in found if field in (None, r.field)), None)
    if result is None:
        raise UsageError(f"The report has no {metric!r} for field {field!r} and params {dict(params or {})}.")
    table, more = _prepared(stored, metric, result.field) if result.status == "ok" else (None, {})
    return draw(metric, result, table, partial(translate, language), **more, **options)


def _prepared(stored: StoredReport, metric: str, field: str) -> tuple[pd.DataFrame | None, dict[str, Any]]:
    """The rows a chart draws beside the result's own figures."""
    if metric in ("answer_duplication", "prompt_duplication"):
        return stored.query(KINDS_SQL.format(field=field)), {}
    if metric == "shortcut_probes":
        return view_rows(stored.report.results), {}
    if metric == "task_type_balance":
        return stored.query(_TASK_TYPES), {}
    if metric == "task_type_suggestions":
        return stored.table("task_type_suggestions", ["kind", "confidence"]), {}
    if metric == "semantic_map":
        clusters = stored.query("select name, size, x, y from semantic_clusters where field = ?", [field])
        return stored.query(_POINTS, [field]), {"clusters": clusters}
    return None, {}
