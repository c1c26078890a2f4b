"""key_info_position: in long prompts, does what the answer rests on stand at head, middle and tail alike?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.buckets import LABELS, bucket
from diversity.features.inputs import Inputs
from diversity.metrics.base import ROW, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.metrics.length_checks import TABLE as LENGTHS
from diversity.report import MetricResult

TABLE = "key_info_position"
POSITION_BINS = 10
# With 20 prompts in three thirds an even spread still puts three or more in each with 95% probability; fewer can't
# be judged.
MINIMUM = 20
TYPES_SHOWN = 30
THIRDS = ("head", "middle", "tail")
CLASSES = ("localised", "diffuse", "none", "short", "tool")


def key_info_position(inputs: Inputs) -> MetricOutput:
    """Cohen's w of the key information's thirds against an even spread: 0 is even, 1.41 is all in one third.

    Only localised prompts of at least `lengths.position_from` tokens count; the heat maps also hold the shorter ones.
    The p-value is of Pearson's chi-square test with two degrees of freedom, exp(-x/2). The table has one row a unit;
    see `locate_key_info` for its columns. An answer that follows a tool's result may rest on that and not on the
    prompt: class `tool`, not counted.
    """
    found = inputs.key_info
    klass = np.asarray(found["class"].to_pylist())
    klass[inputs.corpus.after_tool & (klass != "short")] = "tool"
    columns = {name: found[name] for name in found.column_names} | {"class": pa.array(klass.tolist(), pa.string())}
    table = pa.table({**inputs.corpus.unit_keys(), **columns})
    position = np.asarray(found["position"].to_numpy(), dtype=np.float64)
    placed = np.flatnonzero((klass == "localised") & ~np.isnan(position))
    judged = placed[inputs.prompt_tokens[placed] >= inputs.settings.lengths.position_from]
    info: dict[str, Any] = {
        "classes": {name: int((klass == name).sum()) for name in CLASSES if name != "tool" or name in klass},
        "minimum": MINIMUM,
        "position_from": inputs.settings.lengths.position_from,
    }
    if len(judged) < MINIMUM:
        reason = "no_long_prompts" if not len(judged) else "too_few_long_prompts"
        result = MetricResult(
            metric=METRIC.name,
            field="pair",
            unit="effect",
            status="not_applicable",
            reason=reason,
            info=info,
            table=TABLE,
        )
        return MetricOutput([result], {TABLE: table})
    info |= _spread(position[judged]) | _heats(inputs, position[placed], placed)
    result = MetricResult(metric=METRIC.name, field="pair", value=info["effect"], unit="effect", info=info, table=TABLE)
    return MetricOutput([result], {TABLE: table})


def _spread(position: NDArray[np.float64]) -> dict[str, Any]:
    counts, effect = _effect(position)
    share = counts / counts.sum()
    weakest = int(np.argmin(share))
    return {
        "localised": len(position),
        "counts": dict(zip(THIRDS, counts.tolist(), strict=True)),
        "shares": dict(zip(THIRDS, share.tolist(), strict=True)),
        "effect": effect,
        "p_value": float(np.exp(-len(position) * effect**2 / 2)),
        "smallest_share": float(share[weakest]),
        "smallest": THIRDS[weakest],
        "largest": THIRDS[int(np.argmax(share))],
    }


def _heats(inputs: Inputs, position: NDArray[np.float64], units: NDArray[np.int64]) -> dict[str, Any]:
    return {
        "bucket_labels": list(LABELS),
        "heat": _heat(position, inputs.prompt_tokens[units]).tolist(),
        "heat_by_task_type": _heat_by_type(inputs, position, units),
    }


def _heat(position: NDArray[np.float64], tokens: NDArray[np.int64]) -> NDArray[np.int64]:
    """(buckets, POSITION_BINS) counts."""
    column = np.minimum((position * POSITION_BINS).astype(np.int64), POSITION_BINS - 1)
    flat = np.bincount(bucket(tokens) * POSITION_BINS + column, minlength=len(LABELS) * POSITION_BINS)
    return flat.reshape(len(LABELS), POSITION_BINS)


def _heat_by_type(
    inputs: Inputs, position: NDArray[np.float64], units: NDArray[np.int64]
) -> dict[str, list[list[int]]]:
    types = inputs.corpus.task_types(1).dictionary_encode()
    codes = types.indices.fill_null(-1).to_numpy()[inputs.corpus.record_of_unit[units]]
    names = types.dictionary.to_pylist()
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    largest = [code for code in np.argsort(-counts, kind="stable")[:TYPES_SHOWN] if counts[code]]
    return {
        names[code]: _heat(position[codes == code], inputs.prompt_tokens[units][codes == code]).tolist()
        for code in largest
    }


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok":
        return Finding(None, evidence=result.info["classes"], reason=result.reason)
    info = result.info
    evidence = {third: info["shares"][third] for third in THIRDS} | {
        "localised": info["localised"],
        "position_from": info["position_from"],
        "effect": info["effect"],
        "largest": info["largest"],
        "smallest": info["smallest"],
        "largest_share": info["shares"][info["largest"]],
    }
    return Finding(
        info["smallest_share"],
        evidence,
        records=info["localised"],
        table=TABLE,
        where={"class": "localised"},
        advice=f"add_{info['smallest']}",
    )


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    return _positions(report, lambda values: _effect(values)[1])


def _smallest_sample(report: Tables, result: MetricResult) -> Sample | None:
    return _positions(report, lambda values: float(_effect(values)[0].min() / len(values)))


def _positions(report: Tables, statistic: Callable[[NDArray[np.float64]], float]) -> Sample | None:
    if not report.has_table(LENGTHS):
        return None
    table = report.table(TABLE, [*ROW, "class", "position"])
    long = (
        report.table(LENGTHS, ["prompt_tokens"])["prompt_tokens"] >= report.report.settings["lengths"]["position_from"]
    )
    found = table.loc[(table["class"] == "localised") & long].dropna(subset=["position"])
    position = found["position"].to_numpy(dtype=np.float64)
    return Sample(position, statistic, found[ROW]) if len(position) >= MINIMUM else None


def _effect(position: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """Counts in the thirds, and Cohen's w against an even spread."""
    counts = np.bincount(np.minimum((position * 3).astype(np.int64), 2), minlength=3)
    share = counts / counts.sum()
    return counts, float(np.sqrt((((share - 1 / 3) ** 2) * 3).sum()))


METRIC = Metric(
    name="key_info_position",
    field="pair",
    unit="effect",
    direction="lower",
    compute=key_info_position,
    checks=(
        CheckSpec(
            "key_info_position",
            "prompts",
            "higher",
            "ratio",
            pass_at=0.2,
            warn_at=0.1,
            find=_find,
            sample=_smallest_sample,
        ),
    ),
    sample=_sample,
)
