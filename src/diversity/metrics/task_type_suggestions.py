"""task_type_suggestions: which task type would a record without one have, and which labels does the rest of the set
doubt?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.corpus import batches
from diversity.features.cache import content_keys
from diversity.features.inputs import Inputs, TextField
from diversity.features.type_cues import Cues, Floats, Texts, cues, rarity
from diversity.features.type_model import (
    ABOVE_CHANCE,
    STRANGERS,
    Codes,
    Guess,
    TypeModel,
    learn,
    neighborhood,
    shares,
)
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.neighbors import find_duplicates
from diversity.report import MetricResult

TABLE = "task_type_suggestions"
# Below this many different labelled records a confidence has nothing to stand on: with 30 a share of 0.8 is known to 15
# points.
MINIMUM = 30
# Records judged at a time: bounds the memory.
BLOCK = 4096
# Of a record's nearest labelled ones at most this share have its label where the label is doubted, or as many as
# STRANGERS of the labels that records do not have stay below: of two types with labels at random each has half.
FEW = 0.1
NONE, NOT_LEARNT = -1, -2
LEVELS = ("task_type_1", "task_type_2")


@dataclass(frozen=True)
class Cases:
    """Records whose first turns and labels are the same, once, in an order that content alone settles.

    `unit` (n,) a first turn of each; `given` (n,) its class, NONE without a label, NOT_LEARNT beyond the largest
    classes; `small` (C,) classes too small for their labels to be doubted; `of_record` (R,) the case of each record;
    `names` (C,) the classes, `parents` (P,) their level 1 and `parent` (C,) which one each has.
    """

    unit: Codes
    given: Codes
    small: NDArray[np.bool_]
    of_record: Codes
    names: list[str]
    parents: list[str]
    parent: Codes


@dataclass(frozen=True)
class Listed:
    """Cases that get a suggestion (n,): `case`, what is said of each, how sure, the share of nearest labelled cases
    that have the suggested label, and the nearest of these (or of all)."""

    case: Codes
    guess: Guess
    confidence: NDArray[np.float64]
    confidence_1: NDArray[np.float64]
    agreement: NDArray[np.float64]
    nearest: Codes


def task_type_suggestions(inputs: Inputs) -> MetricOutput:
    """Share of labelled records whose label the others doubt; the table suggests labels.

    A model learnt from at most `suggestions.records` labelled records (`type_model`) names the deepest label and its
    level 1. Everything that is said of a labelled record is said without having seen it. A label is doubted when the
    model scores it like one picked at random and far below its own, and hardly any of the nearest labelled records has
    it. Where the model tells labels no better than chance, nothing is said.
    """
    cases = _cases(inputs)
    labelled = int((cases.given[cases.of_record] != NONE).sum())
    facts = {"records": inputs.corpus.record_count, "labelled": labelled}
    if not labelled:
        return not_applicable(METRIC.name, "set", "ratio", "no_labels_to_learn", **facts)
    learnt = _drawn(inputs, cases)
    if len(learnt) < MINIMUM or len(cases.names) < 2:
        return not_applicable(METRIC.name, "set", "ratio", "too_few_labels", **facts)
    texts = _texts(inputs, cases.unit[learnt])
    rare = rarity(texts)
    rows = cues(texts, rare)
    copies = find_duplicates(texts.prompts, settings=inputs.settings.duplicates).cluster
    model = learn(rows, cases.given[learnt], cases.parent, copies)
    if model.above_chance < ABOVE_CHANCE:
        return not_applicable(METRIC.name, "set", "ratio", "labels_by_chance", **facts)
    listed = list(_listed(inputs, cases, learnt, rows, rare, model))
    table = pa.concat_tables([_rows(inputs, cases, learnt, one) for one in listed])
    info = facts | _facts(inputs, cases, learnt, model, table)
    # Suggestions are listed all the same where no label can be doubted; a share of none would be the best there is.
    known = info["judged"] > 0
    result = MetricResult(
        metric=METRIC.name,
        field="set",
        status="ok" if known else "not_applicable",
        value=info["doubted_share"],
        reason=None if known else "only_small_types",
        info=info,
        table=TABLE,
    )
    return MetricOutput([result], {TABLE: table})


def _cases(inputs: Inputs) -> Cases:
    units = inputs.corpus.first_units
    code, pairs = _labels(inputs)
    chosen = pa.array(units)
    texts = [
        (text for batch in batches(column.take(chosen)) for text in batch)
        for column in (inputs.corpus.prompts, inputs.corpus.answers)
    ]
    keys = np.frombuffer(b"".join(content_keys(texts)), dtype="<u8")[::2]
    order = np.lexsort((code, keys))
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(keys[order]) != 0) | (np.diff(code[order]) != 0)
    of_record = np.empty(len(order), np.int64)
    of_record[order] = np.cumsum(new) - 1
    given = code[order][new]
    counts = np.bincount(given[given >= 0], minlength=len(pairs))
    settings = inputs.settings.suggestions
    large = np.argsort(-counts, kind="stable")[: settings.most_classes]
    kept = np.sort(large)
    number = np.full(len(pairs) + 1, NOT_LEARNT)
    number[kept], number[-1] = np.arange(len(kept)), NONE
    parents, parent = np.unique([pairs[one][0] for one in kept], return_inverse=True)
    names = [" - ".join(level for level in pairs[one] if level) for one in kept]
    small = counts[kept] < settings.least
    return Cases(units[order][new], number[given], small, of_record, names, parents.tolist(), parent.astype(np.int64))


def _labels(inputs: Inputs) -> tuple[Codes, list[tuple[str, str]]]:
    """(R,) number of each record's pair of levels, NONE without, and the pairs, sorted; an absent level 2 is empty."""
    levels = [inputs.corpus.task_types(level).to_pylist() for level in (1, 2)]
    found = [(first, second or "") if first else None for first, second in zip(*levels, strict=True)]
    pairs = sorted({pair for pair in found if pair})
    number = {pair: place for place, pair in enumerate(pairs)}
    return np.array([number[pair] if pair else NONE for pair in found], np.int64), pairs


