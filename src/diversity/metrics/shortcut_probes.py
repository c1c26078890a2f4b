"""shortcut_probes: can a lazy model do without reading the prompt?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.cache import content_keys
from diversity.features.inputs import Inputs
from diversity.features.linear_probe import Codes, Probed, balanced_accuracy, deal_folds, probe, standard_error
from diversity.features.narrow_views import LONGEST, Matrix, NarrowViews, ShortcutSettings
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.report import MetricResult

TABLE, RECORDS = "shortcut_probes", "shortcut_records"
Target = Literal["task_type", "answer_cluster"]
View = tuple[str, int]
TARGETS: tuple[Target, ...] = ("task_type", "answer_cluster")
EDGES = (1, 2, 4, 8)
# What the whole prompt must tell beyond the baseline before a part of it means anything: a share of less is noise.
LEAST_GAIN = 0.05
# And by so many standard errors: one set in 700 gets there by chance. Two would let one in 40 through.
CHANCE = 3
# A support vector machine wants its own class two above the others; half of that is a call it stands by.
CONFIDENT = 1.0
DRAWS = 200
MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class Drawn:
    """The records that the probes are trained on: `units` (n,) their first turns, `labels` (n,) classes 0..C-1 named by
    `names`, `left_out` records of classes that are too small or too many."""

    units: NDArray[np.int64]
    labels: Codes
    names: list[str]
    left_out: int


def shortcut_probes(inputs: Inputs) -> MetricOutput:
    """For each target and short view, the share of what the whole prompt tells that the view alone tells.

    share = (accuracy of the view - 1 / C) / (accuracy of the whole prompt - 1 / C), clipped to 0..1, over C classes.
    Accuracies are balanced (the mean of the classes' recalls), so that the majority baseline is 1 / C however uneven
    the classes are. All are cross-validated on the same folds of at most `shortcuts.records` records, one for each
    different first prompt. Comparable only between sets of about as many records: probes learn more from more. `by_k`
    of a result's info has the same for more and for fewer words.
    """
    outputs = [_measured(inputs, target) for target in TARGETS]
    results = [result for found, _ in outputs for result in found]
    made = [tables for _, tables in outputs if tables]
    names = (TABLE, RECORDS) if made else ()
    return MetricOutput(results, {name: pa.concat_tables([tables[name] for tables in made]) for name in names})


def _measured(inputs: Inputs, target: Target) -> tuple[list[MetricResult], dict[str, pa.Table]]:
    settings = inputs.settings.shortcuts
    labels, names, reason = _labels(inputs, target)
    if reason:
        return _without(inputs, target, reason), {}
    drawn = _draw(inputs, labels, names)
    if len(drawn.names) < 2:
        return _without(inputs, target, "too_few_classes", left_out=drawn.left_out), {}
    views = _views(inputs, drawn.units)
    prompts = np.asarray(_keys(views.prompts))
    fold = deal_folds(drawn.labels, np.unique(prompts, return_inverse=True)[1], settings.folds)
    whole = probe(views.whole, drawn.labels, fold, inputs.settings.seed)
    info = _facts(drawn, whole)
    if info["whole"] - info["baseline"] < max(LEAST_GAIN, CHANCE * info["standard_error"]):
        return _without(inputs, target, "whole_prompt_tells_nothing", **info), {}
    found: dict[View, Probed] = {}
    for view, matrix, columns in _matrices(views, inputs):
        if matrix.shape[1]:
            found[view] = probe(matrix, drawn.labels, fold, inputs.settings.seed, columns=columns)
    results = [_result(target, view, found, whole, drawn, info) for view in short_views(settings)]
    return results, _tables(inputs, target, drawn, whole, found)


def _labels(inputs: Inputs, target: Target) -> tuple[Codes, list[str], str | None]:
    """(R,) class of each record, -1 for none, the classes' names, and why there are none."""
    none = np.full(inputs.corpus.record_count, -1, np.int64)
    if target == "task_type":
        types = np.asarray(inputs.corpus.task_types(1).to_pylist(), dtype=object)
        present = np.flatnonzero([one is not None for one in types])
        names, none[present] = np.unique(types[present].astype(str), return_inverse=True)
        return none, names.tolist(), None if len(present) else "no_task_types"
    layout = inputs.layout("answer")
    if layout is None:
        return none, [], "no_embedder" if inputs.embedder is None else "too_few_texts"
    named = [" · ".join(cluster.terms) for cluster in layout.clusters]
    return layout.cluster[_first_units(inputs)], named, None


def _first_units(inputs: Inputs) -> NDArray[np.int64]:
    """(R,) the first turn of each record: later turns lean on what was said before."""
    return np.searchsorted(inputs.corpus.record_of_unit, np.arange(inputs.corpus.record_count))


def _draw(inputs: Inputs, labels: Codes, names: list[str]) -> Drawn:
    """At most `shortcuts.records` records, drawn by content, the largest classes cut first.

    Records with the same system text, first prompt and class count once.
    """
    settings, units = inputs.settings.shortcuts, _first_units(inputs)
    labelled = np.flatnonzero(labels >= 0)
    keys = np.asarray(_keys(*_texts(inputs, units[labelled])))
    order = np.lexsort((labels[labelled], keys))
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(keys[order]) != 0) | (np.diff(labels[labelled][order]) != 0)
    rows = labelled[order][new]
    counts = np.bincount(labels[rows], minlength=len(names))
    large = np.argsort(-counts, kind="stable")[: settings.most_classes]
    classes = np.sort(large[counts[large] >= inputs.settings.task_types.minimum_records])
    most = _water_level(counts[classes], settings.records)
    chosen = np.concatenate([rows[labels[rows] == code][:most] for code in classes] or [rows[:0]])
    code = np.full(len(names) + 1, -1)
    code[classes] = np.arange(len(classes))
    return Drawn(
        units[chosen], code[labels[chosen]], [names[one] for one in classes], int(len(rows) - counts[classes].sum())
    )


