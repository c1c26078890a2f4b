"""task_type_coverage: what share of the records says what it is for?"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from diversity.features.inputs import Inputs
from diversity.metrics.base import RECORD, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.report import MetricResult

TABLE = "task_types"


def task_type_coverage(inputs: Inputs) -> MetricOutput:
    """Share of records with a non-blank task_type, and the table of every record's levels (null for none)."""
    records = inputs.corpus.records
    first, second = inputs.corpus.task_types(1), inputs.corpus.task_types(2)
    labelled = int(pc.sum(pc.is_valid(first)).as_py() or 0)
    two_levels = int(pc.sum(pc.is_valid(second)).as_py() or 0)
    total = records.num_rows
    table = pa.table(
        {
            "record_id": inputs.corpus.record_ids,
            "task_type": inputs.corpus.deepest_types,
            "task_type_1": first,
            "task_type_2": second,
        }
    )
    info = {"labelled": labelled, "unlabelled": total - labelled, "two_levels": two_levels, "records": total}
    result = MetricResult(metric=METRIC.name, field="set", value=labelled / total, unit="ratio", info=info, table=TABLE)
    return MetricOutput([result], {TABLE: table})


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    missing = result.info["unlabelled"]
    return Finding(
        result.value,
        evidence={"missing": missing, "records": result.info["records"]},
        records=missing,
        table=TABLE,
        where={"task_type_1": None},
        advice="label" if missing else None,
    )


def _sample(report: Tables, result: MetricResult) -> Sample:
    table = report.table(TABLE, [*RECORD, "task_type_1"])
    labelled = table["task_type_1"].notna().to_numpy(dtype=np.float64)
    return Sample(labelled, lambda values: float(values.mean()), table[RECORD])


METRIC = Metric(
    name="task_type_coverage",
    field="set",
    unit="ratio",
    direction="higher",
    compute=task_type_coverage,
    checks=(CheckSpec("task_type_coverage", "purpose", "higher", "ratio", pass_at=1.0, warn_at=0.95, find=_find),),
    sample=_sample,
)