def _drawn(inputs: Inputs, cases: Cases) -> Codes:
    """Labelled cases to learn from, sorted: `least` of each class, then as they come up by content, so that classes
    keep their shares."""
    settings = inputs.settings.suggestions
    known = np.flatnonzero(cases.given >= 0)
    order = known[np.argsort(cases.given[known], kind="stable")]
    rank = np.arange(len(order)) - np.searchsorted(cases.given[order], cases.given[order], side="left")
    first = np.lexsort((order, rank >= settings.least))
    return np.sort(order[first][: settings.records])


def _texts(inputs: Inputs, units: Codes) -> Texts:
    chosen = pa.array(units)
    return Texts(
        inputs.corpus.prompts.take(chosen).to_pylist(),
        inputs.corpus.answers.take(chosen).to_pylist(),
        _vectors(inputs, "prompt", units),
        _vectors(inputs, "answer", units),
        inputs.prompt_tokens[units],
        inputs.answer_tokens[units],
    )


def _vectors(inputs: Inputs, of: TextField, units: Codes) -> Floats | None:
    vectors = inputs.vectors(of)
    if vectors is None:
        return None
    index = vectors.index[units]
    rows = np.zeros((len(units), vectors.unique.shape[1]), np.float32)
    rows[index >= 0] = vectors.unique[index[index >= 0]]
    return rows


def _listed(
    inputs: Inputs, cases: Cases, learnt: Codes, rows: Cues, rare: Floats, model: TypeModel
) -> Iterator[Listed]:
    """Those without a label and those whose label is doubted: the learnt ones as the rest sees them, then the others
    block by block."""
    near = neighborhood(rows)
    labels = cases.given[learnt]
    most = inputs.settings.suggestions.neighbors
    around = shares(labels[near.nearest(rows, most, np.arange(len(learnt)))], len(cases.names))
    few = max(FEW, float(np.quantile(around[np.arange(len(cases.names)) != labels[:, None]], STRANGERS)))

    def judged(case: Codes, seen: Cues, guess: Guess, own: Codes) -> Listed:
        places = near.nearest(seen, most, own)
        neighbors = labels[places]
        same = neighbors == guess.label[:, None]
        alone = (neighbors == cases.given[case][:, None]).mean(axis=1) <= few
        kept = np.flatnonzero((cases.given[case] == NONE) | alone)
        nearest = learnt[places[np.arange(len(case)), np.argmax(same, axis=1)]]
        confidence, confidence_1 = model.confidence(guess), model.confidence_1(guess)
        agreement = same.mean(axis=1)
        return Listed(case[kept], guess.of(kept), confidence[kept], confidence_1[kept], agreement[kept], nearest[kept])

    doubted = np.flatnonzero(model.doubtful(model.held_out) & ~cases.small[labels])
    yield judged(learnt[doubted], rows.of(doubted), model.held_out.of(doubted), doubted)
    others = np.setdiff1d(np.flatnonzero(cases.given != NOT_LEARNT), learnt)
    for start in range(0, len(others), BLOCK):
        block = others[start : start + BLOCK]
        seen = cues(_texts(inputs, cases.unit[block]), rare)
        guess = model.guess(seen, cases.given[block])
        judged_here = model.doubtful(guess) & ~cases.small[cases.given[block]]
        kept = np.flatnonzero((cases.given[block] == NONE) | judged_here)
        yield judged(block[kept], seen.of(kept), guess.of(kept), np.full(len(kept), -1))


