"""prompt_wording: within a task type, in how many ways is it asked?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.frames import group_frames
from diversity.features.inputs import Inputs
from diversity.features.wording import read_wording
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.hill import hill_numbers, rarefied
from diversity.neighbors.openings import edges, shared_phrases
from diversity.report import MetricResult

TABLE = "prompt_wording"
BATCH = 4096
TYPES_LISTED, FRAMES_LISTED = 200, 8
VERBS_LISTED, OBJECTS_LISTED = 20, 10
OBJECT_LEAST = 2
NAME_LIMIT = 60
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Worded:
    """The prompts that are not empty: their `units` (u,), `frame` (u,) and its `texts`, `type` (u,) as a code into
    `names`, -1 for none."""

    units: Ints
    frame: Ints
    texts: list[str]
    type: Ints
    names: list[str]


def prompt_wording(inputs: Inputs) -> MetricOutput:
    """How many different wordings are to be expected among ten prompts (`wording.draw`) of one task type.

    Mean over the types with at least `wording.minimum` prompts, weighted by their prompts; a record's type is the
    deepest level that it has. Without such a type the whole set is taken for one. Rarefaction (Hurlbert 1971) makes
    the figure independent of how many prompts a type has; the wordings are found in the whole set (`group_frames`).
    """
    settings = inputs.settings.wording
    prompts = inputs.corpus.prompts
    units = np.flatnonzero(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(prompts)), 0).to_numpy())
    if len(units) < settings.minimum:
        reason = "too_few_prompts" if len(units) else "no_prompts"
        return not_applicable(METRIC.name, "prompt", METRIC.unit, reason, prompts=len(units), minimum=settings.minimum)
    read = inputs.rows_by_content("wording", (prompts,), lambda rows: _rows(inputs, rows), repr(settings))
    read = read.take(pa.array(units))
    frames = group_frames(read["tokens"], settings)
    worded = _Worded(units, frames.frame, frames.texts, *_types(inputs, units))
    types = [_profile(worded, name, rows, settings.draw) for name, rows in _judged(worded, settings.minimum)]
    weight = np.array([one["prompts"] for one in types])
    info: dict[str, Any] = {
        "prompts": len(units),
        "judged": int(weight.sum()),
        "types_judged": len(types),
        "draw": settings.draw,
        "minimum": settings.minimum,
        "top_share": float(np.average([one["top_share"] for one in types], weights=weight)),
        "types": sorted(types, key=lambda one: (-one["top_share"], -one["prompts"]))[:TYPES_LISTED],
        "whole": _profile(worded, None, np.arange(len(units)), settings.draw),
        "openings": [asdict(phrase) for phrase in shared_phrases(prompts, edges(prompts, "opening"))],
        "verbs": _verbs(read),
        "with_verb": int(len(units) - read["verb"].null_count),
    }
    value = float(np.average([one["expected"] for one in types], weights=weight))
    result = MetricResult(metric=METRIC.name, field="prompt", value=value, unit=METRIC.unit, info=info, table=TABLE)
    return MetricOutput([result], {TABLE: _table(inputs, worded, read)})


def _rows(inputs: Inputs, units: Ints) -> Iterator[pa.Table]:
    for start in range(0, len(units), BATCH):
        inputs.progress("wording", start, len(units))
        chosen = pa.array(units[start : start + BATCH])
        yield read_wording(inputs.corpus.prompts.take(chosen).to_pylist(), inputs.settings.wording)
    inputs.progress("wording", len(units), len(units))


def _types(inputs: Inputs, units: Ints) -> tuple[Ints, list[str]]:
    """The code of each unit's task type, -1 for none, and the types' names."""
    first, second = inputs.corpus.task_types(1), inputs.corpus.task_types(2)
    deepest = pc.coalesce(pc.binary_join_element_wise(first, second, "-", null_handling="emit_null"), first)
    coded = deepest.dictionary_encode()
    codes = np.asarray(coded.indices.fill_null(-1).to_numpy(), np.int64)
    return codes[inputs.corpus.record_of_unit[units]], coded.dictionary.to_pylist()


def _judged(worded: _Worded, minimum: int) -> list[tuple[str | None, Ints]]:
    """Name and rows of each type with enough prompts, by name; the whole set as one type where there is none."""
    order = np.argsort(worded.type, kind="stable")
    edges = np.searchsorted(worded.type[order], np.arange(len(worded.names) + 1))
    types = [(name, order[edges[code] : edges[code + 1]]) for code, name in enumerate(worded.names)]
    enough = [(name, rows) for name, rows in types if len(rows) >= minimum]
    return sorted(enough) if enough else [(None, np.arange(len(worded.units)))]


def _profile(worded: _Worded, name: str | None, rows: Ints, draw: int) -> dict[str, Any]:
    """The wordings of one type: their effective number, how many among `draw` prompts, the most frequent ones."""
    frames, counts = np.unique(worded.frame[rows], return_counts=True)
    hill = hill_numbers(counts)
    most = np.argsort(-counts, kind="stable")[:FRAMES_LISTED]
    return {
        "type": name,
        "prompts": len(rows),
        "wordings": int(hill["q0"]),
        "effective": hill["q1"],
        "expected": rarefied(counts, min(draw, len(rows))),
        "top_share": float(counts[most[0]] / len(rows)),
        "top": [
            {"frame_id": int(frames[at]), "text": worded.texts[frames[at]], "count": int(counts[at])} for at in most
        ],
    }


def _verbs(read: pa.Table) -> list[dict[str, Any]]:
    """The most frequent verbs, each with its most frequent objects, those that OBJECT_LEAST prompts have."""
    pairs = read.select(["verb", "object"]).filter(pc.is_valid(read["verb"]))
    counted = pairs.group_by(["verb", "object"]).aggregate([([], "count_all")]).to_pylist()
    totals: dict[str, int] = {}
    for row in counted:
        totals[row["verb"]] = totals.get(row["verb"], 0) + row["count_all"]
    verbs = sorted(totals, key=lambda verb: (-totals[verb], verb))[:VERBS_LISTED]
    objects: dict[str, list[dict[str, Any]]] = {verb: [] for verb in verbs}
    for row in sorted(counted, key=lambda row: (-row["count_all"], row["object"] or "")):
        listed = objects.get(row["verb"], [])
        if row["object"] is not None and row["count_all"] >= OBJECT_LEAST and len(listed) < OBJECTS_LISTED:
            listed.append({"object": row["object"], "count": row["count_all"]})
    return [{"verb": verb, "count": totals[verb], "objects": objects[verb]} for verb in verbs]


def _table(inputs: Inputs, worded: _Worded, read: pa.Table) -> pa.Table:
    """One line for each prompt that is not empty; `frame_share` is the wording's share of the prompts of its type."""
    pair = worded.type * len(worded.texts) + worded.frame
    _, which, counts = np.unique(pair, return_inverse=True, return_counts=True)
    of_type = np.bincount(worded.type + 1)[worded.type + 1]
    names = pa.array(worded.names, pa.string())
    texts = pa.DictionaryArray.from_arrays(pa.array(worded.frame, pa.int32()), pa.array(worded.texts, pa.string()))
    return pa.table(
        {
            **inputs.corpus.unit_keys(worded.units),
            "task_type": names.take(pa.array(worded.type, mask=worded.type < 0)),
            "frame_id": worded.frame,
            "frame": texts,
            "frame_size": counts[which],
            "frame_share": counts[which] / of_type,
            "verb": read["verb"],
            "object": read["object"],
        }
    )


