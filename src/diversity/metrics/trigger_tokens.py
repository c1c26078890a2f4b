"""trigger_tokens: does a handful of words give the task type away?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from diversity.features.inputs import Inputs
from diversity.features.linear_probe import Probed, balanced_accuracy, deal_folds, probe, telling
from diversity.features.set_sample import content_order
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.report import MetricResult
from diversity.text.terms import terms

TABLE = "trigger_tokens"
COUNTS = (1, 2, 5, 10)
# The verdict is about two words a type, so that a type may have a synonym; one alone misses "translate" and 翻译.
HANDFUL = 2
MINIMUM = 20
CHARACTERS = 2000
LEAST = 3
TYPES_LISTED = 60
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The prompts that are told apart: `units` (n,) first turns, `labels` (n,) codes of `names`, and which words they
    have: `matrix` (n, words) of zeros and ones, `words` spelled out."""

    units: Ints
    labels: Ints
    names: list[str]
    texts: list[str]
    matrix: Any
    words: list[str]


def trigger_tokens(inputs: Inputs) -> MetricOutput:
    """How far the best 1, 2, 5 and 10 words of each level-1 type go from guessing (0) to telling every type (1).

    (accuracy - 1 / C) / (1 - 1 / C) over C types with at least MINIMUM of the prompts drawn, clipped to 0..1. The
    accuracy is balanced, the mean over the types of the share told, whose majority baseline is 1 / C. Linear support
    vector machines on which of the words are there, cross-validated; words are chosen in each training part. First
    turns of at most `shortcuts.records` records, drawn by content. Probes learn more from more records: compare at
    equal n.
    """
    types = inputs.corpus.task_types(1)
    if types.null_count == len(types):
        return not_applicable(METRIC.name, "prompt", METRIC.unit, "no_task_types")
    drawn = _draw(inputs, types)
    if len(drawn.names) < 2:
        return not_applicable(METRIC.name, "prompt", METRIC.unit, "too_few_types", minimum=MINIMUM)
    settings = inputs.settings.shortcuts
    fold = deal_folds(drawn.labels, np.unique(drawn.texts, return_inverse=True)[1], settings.folds)
    found = {k: probe(drawn.matrix, drawn.labels, fold, inputs.settings.seed, columns=k) for k in COUNTS}
    whole = probe(drawn.matrix, drawn.labels, fold, inputs.settings.seed)
    tokens = _tokens(drawn)
    facts: dict[str, Any] = {
        "records": len(drawn.labels),
        "types": len(drawn.names),
        "baseline": 1 / len(drawn.names),
        "accuracy": {str(k): balanced_accuracy(one.right, drawn.labels) for k, one in found.items()},
        "all": balanced_accuracy(whole.right, drawn.labels),
        "tokens": tokens,
    }
    results = [
        MetricResult(
            metric=METRIC.name,
            field="prompt",
            params={"tokens": k},
            value=_gain(np.column_stack([drawn.labels, one.right])),
            info=facts | {"told": int(one.right.sum())},
            table=TABLE,
        )
        for k, one in found.items()
    ]
    return MetricOutput(results, {TABLE: _table(inputs, drawn, found, whole, tokens)})


def _draw(inputs: Inputs, types: pa.Array) -> _Drawn:
    records = inputs.corpus.record_of_unit
    first = np.searchsorted(records, np.arange(inputs.corpus.record_count))
    labelled = first[types.is_valid().to_numpy(zero_copy_only=False)]
    order = content_order([inputs.corpus.prompts.take(pa.array(labelled))])[: inputs.settings.shortcuts.records]
    units = labelled[order]
    names, labels, counts = np.unique(
        types.take(pa.array(records[units])).to_numpy(zero_copy_only=False).astype(str),
        return_inverse=True,
        return_counts=True,
    )
    large = np.argsort(-counts, kind="stable")[: inputs.settings.shortcuts.most_classes]
    kept = np.isin(labels, large[counts[large] >= MINIMUM])
    names, labels = np.unique(names[labels[kept]], return_inverse=True)
    texts = inputs.corpus.prompts.take(pa.array(units[kept])).to_pylist()
    return _Drawn(units[kept], labels, names.tolist(), texts, *_words(texts))


def _words(texts: list[str]) -> tuple[Any, list[str]]:
    """Which words each text has, those that at least LEAST texts have, in the order of the alphabet."""
    found = [sorted(set(terms(text, CHARACTERS))) for text in texts]
    flat = np.array([word for words in found for word in words], dtype=object).astype(str)
    words, column, counts = np.unique(flat, return_inverse=True, return_counts=True)
    row = np.repeat(np.arange(len(texts)), [len(one) for one in found])
    matrix = csr_matrix((np.ones(len(flat)), (row, column)), shape=(len(texts), len(words)))
    return matrix[:, counts >= LEAST], words[counts >= LEAST].tolist()


def _tokens(drawn: _Drawn) -> list[dict[str, Any]]:
    """For each type its most typical words with the share of its prompts, and of the others', that have them; the
    largest types first."""
    listed = []
    sizes = np.bincount(drawn.labels)
    for code in np.argsort(-sizes, kind="stable")[:TYPES_LISTED].tolist():
        own = drawn.labels == code
        columns = telling(drawn.matrix, own.astype(np.int64), max(COUNTS))
        inside, outside = (np.asarray(drawn.matrix[rows][:, columns].mean(axis=0)).ravel() for rows in (own, ~own))
        best = [at for at in np.argsort(outside - inside, kind="stable").tolist() if inside[at] > outside[at]]
        words = [
            {"token": drawn.words[columns[at]], "inside": float(inside[at]), "outside": float(outside[at])}
            for at in best
        ]
        listed.append({"type": drawn.names[code], "records": int(sizes[code]), "words": words})
    return listed


def _gain(rows: NDArray[Any]) -> float:
    """The figure over rows of (type, told or not)."""
    labels = np.unique(rows[:, 0], return_inverse=True)[1]
    guess = 1 / (int(labels.max()) + 1)
    accuracy = balanced_accuracy(rows[:, 1].astype(bool), labels)
    return min(max((accuracy - guess) / (1 - guess), 0.0), 1.0) if guess < 1 else 0.0


def _table(
    inputs: Inputs, drawn: _Drawn, found: dict[int, Probed], whole: Probed, tokens: list[dict[str, Any]]
) -> pa.Table:
    """One line for each prompt drawn: its type, the first of the type's best words that it has, and with how many
    words it was told."""
    number = {word: at for at, word in enumerate(drawn.words)}
    trigger: list[str | None] = [None] * len(drawn.labels)
    for one in reversed(tokens):
        rows = np.flatnonzero(drawn.labels == drawn.names.index(one["type"]))
        for word in reversed(one["words"][:HANDFUL]):
            for row in rows[drawn.matrix[rows][:, [number[word["token"]]]].toarray().ravel() > 0].tolist():
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
    return Finding(result.value, evidence, records=info["told"], table=TABLE, advice="vary_tokens")


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    table = report.table(TABLE, ["task_type", f"told_{result.params['tokens']}"])
    labels = np.unique(table["task_type"].to_numpy(dtype=str), return_inverse=True)[1]
    return Sample(np.column_stack([labels, table.iloc[:, 1].to_numpy(np.int64)]), _gain) if len(table) else None


METRIC = Metric(
    name="trigger_tokens",
    field="prompt",
    unit="ratio",
    direction="lower",
    compute=trigger_tokens,
    checks=(CheckSpec("trigger_tokens", "prompts", "lower", "ratio", pass_at=0.5, warn_at=0.8, find=_find),),
    sample=_sample,
    beside="wording",
)