def _water_level(counts: NDArray[np.int64], total: int) -> int:
    """The largest cap under which classes of these sizes add up to at most `total`."""
    low, high = 0, int(counts.max(initial=0))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if np.minimum(counts, middle).sum() <= total else (low, middle - 1)
    return low


def _texts(inputs: Inputs, units: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    """Systems (empty where there is none) and prompts of the units."""
    records = pa.array(inputs.corpus.record_of_unit[units])
    systems = inputs.corpus.records["system"].take(records).to_pylist()
    return [text or "" for text in systems], inputs.corpus.prompts.take(pa.array(units)).to_pylist()


def _keys(*columns: Any) -> list[int]:
    return [int.from_bytes(key[:7], "little") for key in content_keys(columns)]


def _views(inputs: Inputs, units: NDArray[np.int64]) -> NarrowViews:
    systems, prompts = _texts(inputs, units)
    return NarrowViews(prompts, systems, inputs.prompt_tokens[units])


def _listed(inputs: Inputs) -> list[View]:
    """Kind and size of every view, in the order in which they are shown; 0 where there is no size."""
    settings = inputs.settings.shortcuts
    sizes = sorted({*EDGES, settings.short})
    triggers = sorted({1, settings.triggers, 5})
    edges = [(side, k) for side in ("first", "last") for k in sizes if k <= LONGEST]
    return [*edges, *(("trigger", k) for k in triggers), ("system", 0), ("length", 0)]


def _matrices(views: NarrowViews, inputs: Inputs) -> Iterator[tuple[View, Matrix, int | None]]:
    edges: dict[str, Callable[[int], Matrix]] = {"first": views.first, "last": views.last}
    for kind, k in _listed(inputs):
        if kind in edges:
            yield (kind, k), edges[kind](k), None
        elif kind == "trigger":
            yield (kind, k), views.words, k
        elif kind == "length" or any(views.systems):
            yield (kind, k), views.system if kind == "system" else views.length, None


def short_views(settings: ShortcutSettings) -> tuple[View, ...]:
    """The views that the verdict is about: a few words at either edge, a few anywhere, the system, the length."""
    edges = (("first", settings.short), ("last", settings.short), ("trigger", settings.triggers))
    return (*edges, ("system", 0), ("length", 0))


def _facts(drawn: Drawn, whole: Probed) -> dict[str, Any]:
    counts = np.bincount(drawn.labels)
    largest = np.argsort(-counts, kind="stable")[:MOST_LISTED]
    return {
        "records": len(drawn.labels),
        "left_out": drawn.left_out,
        "classes": len(drawn.names),
        "counts": [[drawn.names[code], int(counts[code])] for code in largest],
        "baseline": 1 / len(drawn.names),
        "whole": balanced_accuracy(whole.right, drawn.labels),
        "standard_error": standard_error(whole.right, drawn.labels),
    }


def _params(target: Target, view: View) -> dict[str, Any]:
    kind, k = view
    return {"target": target, "view": kind} | ({"k": k} if k else {})


def _without(inputs: Inputs, target: Target, reason: str, **info: Any) -> list[MetricResult]:
    return [_nothing(target, view, reason, info) for view in short_views(inputs.settings.shortcuts)]


def _nothing(target: Target, view: View, reason: str, info: dict[str, Any]) -> MetricResult:
    return MetricResult(
        metric=METRIC.name,
        field="set",
        params=_params(target, view),
        status="not_applicable",
        reason=reason,
        info=info,
    )


def _result(
    target: Target, view: View, found: dict[View, Probed], whole: Probed, drawn: Drawn, facts: dict[str, Any]
) -> MetricResult:
    if view not in found:
        return _nothing(target, view, "no_systems" if view[0] == "system" else "no_shared_words", facts)
    sizes = {k: _told(seen, whole, drawn.labels) for (kind, k), seen in found.items() if kind == view[0]}
    own = sizes[view[1]]
    return MetricResult(
        metric=METRIC.name,
        field="set",
        params=_params(target, view),
        value=min(max(own["share"], 0.0), 1.0),
        interval=(own["low"], own["high"]),
        info=facts | own | {"by_k": [{"k": k, **told} for k, told in sizes.items()]},
        table=TABLE,
    )


def _told(seen: Probed, whole: Probed, labels: Codes) -> dict[str, Any]:
    right = np.column_stack([seen.right, whole.right])
    low, high = _interval(right, labels)
    return {
        "accuracy": balanced_accuracy(seen.right, labels),
        "share": _share(right, labels),
        "low": low,
        "high": high,
        "confident": int((seen.right & (seen.margin >= CONFIDENT)).sum()),
    }


def _share(right: NDArray[np.bool_], labels: Codes) -> float:
    """(accuracy of column 0 - baseline) / (accuracy of column 1 - baseline); 0 where the latter is no better."""
    baseline = 1 / len(np.unique(labels))
    part, whole = (balanced_accuracy(column, labels) - baseline for column in right.T)
    return float(part / whole) if whole > 0 else 0.0


def _interval(right: NDArray[np.bool_], labels: Codes) -> tuple[float, float]:
    """95% interval over the records judged, by bootstrap within classes; the probes stay as they are."""
    random = np.random.default_rng(0)
    size = np.bincount(labels)
    both = right[:, 0] * 2 + right[:, 1]
    told = np.zeros((DRAWS, 2))
    for code, rows in enumerate(size):
        share = np.bincount(both[labels == code], minlength=4) / rows
        drawn = random.multinomial(rows, share, size=DRAWS) / rows
        told += np.column_stack([drawn[:, 2] + drawn[:, 3], drawn[:, 1] + drawn[:, 3]]) / len(size)
    gain = told - 1 / len(size)
    shares = np.clip(gain[:, 0] / np.maximum(gain[:, 1], 1e-9), 0, 1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def _tables(
    inputs: Inputs, target: Target, drawn: Drawn, whole: Probed, found: dict[View, Probed]
) -> dict[str, pa.Table]:
    """Who was told by which view; and the records that a short view gives away for certain."""
    names = np.asarray(drawn.names, dtype=object)[drawn.labels]
    columns = {
        column_name(view): (found[view].right if view in found else np.zeros(len(names), bool))
        for view in _listed(inputs)
    }
    told = pa.table(
        {
            **inputs.corpus.unit_keys(drawn.units),
            "target": pa.array([target] * len(names), pa.string()),
            "label": pa.array(names, pa.large_string()),
            "whole": whole.right,
            **columns,
        }
    )
    return {TABLE: told, RECORDS: pa.concat_tables(_given_away(inputs, target, drawn, names, found))}


def _given_away(
    inputs: Inputs, target: Target, drawn: Drawn, names: NDArray[Any], found: dict[View, Probed]
) -> Iterator[pa.Table]:
    for kind, k in short_views(inputs.settings.shortcuts):
        seen = found.get((kind, k))
        rows = np.flatnonzero(seen.right & (seen.margin >= CONFIDENT)) if seen is not None else np.zeros(0, np.int64)
        yield pa.table(
            {
                **inputs.corpus.unit_keys(drawn.units[rows]),
                "target": pa.array([target] * len(rows), pa.string()),
                "view": pa.array([kind] * len(rows), pa.string()),
                "label": pa.array(names[rows], pa.large_string()),
                "margin": pa.array(seen.margin[rows] if seen is not None else [], pa.float64()),
            }
        )


def column_name(view: View) -> str:
    """Where the table says whether the view told the class: `first_4`, `length`."""
    kind, k = view
    return f"{kind}_{k}" if k else kind


def _find(results: list[MetricResult]) -> Finding:
    types = [result for result in results if result.params.get("target") == "task_type"]
    judged = [result for result in types if result.status == "ok"]
    if not judged:
        return Finding(None, reason=types[0].reason)
    worst = max(judged, key=lambda result: result.info["share"])
    kind = worst.params["view"]
    evidence = {
        "kind": f"seen_{kind}",
        "k": worst.params.get("k", 0),
        "accuracy": worst.info["accuracy"],
        "whole": worst.info["whole"],
        "baseline": worst.info["baseline"],
        "classes": worst.info["classes"],
        "sample": worst.info["records"],
    }
    where = {"target": "task_type", "view": kind}
    return Finding(
        worst.value, evidence, records=worst.info["confident"], table=RECORDS, where=where, advice=f"vary_{kind}"
    )


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    view = (str(result.params["view"]), int(result.params.get("k", 0)))
    table = report.table(TABLE, ["target", "label", "whole", column_name(view)])
    table = table[table["target"] == result.params["target"]]
    labels = np.unique(table["label"].to_numpy(dtype=str), return_inverse=True)[1]
    values = np.column_stack([labels, table[column_name(view)], table["whole"]]).astype(np.int64)
    return Sample(values, _share_of_rows) if len(values) else None


def _share_of_rows(values: NDArray[Any]) -> float:
    labels = np.unique(values[:, 0], return_inverse=True)[1]
    return min(max(_share(values[:, 1:].astype(bool), labels), 0.0), 1.0)


METRIC = Metric(
    name="shortcut_probes",
    field="set",
    unit="ratio",
    direction="lower",
    compute=shortcut_probes,
    checks=(CheckSpec("shortcut_probes", "prompts", "lower", "ratio", pass_at=0.85, warn_at=0.95, find=_find),),
    sample=_sample,
    beside="map",
)