def _find(results: list[MetricResult]) -> Finding:
    """Holds the type that is worded most alike: a mean over types would hide it among the others."""
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    worst = result.info["types"][0]
    top = worst["top"][0]
    evidence = {
        "top": (worst["type"] or "all_prompts")[:NAME_LIMIT],
        "wording": top["text"],
        "count": top["count"],
        "prompts": worst["prompts"],
        "effective": worst["effective"],
        "expected": result.value,
        "draw": result.info["draw"],
    }
    where = {"task_type": worst["type"], "frame_id": top["frame_id"]}
    advice = "vary_type" if worst["type"] is not None else "vary"
    return Finding(worst["top_share"], evidence, records=top["count"], table=TABLE, where=where, advice=advice)


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    """Pairs of type and wording of the judged prompts."""
    table = report.table(TABLE, ["task_type", "frame_id"])
    names = {one["type"] for one in result.info["types"]}
    if None in names:
        codes = np.zeros(len(table), np.int64)
    else:
        sizes = table.groupby("task_type")["frame_id"].transform("size").fillna(0)
        table = table[sizes >= result.info["minimum"]]
        codes = table["task_type"].astype("category").cat.codes.to_numpy(np.int64)
    values = np.column_stack([codes, table["frame_id"].to_numpy(np.int64)])
    return Sample(values, lambda rows: _expected(rows, result.info["draw"])) if len(values) else None


def _expected(rows: NDArray[Any], draw: int) -> float:
    """The metric's figure over rows of type and wording; a type with fewer than `draw` of them is left out, where
    there is a larger one."""
    sizes = np.bincount(rows[:, 0])
    codes = np.flatnonzero(sizes >= min(draw, int(sizes.max())))
    figures = [
        rarefied(np.unique(rows[rows[:, 0] == code, 1], return_counts=True)[1], min(draw, int(sizes[code])))
        for code in codes
    ]
    return float(np.average(figures, weights=sizes[codes]))


METRIC = Metric(
    name="prompt_wording",
    field="prompt",
    unit="wordings",
    direction="higher",
    compute=prompt_wording,
    checks=(CheckSpec("prompt_wording", "prompts", "lower", "ratio", pass_at=0.25, warn_at=0.5, find=_find),),
    sample=_sample,
    beside="wording",
)
