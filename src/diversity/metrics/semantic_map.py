"""semantic_map: which subjects does the set speak of, and does one of them crowd out the rest?"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa

from diversity.features.inputs import Inputs, TextField
from diversity.metrics.base import ROW, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.metrics.hill import hill_numbers
from diversity.metrics.shares import largest_share
from diversity.projection import Layout
from diversity.report import MetricResult

if TYPE_CHECKING:
    import pandas as pd

POINTS, CLUSTERS = "semantic_map", "semantic_clusters"
FIELDS: tuple[TextField, ...] = ("prompt", "answer")


def semantic_map(inputs: Inputs) -> MetricOutput:
    """One result a field: the effective number of clusters (Hill, order 1, by units), and the largest one's share."""
    layouts = {of: inputs.layout(of) for of in FIELDS}
    reason = "no_embedder" if inputs.embedder is None else "too_few_for_map"
    results = [_result(of, layout, reason) for of, layout in layouts.items()]
    present = {of: layout for of, layout in layouts.items() if layout is not None}
    if not present:
        return MetricOutput(results)
    points = pa.concat_tables([_points(inputs, of, layout) for of, layout in present.items()])
    clusters = pa.concat_tables([_clusters(of, layout) for of, layout in present.items()])
    return MetricOutput(results, {POINTS: points, CLUSTERS: clusters})


def _result(of: TextField, layout: Layout | None, reason: str) -> MetricResult:
    if layout is None:
        return MetricResult(metric=METRIC.name, field=of, unit="clusters", status="not_applicable", reason=reason)
    inside = layout.cluster[layout.cluster >= 0]
    sizes = np.bincount(inside, minlength=len(layout.clusters)) if len(inside) else np.zeros(1, dtype=np.int64)
    total = int(np.isfinite(layout.xy[:, 0]).sum())
    largest = int(np.argmax(sizes))
    info = {
        "clusters": len(layout.clusters),
        "outside": total - int(sizes.sum()),
        "points": total,
        "fitted": layout.fitted,
        "placed": layout.placed,
        "map": layout.map,
        "largest": largest if layout.clusters else None,
        "largest_name": " · ".join(layout.clusters[largest].terms) if layout.clusters else None,
        "largest_share": float(sizes[largest] / total),
        "largest_count": int(sizes[largest]),
    }
    return MetricResult(
        metric=METRIC.name, field=of, value=hill_numbers(sizes)["q1"], unit="clusters", info=info, table=POINTS
    )


def _points(inputs: Inputs, of: TextField, layout: Layout) -> pa.Table:
    units = np.flatnonzero(np.isfinite(layout.xy[:, 0]))
    return pa.table(
        {
            **inputs.corpus.unit_keys(units),
            "field": pa.array([of] * len(units), pa.string()),
            "x": layout.xy[units, 0],
            "y": layout.xy[units, 1],
            "cluster": layout.cluster[units],
        }
    )


def _clusters(of: TextField, layout: Layout) -> pa.Table:
    found = layout.clusters
    return pa.table(
        {
            "field": pa.array([of] * len(found), pa.string()),
            "cluster": pa.array([one.cluster for one in found], pa.int64()),
            "name": pa.array([" · ".join(one.terms) for one in found], pa.string()),
            "size": pa.array([int((layout.cluster == one.cluster).sum()) for one in found], pa.int64()),
            "x": pa.array([one.x for one in found], pa.float32()),
            "y": pa.array([one.y for one in found], pa.float32()),
        }
    )


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    keys = ("largest_name", "largest_count", "clusters", "points")
    where = {"field": "prompt", "cluster": result.info["largest"]}
    share = cast(float, result.info["largest_share"])
    evidence = {key: result.info[key] for key in keys} | {"effective": result.value}
    return Finding(share, evidence, records=result.info["largest_count"], table=POINTS, where=where, advice="broaden")


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    if not report.has_table(POINTS):
        return None
    points = _points_of(report, result)
    inside = points[points["cluster"] >= 0]
    numbers = inside["cluster"].to_numpy(dtype=np.int64)
    if not len(numbers):
        return None
    return Sample(numbers, lambda values: hill_numbers(np.bincount(values))["q1"], inside[ROW], _text(result))


def _largest_sample(report: Tables, result: MetricResult) -> Sample | None:
    if not report.has_table(POINTS):
        return None
    points = _points_of(report, result)
    numbers = points["cluster"].to_numpy(dtype=np.int64)
    if not (numbers >= 0).any():
        return None
    # Points outside clusters count as points, and not as a cluster.
    return Sample(numbers, lambda values: largest_share(values + 1, 1), points[ROW], _text(result))


def _points_of(report: Tables, result: MetricResult) -> pd.DataFrame:
    points = report.table(POINTS, [*ROW, "field", "cluster"])
    return points[points["field"] == result.field]


def _text(result: MetricResult) -> TextField:
    return "prompt" if result.field == "prompt" else "answer"


METRIC = Metric(
    name="semantic_map",
    field="set",
    unit="clusters",
    direction="higher",
    compute=semantic_map,
    checks=(
        CheckSpec(
            "semantic_map", "whole_set", "lower", "ratio", pass_at=0.25, warn_at=0.5, find=_find, sample=_largest_sample
        ),
    ),
    sample=_sample,
)
