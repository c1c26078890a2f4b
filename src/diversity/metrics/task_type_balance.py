"""task_type_balance: how are the records spread over the task types, on both levels?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.metrics.base import RECORD, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.hill import hill_numbers
from diversity.metrics.label_spellings import spellings
from diversity.metrics.shares import largest_share
from diversity.report import MetricResult

LISTED = 500


def task_type_balance(inputs: Inputs) -> MetricOutput:
    """One result a level: the effective number of types (Hill, order 1), counts, entropy in nats, top share.

    Level 2 counts pairs (level 1, level 2), so that a sub-type's name may stand under several types. `info` lists as
    `spellings` the labels that may be one type written in several ways.
    """
    first, second = inputs.corpus.task_types(1), inputs.corpus.task_types(2)
    if first.null_count == len(first):
        return not_applicable(METRIC.name, "set", "types", "no_task_types")
    results = [_level(inputs, 1, pc.drop_null(first), _labels(pa.nulls(len(first), pa.string()), first))]
    if second.null_count < len(second):
        pairs = inputs.corpus.deepest_types.filter(pc.is_valid(second))
        results.append(_level(inputs, 2, pairs, _labels(first, second)))
    return MetricOutput(results)


def _labels(parents: pa.Array, names: pa.Array) -> list[tuple[str | None, str, int]]:
    """(the type above, the label, its records) of each that is not null."""
    table = pa.table([parents, names], ["parent", "name"]).filter(pc.is_valid(names))
    counted = table.group_by(["parent", "name"]).aggregate([([], "count_all")])
    return list(zip(*(counted[name].to_pylist() for name in ("parent", "name", "count_all")), strict=True))


def _level(inputs: Inputs, level: int, labels: pa.Array, written: list[tuple[str | None, str, int]]) -> MetricResult:
    counted = pc.value_counts(labels)
    names, counts = counted.field("values").to_pylist(), counted.field("counts").to_numpy()
    order = sorted(range(len(names)), key=lambda at: (-counts[at], names[at]))
    minimum = inputs.settings.task_types.minimum_records
    hill = hill_numbers(counts)
    thin = [names[at] for at in order if counts[at] < minimum]
    info: dict[str, Any] = {
        "level": level,
        "counts": {names[at]: int(counts[at]) for at in order[:LISTED]},
        "types": len(names),
        "entropy": float(np.log(hill["q1"])) if hill["q1"] else 0.0,
        "hill": hill,
        "top_type": names[order[0]],
        "top_share": float(counts[order[0]] / counts.sum()),
        "thin": thin[:LISTED],
        "thin_count": len(thin),
        "thin_records": int(counts[counts < minimum].sum()),
        "minimum_records": minimum,
        "spellings": [dict(group) for group in spellings(written)],
    }
    return MetricResult(
        metric=METRIC.name,
        field="set",
        params={"level": level},
        value=hill["q1"],
        unit="types",
        info=info,
        table="task_types",
    )


def _find(results: list[MetricResult]) -> Finding:
    """Holds the share of the largest level-1 type.

    Balance is not equality, but one type that fills the set is neither.
    """
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    deepest = results[-1].info
    doubled = sum(len(one.info["spellings"]) for one in results)
    thin = deepest["thin_count"] and deepest["types"] > 1
    evidence = {
        "top_type": result.info["top_type"],
        "top_share": result.info["top_share"],
        "effective": result.value,
        "types": result.info["types"],
        "others": result.info["types"] - 1,
        "thin_count": deepest["thin_count"],
        "minimum": deepest["minimum_records"],
        "doubled": doubled,
    }
    return Finding(
        result.info["top_share"],
        evidence,
        records=result.info["counts"][result.info["top_type"]],
        table="task_types",
        where={"task_type_1": result.info["top_type"]},
        advice="unite_spellings" if doubled else "collect_thin" if thin else "even_out",
    )


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    return _labels_sample(report, result, lambda values: hill_numbers(np.bincount(values))["q1"])


def _top_sample(report: Tables, result: MetricResult) -> Sample | None:
    return _labels_sample(report, result, largest_share)


def _labels_sample(
    report: Tables, result: MetricResult, statistic: Callable[[NDArray[np.int64]], float]
) -> Sample | None:
    levels = ["task_type_1", "task_type_2"][: result.info["level"]]
    table = report.table("task_types", [*RECORD, *levels]).dropna(subset=levels)
    labels = ["\x1f".join(pair) for pair in table[levels].itertuples(index=False)]
    names, codes = np.unique(np.array(labels, dtype=object), return_inverse=True)
    return Sample(codes, statistic, table[RECORD], names=names) if len(codes) else None


METRIC = Metric(
    name="task_type_balance",
    field="set",
    unit="types",
    direction="higher",
    compute=task_type_balance,
    checks=(
        CheckSpec(
            "task_type_balance", "purpose", "lower", "ratio", pass_at=0.3, warn_at=0.5, find=_find, sample=_top_sample
        ),
    ),
    sample=_sample,
)