def _rows(inputs: Inputs, cases: Cases, learnt: Codes, listed: Listed) -> pa.Table:
    """One row a record, however many records a case has."""
    place = np.full(len(cases.given), -1)
    place[listed.case] = np.arange(len(listed.case))
    record = np.flatnonzero(place[cases.of_record] >= 0)
    at = place[cases.of_record[record]]
    chosen, label = pa.array(record), listed.guess.label[at]
    ids, given = inputs.corpus.record_ids, cases.given[listed.case][at]
    levels = [inputs.corpus.records[level].take(chosen).combine_chunks() for level in LEVELS]
    said = [
        None if first is None else first if second is None else f"{first} - {second}"
        for first, second in zip(levels[0].to_pylist(), levels[1].to_pylist(), strict=True)
    ]
    first_record = np.zeros(len(cases.given), np.int64)
    first_record[cases.of_record[::-1]] = np.arange(len(cases.of_record))[::-1]
    return pa.table(
        {
            "record_id": ids.take(chosen),
            "given": pa.array(said, pa.large_string()),
            "suggested": pa.array([cases.names[one] for one in label.tolist()], pa.large_string()),
            "confidence": pa.array(listed.confidence[at], pa.float64()),
            "suggested_1": pa.array([cases.parents[one] for one in cases.parent[label].tolist()], pa.large_string()),
            "confidence_1": pa.array(listed.confidence_1[at], pa.float64()),
            "agreement": pa.array(listed.agreement[at], pa.float64()),
            "doubt": pa.array(listed.guess.lag[at], pa.float64(), from_pandas=True),
            "kind": pa.array(np.where(given == NONE, "unlabelled", "disagrees").tolist(), pa.string()),
            "nearest_id": ids.take(pa.array(first_record[listed.nearest[at]])),
        }
    )


def _facts(inputs: Inputs, cases: Cases, learnt: Codes, model: TypeModel, table: pa.Table) -> dict[str, Any]:
    cut, given = inputs.settings.suggestions.confidence, cases.given[cases.of_record]
    label, parent = cases.given[learnt], cases.parent
    right = model.held_out.label == label, parent[model.held_out.label] == parent[label]
    sure = model.confidence(model.held_out), model.confidence_1(model.held_out)
    kinds = np.asarray(table["kind"].to_pylist(), dtype=object)
    levels = []
    for level, told, confidence, column in zip((2, 1), right, sure, ("confidence", "confidence_1"), strict=True):
        kept = confidence >= cut
        levels.append(
            {
                "level": level,
                "accuracy": float(told.mean()),
                "accuracy_at_cut": float(told[kept].mean()) if kept.any() else None,
                "coverage_at_cut": float(kept.mean()),
                "suggested": int(((kinds == "unlabelled") & (table[column].to_numpy() >= cut)).sum()),
            }
        )
    doubted = int((kinds == "disagrees").sum())
    judged = int(((given >= 0) & ~cases.small[given]).sum())
    return {
        "unlabelled": int((given == NONE).sum()),
        "not_learnt": int((given == NOT_LEARNT).sum()),
        "in_small": int(((given >= 0) & cases.small[given]).sum()),
        "learnt_from": len(learnt),
        "classes": len(cases.names),
        "classes_1": len(cases.parents),
        "majority": float(np.bincount(label).max() / len(label)),
        "cut": cut,
        "levels": levels if len(cases.parents) < len(cases.names) else levels[:1],
        "doubted": doubted,
        "judged": judged,
        "doubted_share": doubted / judged if judged else None,
    }


def _find(results: list[MetricResult]) -> Finding:
    """Holds the share of labels that the others doubt."""
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    info = result.info
    if info["judged"] < MINIMUM:
        return Finding(None, reason="too_few_labels")
    evidence = {name: info[name] for name in ("doubted", "judged", "classes", "unlabelled")}
    evidence["accuracy"] = info["levels"][0]["accuracy"]
    return Finding(
        result.value,
        evidence,
        records=info["doubted"],
        table=TABLE,
        where={"kind": "disagrees"},
        advice="review" if info["doubted"] else None,
    )


def _sample(report: Tables, result: MetricResult) -> Sample:
    doubted = np.zeros(result.info["judged"])
    doubted[: result.info["doubted"]] = 1
    return Sample(doubted, lambda values: float(values.mean()))


METRIC = Metric(
    name="task_type_suggestions",
    field="set",
    unit="ratio",
    direction="lower",
    compute=task_type_suggestions,
    checks=(CheckSpec("label_agreement", "purpose", "lower", "ratio", pass_at=0.05, warn_at=0.1, find=_find),),
    sample=_sample,
    beside="labels",
)
