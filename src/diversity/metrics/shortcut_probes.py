"""shortcut_probes: can a lazy model do without reading the prompt?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from diversity.features.inputs import Inputs
from diversity.features.labelled_draw import Drawn, Labelled, at_fixed_sizes, draw, labelled_units, type_labels
from diversity.features.linear_probe import Codes, Probed, balanced_accuracy, standard_error
from diversity.features.shortcut_share import CHANCE, LEAST_GAIN, gain, interval, ratio, share_told
from diversity.features.shortcut_views import WHOLE, View, all_views, probed, short_views, views_of
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput
from diversity.metrics.shortcut_tables import CONFIDENT, RECORDS, TABLE, shortcut_tables
from diversity.report import MetricResult

Target = Literal["task_type", "answer_cluster"]
TARGETS: tuple[Target, ...] = ("task_type", "answer_cluster")
MOST_LISTED = 40


def shortcut_probes(inputs: Inputs) -> MetricOutput:
    """For each target and short view, the share of what the whole prompt tells that the view alone tells.

    share = (accuracy of the view - 1 / C) / (accuracy of the whole prompt - 1 / C), clipped to 0..1, over C classes.
    Accuracies are balanced (the mean of the classes' recalls), so that the majority baseline is 1 / C however uneven
    the classes are. All are cross-validated on the same folds of at most `shortcuts.records` records (`draw`). Probes
    learn more from more records: `sizes` of a result's info has the share of task types at fixed numbers of records,
    trained anew, so that versions can be compared. Clusters of answers are each version's own and cannot be. `by_k` has
    the same for more and for fewer words.
    """
    outputs = [_measured(inputs, target) for target in TARGETS]
    results = [result for found, _ in outputs for result in found]
    made = [tables for _, tables in outputs if tables]
    names = (TABLE, RECORDS) if made else ()
    return MetricOutput(results, {name: pa.concat_tables([tables[name] for tables in made]) for name in names})


def _measured(inputs: Inputs, target: Target) -> tuple[list[MetricResult], dict[str, pa.Table]]:
    settings, seed = inputs.settings.shortcuts, inputs.settings.seed
    codes, names, reason = _labels(inputs, target)
    if reason:
        return _without(inputs, target, reason), {}
    labelled = labelled_units(inputs, codes, names)
    most = settings.records if target == "task_type" else settings.cluster_records
    drawn = draw(labelled, replace(settings, records=most), inputs.settings.task_types.minimum_records)
    if len(drawn.names) < 2:
        return _without(inputs, target, "too_few_classes", left_out=drawn.left_out), {}
    views = views_of(inputs, drawn)
    whole = probed(views, WHOLE, drawn, seed)
    if whole is None:
        return _without(inputs, target, "no_shared_words", left_out=drawn.left_out), {}
    info = _facts(drawn, whole)
    if info["whole"] - info["baseline"] < max(LEAST_GAIN, CHANCE * info["standard_error"]):
        return _without(inputs, target, "whole_prompt_tells_nothing", **info), {}
    every = {view: probed(views, view, drawn, seed) for view in all_views(settings)}
    found = {view: one for view, one in every.items() if one is not None}
    shown = [view for view in short_views(settings) if view in found]
    sizes = _at_sizes(inputs, labelled, shown) if target == "task_type" else {}
    results = [
        _result(target, view, found, whole, drawn, info | ({"sizes": sizes[view]} if view in sizes else {}))
        for view in short_views(settings)
    ]
    return results, shortcut_tables(inputs, target, drawn, whole, found)


def _labels(inputs: Inputs, target: Target) -> tuple[Codes, list[str], str | None]:
    """(R,) class of each record, -1 for none, the classes' names, and why there are none."""
    if target == "task_type":
        codes, names = type_labels(inputs)
        return codes, names, None if names else "no_task_types_to_tell"
    layout = inputs.layout("answer")
    if layout is None:
        none = np.full(inputs.corpus.record_count, -1, np.int64)
        return none, [], "no_embedder" if inputs.embedder is None else "too_few_for_map"
    named = [" · ".join(cluster.terms) for cluster in layout.clusters]
    return layout.cluster[inputs.corpus.first_units], named, None


def _at_sizes(inputs: Inputs, labelled: Labelled, views: Sequence[View]) -> dict[View, dict[str, list[float]]]:
    """For each view its share at every size that has one: value, standard error and degrees of freedom."""
    settings = inputs.settings.shortcuts
    found: dict[View, dict[str, list[float]]] = {view: {} for view in views}
    least, seed = inputs.settings.task_types.minimum_records, inputs.settings.seed
    for size, cuts in at_fixed_sizes(labelled, settings, least, seed):
        if any(len(drawn.names) < 2 for cut in cuts for drawn in cut):
            continue
        gains = np.array([[_gains(inputs, drawn, [WHOLE, *views]) for drawn in cut] for cut in cuts])
        for place, view in enumerate(views, 1):
            share = ratio(gains[:, :, place], gains[:, :, 0])
            if share is not None:
                found[view][str(size)] = [share.value, share.error, share.degrees]
    return found


def _gains(inputs: Inputs, drawn: Drawn, shown: Sequence[View]) -> list[float]:
    """What a probe of each view gains over guessing; one that sees nothing gains nothing."""
    views = views_of(inputs, drawn)
    found = [probed(views, view, drawn, inputs.settings.seed) for view in shown]
    return [gain(one.right, drawn.labels) if one is not None else 0.0 for one in found]


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
    target: Target, view: View, found: Mapping[View, Probed], whole: Probed, drawn: Drawn, facts: dict[str, Any]
) -> MetricResult:
    if view not in found:
        return _nothing(target, view, "no_systems" if view[0] == "system" else "no_shared_words", facts)
    by_k = {k: _told(seen, whole, drawn.labels) for (kind, k), seen in found.items() if kind == view[0]}
    own = by_k[view[1]]
    return MetricResult(
        metric=METRIC.name,
        field="set",
        params=_params(target, view),
        value=min(max(own["share"], 0.0), 1.0),
        interval=(own["low"], own["high"]),
        info=facts | own | {"by_k": [{"k": k, **told} for k, told in by_k.items()]},
        table=TABLE,
    )


def _told(seen: Probed, whole: Probed, labels: Codes) -> dict[str, Any]:
    low, high = interval(seen.right, whole.right, labels)
    return {
        "accuracy": balanced_accuracy(seen.right, labels),
        "share": share_told(seen.right, whole.right, labels),
        "low": low,
        "high": high,
        "confident": int((seen.right & (seen.margin >= CONFIDENT)).sum()),
    }


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


METRIC = Metric(
    name="shortcut_probes",
    field="set",
    unit="ratio",
    direction="lower",
    compute=shortcut_probes,
    checks=(CheckSpec("shortcut_probes", "prompts", "lower", "ratio", pass_at=0.85, warn_at=0.95, find=_find),),
    beside="map",
)
