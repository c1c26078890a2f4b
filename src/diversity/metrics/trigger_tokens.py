"""trigger_tokens: does a handful of words give the task type away?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from diversity.features.inputs import Inputs
from diversity.features.labelled_draw import Drawn, Labelled, at_fixed_sizes, draw, labelled_units, type_labels
from diversity.features.linear_probe import Probed, balanced_accuracy, probe, telling
from diversity.features.shortcut_share import gain, ratio
from diversity.features.term_presence import TermPresence, term_presence
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, not_applicable
from diversity.report import MetricResult

TABLE = "trigger_tokens"
COUNTS = (1, 2, 5, 10)
# The verdict is about two words a type, so that a type may have a synonym; one alone misses "translate" and 翻译.
HANDFUL = 2
TYPES_LISTED = 60


def trigger_tokens(inputs: Inputs) -> MetricOutput:
    """How far the best 1, 2, 5 and 10 words of each level-1 type go from guessing (0) to telling every type (1).

    (accuracy - 1 / C) / (1 - 1 / C) over the C types that `draw` gives, clipped to 0..1. The accuracy is balanced, the
    mean over the types of the share told, whose majority baseline is 1 / C. Linear support vector machines on which of
    the words are there, cross-validated; words are chosen in each training part. The records, their folds and their
    words are those of `shortcut_probes`, so that the accuracies of both agree. Probes learn more from more records:
    `sizes` of a result's info has the figure at fixed numbers of records, trained anew.
    """
    codes, names = type_labels(inputs)
    if not names:
        return not_applicable(METRIC.name, "prompt", METRIC.unit, "no_task_types_to_tell")
    least = inputs.settings.task_types.minimum_records
    labelled = labelled_units(inputs, codes, names)
    drawn = draw(labelled, inputs.settings.shortcuts, least)
    if len(drawn.names) < 2:
        return not_applicable(METRIC.name, "prompt", METRIC.unit, "too_few_types", minimum=least)
    terms = _terms(inputs, drawn)
    found = _probed(inputs, drawn, terms)
    whole = probe(terms.matrix, drawn.labels, drawn.fold, inputs.settings.seed)
    tokens = _tokens(drawn, terms)
    table = _table(inputs, drawn, terms, found, whole, tokens)
    facts: dict[str, Any] = {
        "records": len(drawn.labels),
        "types": len(drawn.names),
        "left_out": drawn.left_out,
        "baseline": 1 / len(drawn.names),
        "accuracy": {str(k): balanced_accuracy(one.right, drawn.labels) for k, one in found.items()},
        "all": balanced_accuracy(whole.right, drawn.labels),
        "tokens": tokens,
    }
    sizes = _at_sizes(inputs, labelled)
    results = [
        MetricResult(
            metric=METRIC.name,
            field="prompt",
            params={"tokens": k},
            value=min(max(_way(one, drawn), 0.0), 1.0),
            info=facts | {"told": int(one.right.sum()), "given_away": given_away(table, k), "sizes": sizes[k]},
            table=TABLE,
        )
        for k, one in found.items()
    ]
    return MetricOutput(results, {TABLE: table})


def given_away(table: pa.Table, words: int) -> int:
    """How many prompts were told by so many words a type and have one of their own type's first HANDFUL.

    A prompt may be told by having none of any type's words, too; no other wording mends that.
    """
    has = np.asarray(table["token"].is_valid())
    return int((np.asarray(table[f"told_{words}"]) & has).sum())


def _terms(inputs: Inputs, drawn: Drawn) -> TermPresence:
    return term_presence(inputs.corpus.prompts.take(pa.array(drawn.units)).to_pylist())


def _probed(inputs: Inputs, drawn: Drawn, terms: TermPresence) -> dict[int, Probed]:
    return {k: probe(terms.matrix, drawn.labels, drawn.fold, inputs.settings.seed, columns=k) for k in COUNTS}


def _way(told: Probed, drawn: Drawn) -> float:
    """From guessing (0) to telling every type (1)."""
    return gain(told.right, drawn.labels) / (1 - 1 / len(drawn.names))


def _at_sizes(inputs: Inputs, labelled: Labelled) -> dict[int, dict[str, list[float]]]:
    """For each number of words the figure at every size that has one: value, standard error, degrees of freedom."""
    settings = inputs.settings
    found: dict[int, dict[str, list[float]]] = {k: {} for k in COUNTS}
    for size, cuts in at_fixed_sizes(labelled, settings.shortcuts, settings.task_types.minimum_records, settings.seed):
        if any(len(drawn.names) < 2 for cut in cuts for drawn in cut):
            continue
        told = [[(_probed(inputs, drawn, _terms(inputs, drawn)), drawn) for drawn in cut] for cut in cuts]
        for k in COUNTS:
            ways = np.array([[_way(probes[k], drawn) for probes, drawn in cut] for cut in told])
            mean = ratio(ways, np.ones_like(ways))
            if mean is not None:
                found[k][str(size)] = [mean.value, mean.error, mean.degrees]
    return found


def _tokens(drawn: Drawn, terms: TermPresence) -> list[dict[str, Any]]:
    """For each type its most typical words with the share of its prompts, and of the others', that have them; the
    largest types first."""
    listed = []
    sizes = np.bincount(drawn.labels)
    for code in np.argsort(-sizes, kind="stable")[:TYPES_LISTED].tolist():
        own = drawn.labels == code
        columns = telling(terms.matrix, own.astype(np.int64), max(COUNTS))
        inside, outside = (np.asarray(terms.matrix[rows][:, columns].mean(axis=0)).ravel() for rows in (own, ~own))
        best = [at for at in np.argsort(outside - inside, kind="stable").tolist() if inside[at] > outside[at]]
        words = [
            {"token": terms.words[columns[at]], "inside": float(inside[at]), "outside": float(outside[at])}
            for at in best
        ]
        listed.append({"type": drawn.names[code], "records": int(sizes[code]), "words": words})
    return listed


def _table(
    inputs: Inputs,
    drawn: Drawn,
    terms: TermPresence,
    found: dict[int, Probed],
    whole: Probed,
    tokens: list[dict[str, Any]],
) -> pa.Table:
    """One line for each prompt drawn: its type, the first of the type's best words that it has, and with how many
    words it was told."""
    number = {word: at for at, word in enumerate(terms.words)}
    trigger: list[str | None] = [None] * len(drawn.labels)
    for one in reversed(tokens):
        rows = np.flatnonzero(drawn.labels == drawn.names.index(one["type"]))
        for word in reversed(one["words"][:HANDFUL]):
            for row in rows[terms.matrix[rows][:, [number[word["token"]]]].toarray().ravel() > 0].tolist():
                trigger[row] = word["token"]
    names = np.array(drawn.names, dtype=object)[drawn.labels]
    return pa.table(
        {
            **inputs.corpus.unit_keys(drawn.units),
            "task_type": pa.array(names, pa.string()),
            "token": pa.array(trigger, pa.string()),
            **{f"told_{k}": one.right for k, one in found.items()},
            "told_all": whole.right,
        }
    )


def _find(results: list[MetricResult]) -> Finding:
    result = next((one for one in results if one.params.get("tokens") == HANDFUL), results[0])
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    info = result.info
    surest = max(
        ({"type": one["type"], **word} for one in info["tokens"] for word in one["words"][:1]),
        key=lambda word: word["inside"] - word["outside"],
        default={"type": "", "token": "", "inside": 0.0, "outside": 0.0},
    )
    evidence = {
        "tokens": HANDFUL,
        "types": info["types"],
        "sample": info["records"],
        "accuracy": info["accuracy"][str(HANDFUL)],
        "all": info["all"],
        "baseline": info["baseline"],
        "token": surest["token"],
        "task_type": surest["type"],
        "inside": surest["inside"],
        "outside": surest["outside"],
    }
    return Finding(result.value, evidence, records=info["given_away"], table=TABLE, advice="vary_tokens")


METRIC = Metric(
    name="trigger_tokens",
    field="prompt",
    unit="ratio",
    direction="lower",
    compute=trigger_tokens,
    checks=(CheckSpec("trigger_tokens", "prompts", "lower", "ratio", pass_at=0.5, warn_at=0.8, find=_find),),
    beside="wording",
    texts_only=True,
)
