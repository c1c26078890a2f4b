"""What answer_openings, answer_closings and prompt_openings share: how texts begin or end, and the check on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.metrics.base import ROW, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.metrics.hill import hill_numbers, rarefied_entropy
from diversity.neighbors.openings import Edges, Phrase, Side, edge_text, edges, shared_phrases
from diversity.neighbors.texts import Texts, take
from diversity.report import MetricResult

LENGTHS = range(1, 9)
# Of larger sets the mean over this many draws is taken, each of as many texts: what a set of any size is held against.
EQUAL, DRAWS = 1000, 20
# Fewer texts that go on beyond their first words can't show whether they begin in many ways.
MINIMUM = 20


@dataclass(frozen=True, slots=True)
class Edge:
    """One side of one field's texts, and how many words of it the figure is about."""

    name: str
    field: Literal["prompt", "answer"]
    side: Side
    words: int

    @property
    def records(self) -> str:
        """The table of the texts behind each listed phrase."""
        return f"{self.name}_records"


def edge_metric(edge: Edge, compute: Callable[[Inputs], MetricOutput], pass_at: float, warn_at: float) -> Metric:
    """The declaration of a metric that computes `edge_output`, with its check on the most frequent phrase."""
    group: Literal["prompts", "answers"] = "answers" if edge.field == "answer" else "prompts"
    check = CheckSpec(edge.name, group, "lower", "ratio", pass_at=pass_at, warn_at=warn_at, find=_finds(edge))
    return Metric(
        name=edge.name,
        field=edge.field,
        unit=f"{edge.side}s",
        direction="higher",
        compute=compute,
        checks=(check,),
        sample=_sample,
        beside="openings",
        texts_only=True,
    )


def edge_output(edge: Edge, inputs: Inputs) -> MetricOutput:
    """Effective number (exp of Shannon's entropy over the first or last `words`) among 1,000 different texts.

    A word is a word, a Chinese character or a mark; a text counts for as many words as it goes on beyond. Sets of
    fewer texts are looked at whole, larger ones through the mean of 20 draws; `at` says through how many. `info` has
    this for 1 to 8 words, and the `phrases` that texts share (`shared_phrases`), of which the check takes the most
    frequent. Tables: every unit with a key of its words, and the units behind every phrase.
    """
    texts = inputs.texts(edge.field)
    found = edges(texts, edge.side)
    if not len(found.different):
        return not_applicable(edge.name, edge.field, f"{edge.side}s", f"no_{edge.field}s")
    phrases = shared_phrases(texts, found)
    by_length = [_spread(texts, found, k) for k in LENGTHS]
    spread = by_length[edge.words - 1]
    known = bool(spread["texts"] >= MINIMUM)
    result = MetricResult(
        metric=edge.name,
        field=edge.field,
        params={"k": edge.words},
        status="ok" if known else "not_applicable",
        value=spread["effective"] if known else None,
        unit=f"{edge.side}s",
        info={"texts": len(found.different), "phrases": [asdict(one) for one in phrases], "by_length": by_length},
        table=edge.name,
        reason=None if known else f"too_few_{edge.side}s",
    )
    keys = np.zeros(len(found.keys), np.int64)
    keys[found.different] = found.keys[found.different, edge.words - 1]
    tables = {
        edge.name: pa.table({**inputs.corpus.unit_keys(), "key": keys}),
        edge.records: pa.concat_tables(_having(inputs, found, phrases)),
    }
    return MetricOutput([result], tables)


def _spread(texts: Texts, found: Edges, k: int) -> dict[str, Any]:
    """How the first (last) `k` words of the different texts that go on beyond them are spread."""
    keys = found.keys[found.different, k - 1]
    rows, keys = found.different[keys > 0], keys[keys > 0]
    if not len(keys):
        return {"k": k, "texts": 0}
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    top = int(np.argmax(counts))
    return {
        "k": k,
        "texts": len(keys),
        "at": min(EQUAL, len(keys)),
        "effective": effective_number(counts),
        "different": len(counts),
        "top": edge_text(take(texts, rows[first[top : top + 1]])[0], k, found.side),
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


def _having(inputs: Inputs, found: Edges, phrases: list[Phrase]) -> Iterator[pa.Table]:
    """The units behind every listed phrase, by its place in the list; repeats of a text included."""
    for place, phrase in [(-1, None), *enumerate(phrases)]:
        units = np.flatnonzero(found.having(phrase)) if phrase else np.zeros(0, np.int64)
        texts = pa.array([phrase.text if phrase else ""] * len(units), pa.string())
        yield pa.table(
            {**inputs.corpus.unit_keys(units), "phrase": np.full(len(units), place, np.int32), "text": texts}
        )


def _finds(edge: Edge) -> Callable[[list[MetricResult]], Finding]:
    advice = f"vary_{edge.side}s"

    def find(results: list[MetricResult]) -> Finding:
        result = results[0]
        if result.status != "ok":
            return Finding(None, reason=result.reason)
        first = next(iter(result.info["phrases"]), None)
        if first is None:
            return Finding(0.0, records=0, advice=advice)
        evidence = {"phrase": first["text"], "count": first["count"], "texts": result.info["texts"]}
        return Finding(first["share"], evidence, first["count"], edge.records, {"phrase": 0}, advice)

    return find


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    table = report.table(result.metric, [*ROW, "key"])
    table = table[table["key"] > 0]
    if len(table) < MINIMUM:
        return None
    names, numbers = np.unique(table["key"].to_numpy(dtype=np.int64), return_inverse=True)
    of: Literal["prompt", "answer"] = "prompt" if result.field == "prompt" else "answer"
    return Sample(numbers, _expected, table[ROW], of, names)


def _expected(numbers: NDArray[np.int64]) -> float:
    """The figure without its draws, whose noise would hide a small change."""
    counts = np.bincount(numbers)
    return float(np.exp(rarefied_entropy(counts, min(EQUAL, len(numbers)))))
