"""answer_openings: do answers begin in many ways, or with the same few words?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.metrics.base import ROW, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.hill import hill_numbers, rarefied_entropy
from diversity.neighbors.openings import Edges, Phrase, Side, edges, opening_text, shared_phrases
from diversity.neighbors.texts import Texts, take
from diversity.report import MetricResult

TABLE, RECORDS = "answer_openings", "answer_phrase_records"
SIDES: tuple[Side, ...] = ("opening", "closing")
LENGTHS = range(1, 9)
# The figure itself. At one word "The" rules every English set; at four hardly any two answers of an ordinary set agree
# (947 effective openings among 1,000 answers of alpaca, 905 in Chinese), which leaves no room to tell sets apart.
UNITS = 2
# Effective numbers grow with the texts looked at, so every set is looked at through as many.
EQUAL = 1_000
DRAWS = 20
# Below this many answers every opening is new or a coincidence.
MINIMUM = 20


def answer_openings(inputs: Inputs) -> MetricOutput:
    """Effective number of openings (exp of Shannon's entropy over the first two words) among 1,000 different answers.

    A word is a word, a Chinese character or a mark; an answer counts for as many words as it goes on beyond. Sets of
    fewer answers are looked at whole, larger ones through the mean of 20 draws; `at` says through how many. `info` has
    this for the first 1 to 8 words, and the phrases that answers share at either end (`shared_phrases`).
    """
    answers = inputs.texts("answer")
    found = {side: edges(answers, side) for side in SIDES}
    opening = found["opening"]
    if not len(opening.different):
        return not_applicable(METRIC.name, "answer", METRIC.unit, "no_answers")
    phrases = {side: shared_phrases(answers, found[side]) for side in SIDES}
    info: dict[str, Any] = {f"{side}s": [asdict(phrase) for phrase in phrases[side]] for side in SIDES}
    info |= {"answers": len(opening.different), "by_length": [_spread(answers, opening, k) for k in LENGTHS]}
    none = pa.table({**inputs.corpus.unit_keys(np.zeros(0, np.int64)), "phrase": pa.array([], pa.string())})
    tables = {
        TABLE: _table(inputs, opening),
        RECORDS: pa.concat_tables([none, *_having(inputs, found, phrases)]),
    }
    spread = info["by_length"][UNITS - 1]
    known = bool(spread["answers"] >= MINIMUM)
    result = MetricResult(
        metric=METRIC.name,
        field="answer",
        params={"k": UNITS},
        status="ok" if known else "not_applicable",
        value=spread["effective"] if known else None,
        unit=METRIC.unit,
        info=info,
        table=TABLE,
        reason=None if known else "too_few_openings",
    )
    return MetricOutput([result], tables)


def _spread(answers: Texts, opening: Edges, k: int) -> dict[str, Any]:
    """How the first `k` words of the different answers that go on beyond them are spread."""
    keys = opening.keys[opening.different, k - 1]
    rows, keys = opening.different[keys > 0], keys[keys > 0]
    if not len(keys):
        return {"k": k, "answers": 0}
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    top = int(np.argmax(counts))
    return {
        "k": k,
        "answers": len(keys),
        "at": min(EQUAL, len(keys)),
        "effective": effective_number(counts),
        "different": len(counts),
        "top": opening_text(take(answers, rows[first[top : top + 1]])[0], k),
        "top_count": int(counts[top]),
        "top_share": float(counts[top] / len(keys)),
    }


def effective_number(counts: NDArray[np.int64]) -> float:
    """Hill number of order 1 of `counts`, expected among EQUAL texts drawn without replacement; of all when they are
    fewer."""
    if counts.sum() <= EQUAL:
        return hill_numbers(counts)["q1"]
    random = np.random.default_rng(0)
    kinds = np.repeat(np.arange(len(counts)), np.sort(counts))
    drawn = (kinds[random.choice(len(kinds), EQUAL, replace=False, shuffle=False)] for _ in range(DRAWS))
    return float(np.mean([hill_numbers(np.bincount(one))["q1"] for one in drawn]))


def _table(inputs: Inputs, opening: Edges) -> pa.Table:
    """Every unit with a key of its first words; 0 for repeats of an earlier answer and for shorter ones."""
    keys = np.zeros(len(opening.keys), np.int64)
    keys[opening.different] = opening.keys[opening.different, UNITS - 1]
    return pa.table({**inputs.corpus.unit_keys(), "opening": keys})


def _having(inputs: Inputs, found: dict[Side, Edges], phrases: dict[Side, list[Phrase]]) -> Iterator[pa.Table]:
    """The units behind every listed phrase (`opening-0`, …), repeats of an answer included."""
    for side in SIDES:
        for place, phrase in enumerate(phrases[side]):
            units = np.flatnonzero(found[side].having(phrase))
            code = pa.array([f"{side}-{place}"] * len(units), pa.string())
            yield pa.table({**inputs.corpus.unit_keys(units), "phrase": code})


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok":
        return Finding(None, reason=result.reason)
    first = next(iter(result.info["openings"]), None)
    if first is None:
        return Finding(0.0, records=0, advice="vary_openings")
    evidence = {"opening": first["text"], "count": first["count"], "answers": result.info["answers"]}
    where = {"side": "opening", "phrase": 0}
    return Finding(first["share"], evidence, records=first["count"], table=RECORDS, where=where, advice="vary_openings")


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    table = report.table(TABLE, [*ROW, "opening"])
    table = table[table["opening"] > 0]
    if len(table) < MINIMUM:
        return None
    names, numbers = np.unique(table["opening"].to_numpy(dtype=np.int64), return_inverse=True)
    return Sample(numbers, _expected, table[ROW], "answer", names)


def _expected(numbers: NDArray[np.int64]) -> float:
    """The figure without its draws, whose noise would hide a small change."""
    counts = np.bincount(numbers)
    return float(np.exp(rarefied_entropy(counts, min(EQUAL, len(numbers)))))


METRIC = Metric(
    name="answer_openings",
    field="answer",
    unit="openings",
    direction="higher",
    compute=answer_openings,
    checks=(CheckSpec("answer_openings", "answers", "lower", "ratio", pass_at=0.05, warn_at=0.2, find=_find),),
    sample=_sample,
    beside="openings",
    texts_only=True,
)
