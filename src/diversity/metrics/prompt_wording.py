"""prompt_wording: within a task type, in how many ways is it asked?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.frames import frame_numbers, group_frames
from diversity.features.inputs import Inputs
from diversity.features.set_sample import content_order, estimate
from diversity.features.wording import WordingSettings, read_wording
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, not_applicable
from diversity.metrics.hill import hill_numbers, rarefied
from diversity.metrics.shares import surely
from diversity.report import MetricResult

TABLE = "prompt_wording"
BATCH = 4096
TYPES_LISTED, FRAMES_LISTED = 200, 8
VERBS_LISTED, OBJECTS_LISTED = 20, 10
OBJECT_LEAST = 2
NAME_LIMIT = 60
# How many prompts wordings are found among where versions are compared, and how many groups of so many are looked at.
SIZES, GROUPS = (2000, 1000, 700, 500, 400, 300, 200, 150, 100, 50, 20), 12
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
    the figure independent of how many of the wordings a type's prompts show, but not of how wordings are told apart:
    they are found in the whole set (`group_frames`), and more prompts tell more of them apart. So `info["sizes"]` has
    the figure as it is among fixed numbers of prompts, at which versions are compared (see `metrics.at_sizes`).
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
    judged = _judged(worded, settings.minimum)
    types = [_profile(worded, name, rows, settings.draw, len(judged)) for name, rows in judged]
    weight = np.array([one["prompts"] for one in types])
    info: dict[str, Any] = {
        "prompts": len(units),
        "judged": int(weight.sum()),
        "types_judged": len(types),
        "draw": settings.draw,
        "minimum": settings.minimum,
        "top_share": float(np.average([one["top_share"] for one in types], weights=weight)),
        "types": sorted(types, key=lambda one: (-one["least_share"], -one["top_share"]))[:TYPES_LISTED],
        "whole": _profile(worded, None, np.arange(len(units)), settings.draw, 1),
        "sizes": _at_sizes(worded, prompts, read["tokens"], settings, inputs.settings.seed),
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
    coded = inputs.corpus.deepest_types.dictionary_encode()
    codes = np.asarray(coded.indices.fill_null(-1).to_numpy(), np.int64)
    return codes[inputs.corpus.record_of_unit[units]], coded.dictionary.to_pylist()


def _judged(worded: _Worded, minimum: int) -> list[tuple[str | None, Ints]]:
    """Name and rows of each type with enough prompts, by name; the whole set as one type where there is none."""
    order = np.argsort(worded.type, kind="stable")
    edges = np.searchsorted(worded.type[order], np.arange(len(worded.names) + 1))
    types = [(name, order[edges[code] : edges[code + 1]]) for code, name in enumerate(worded.names)]
    enough = [(name, rows) for name, rows in types if len(rows) >= minimum]
    return sorted(enough) if enough else [(None, np.arange(len(worded.units)))]


def _at_sizes(
    worded: _Worded, prompts: pa.ChunkedArray, tokens: pa.ChunkedArray, settings: WordingSettings, seed: int
) -> dict[str, list[float]]:
    """The figure by the number of prompts among which wordings are found: value, standard error, degrees of freedom.

    Of prompts that have a type, where any has; a type counts in a group with at least `wording.draw` of its prompts.
    Both hold for every prompt alike, however large the set, so that one way of asking has one figure.
    """
    names = pa.array([*worded.names, ""], pa.large_string()).take(pa.array(worded.type % (len(worded.names) + 1)))
    order = content_order([prompts.take(pa.array(worded.units)), pa.chunked_array([names])])
    typed = worded.type[order] >= 0
    order = (order[typed] if typed.any() else order)[: GROUPS * SIZES[0]]
    drawn, types = tokens.take(pa.array(order)), worded.type[order]

    def expected(rows: Ints) -> float:
        return _expected(types[rows], frame_numbers(drawn.take(pa.array(rows)), settings), settings.draw)

    sizes = [size for size in SIZES if 2 * size <= len(order)]
    found = {size: estimate(expected, min(len(order), GROUPS * size), size, seed, GROUPS) for size in sizes}
    return {str(size): [one.value, one.error, one.degrees] for size, one in found.items() if not math.isnan(one.value)}


def _expected(types: Ints, frames: Ints, draw: int) -> float:
    """Mean over the types with at least `draw` prompts of the different wordings to be expected among so many, weighted
    by their prompts; NaN without such a type."""
    order = np.argsort(types, kind="stable")
    groups = np.split(frames[order], np.flatnonzero(np.diff(types[order])) + 1)
    enough = [group for group in groups if len(group) >= draw]
    if not enough:
        return math.nan
    figures = [rarefied(np.unique(group, return_counts=True)[1], draw) for group in enough]
    return float(np.average(figures, weights=[len(group) for group in enough]))


def _profile(worded: _Worded, name: str | None, rows: Ints, draw: int, judged: int) -> dict[str, Any]:
    """The wordings of one type: their effective number, how many among `draw` prompts, the most frequent ones.

    `least_share` is what the most frequent one surely has, chance among `judged` types allowed for (`surely`).
    """
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
        "least_share": surely(int(counts[most[0]]), len(rows), judged),
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
    """Holds the type that is most surely worded alike: a mean over types would hide it among the others, and the
    largest share of many small types is large by chance alone."""
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    worst = result.info["types"][0]
    top = worst["top"][0]
    evidence = {
        "top": worst["type"] and worst["type"][:NAME_LIMIT],
        "wording": top["text"],
        "count": top["count"],
        "share": worst["top_share"],
        "prompts": worst["prompts"],
        "types": result.info["types_judged"],
        "effective": worst["effective"],
        "expected": result.value,
        "draw": result.info["draw"],
    }
    where = {"task_type": worst["type"], "frame_id": top["frame_id"]}
    advice = "vary_type" if worst["type"] is not None else "vary"
    return Finding(worst["least_share"], evidence, records=top["count"], table=TABLE, where=where, advice=advice)


METRIC = Metric(
    name="prompt_wording",
    field="prompt",
    unit="wordings",
    direction="higher",
    compute=prompt_wording,
    checks=(CheckSpec("prompt_wording", "prompts", "lower", "ratio", pass_at=0.25, warn_at=0.5, find=_find),),
    beside="wording",
    texts_only=True,
)
