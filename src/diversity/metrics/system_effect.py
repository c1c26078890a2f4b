"""system_effect: does the answer depend on the system prompt, or is the system an ornament?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.embed import center, embed_texts
from diversity.features.inputs import Inputs
from diversity.features.system_effect import (
    CHECKED,
    SystemEffectSettings,
    calls_tool,
    check_records,
    is_stock,
    listed_tools,
    log_odds,
)
from diversity.features.system_gain import Words, count_words, gains, shared_words
from diversity.features.system_partners import Systems, any_partners, group_systems, similar_partners
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput, Sample, Tables
from diversity.report import MetricResult

TABLE = "system_effect"
CLASSES = ("effective", "decorative", "tools", "absent")
JUDGED = ("effective", "decorative")
GROUPS_SHOWN = 10
TEXT_SHOWN = 240
# Turns of a record whose answers are compared by vectors, and characters of a record that words are counted in.
TURNS, CHARACTERS = 4, 6_000
BATCH = 2_048
PAIRS = 8_192
# Vectors of fewer systems have no mean worth taking away.
CENTRED_FROM = 8

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Records:
    """The records with a system: `rows` (n,) their numbers, `system` and `group` (n,), `first` and `last` (n,) bounds
    of their units, `language` (n,) of the first query."""

    rows: Ints
    system: Ints
    group: Ints
    first: Ints
    last: Ints
    language: NDArray[np.str_]


def system_effect(inputs: Inputs) -> MetricOutput:
    """The smaller share of effective and decorative systems among the records whose system can be judged.

    The article wants both: data whose answer depends on the system, and data where the system is a mere ornament. The
    table has one row a record: `class`, `score` (probability that the answer depends on the system), the evidence as
    codes, `boilerplate`, `system_group`.
    """
    settings = inputs.settings.system_effect
    systems = group_systems(inputs.corpus.records["system"], inputs.settings.duplicates)
    records = _records(inputs, systems)
    table, counts = _judged(inputs, systems, records, settings)
    info: dict[str, Any] = {"classes": counts, "minimum": settings.minimum} | _boilerplate(table, systems, settings)
    info |= {"kept": _top_codes(table), "expected": settings.expected}
    judged = counts["effective"] + counts["decorative"]
    reason = (
        None
        if judged >= settings.minimum
        else "few_systems"
        if counts["absent"] < inputs.corpus.record_count
        else "no_systems"
    )
    value = min(counts["effective"], counts["decorative"]) / judged if reason is None else None
    if reason == "no_systems" and settings.expected:
        value, reason = 0.0, None
    result = MetricResult(
        metric=METRIC.name,
        field="conversation",
        status="ok" if reason is None else "not_applicable",
        value=value,
        unit=METRIC.unit,
        reason=reason,
        info=info,
        table=TABLE,
    )
    return MetricOutput([result], {TABLE: table})


def _records(inputs: Inputs, systems: Systems) -> _Records:
    corpus = inputs.corpus
    rows = np.flatnonzero(systems.of >= 0)
    first = np.searchsorted(corpus.record_of_unit, rows, "left")
    last = np.searchsorted(corpus.record_of_unit, rows, "right")
    some = last > first
    rows, first, last = rows[some], first[some], last[some]
    system = systems.of[rows]
    language = inputs.prompt_language[first] if len(rows) else np.zeros(0, "<U5")
    return _Records(rows, system, systems.group[system], first, last, language)


def _judged(
    inputs: Inputs, systems: Systems, records: _Records, settings: SystemEffectSettings
) -> tuple[pa.Table, dict[str, int]]:
    """The table, one row a record of the set, and how many records each class has."""
    checked = _checked(inputs, systems, records)
    words = _words(inputs, systems, records)
    partners = _partners(inputs, records, settings)
    by_words = gains(lambda system, row: shared_words(words, system, row), records.system, partners)
    by_meaning = _gain_by_meaning(inputs, systems, records, partners, settings)
    evidence = np.asarray(checked["evidence"].to_numpy(), dtype=np.float64)
    total = log_odds(evidence, words.runs, by_words, by_meaning, settings)
    stock = np.asarray([is_stock(text) for text in systems.texts], dtype=bool)
    # A stock phrase asks for nothing: what its words share with an answer is chance.
    total = np.where(stock[records.system], np.minimum(total, settings.base), total)
    klass = np.where(total > 0, "effective", "decorative").astype("<U10")
    tools = [listed_tools(text) for text in systems.texts]
    for at in np.flatnonzero(np.asarray([bool(names) for names in tools], dtype=bool)[records.system]):
        said, answers = _texts(inputs, records, int(at))
        called = calls_tool(tools[records.system[at]], said, answers)
        klass[at], total[at] = ("effective", settings.most) if called else ("tools", np.nan)
    common = _common(systems, stock, len(records.rows), settings)
    table = _table(inputs, records, klass, total, checked, words, by_words, by_meaning, common[records.system])
    counts = Counter(klass.tolist())
    counts["absent"] = inputs.corpus.record_count - len(records.rows)
    return table, {name: counts[name] for name in CLASSES}


def _checked(inputs: Inputs, systems: Systems, records: _Records) -> pa.Table:
    """Rows of `check_records`, from the feature cache where the system and the turns were seen before."""
    if not len(records.rows):
        return CHECKED.empty_table()
    digests = [
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() for text in systems.texts
    ]

    def rows(chosen: Ints) -> Iterator[pa.Table]:
        for start in range(0, len(chosen), BATCH):
            part = chosen[start : start + BATCH].tolist()
            turns = [_texts(inputs, records, at) for at in part]
            names = [systems.texts[records.system[at]] for at in part]
            yield check_records(names, [said for said, _ in turns], [answers for _, answers in turns])

    keys = pa.chunked_array(
        [
            pa.array([digests[system] for system in records.system[part]], pa.string())
            for part in _parts(len(records.rows))
        ],
        pa.string(),
    )
    said, answers = (_joined(inputs, records, of) for of in ("prompt", "answer"))
    return inputs.rows_by_content("system_effect", (keys, said, answers), rows)


def _texts(inputs: Inputs, records: _Records, at: int) -> tuple[list[str], list[str]]:
    """What user and assistant say in the record at place `at`."""
    start, length = int(records.first[at]), int(records.last[at] - records.first[at])
    corpus = inputs.corpus
    return corpus.prompts.slice(start, length).to_pylist(), corpus.answers.slice(start, length).to_pylist()


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, BATCH):
        yield slice(start, min(start + BATCH, count))


def _joined(inputs: Inputs, records: _Records, of: str) -> pa.ChunkedArray:
    """(n,) the record's texts of one side, a separator between turns."""
    chunks = [pa.array(batch, pa.large_string()) for batch in _joined_batches(inputs, records, of, None)]
    return pa.chunked_array(chunks, pa.large_string())


def _joined_batches(inputs: Inputs, records: _Records, of: str, limit: int | None) -> Iterator[list[str]]:
    texts = inputs.corpus.prompts if of == "prompt" else inputs.corpus.answers
    for part in _parts(len(records.rows)):
        first, last = records.first[part], records.last[part]
        flat = texts.take(
            pa.array(np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)]))
        ).to_pylist()
        ends = np.cumsum(last - first).tolist()
        yield ["\x1e".join(flat[a:b])[:limit] for a, b in zip([0, *ends], ends, strict=False)]


def _words(inputs: Inputs, systems: Systems, records: _Records) -> Words:
    said = _joined_batches(inputs, records, "prompt", CHARACTERS)
    answers = _joined_batches(inputs, records, "answer", CHARACTERS)
    return count_words([text[:CHARACTERS] for text in systems.texts], records.system, said, answers)


def _partners(inputs: Inputs, records: _Records, settings: SystemEffectSettings) -> Ints:
    """(n, k) the records that each is held against; the reference is drawn by content, not by order."""
    content = inputs.corpus.records["content_hash"].take(pa.array(records.rows)).to_pylist()
    reference = np.asarray(sorted(range(len(content)), key=content.__getitem__)[: settings.reference], dtype=np.int64)
    vectors = inputs.vectors("prompt")
    if vectors is None or not len(vectors.unique):
        keys = np.asarray([int(one[:12], 16) for one in content], dtype=np.int64)
        return any_partners(keys, reference, records.system, records.language, settings.partners)
    index = vectors.index[records.first]
    rows = np.where(index[:, None] >= 0, vectors.unique[index], 0.0).astype(np.float32)
    return similar_partners(rows, reference, records.system, records.language, settings.partners)


def _gain_by_meaning(
    inputs: Inputs, systems: Systems, records: _Records, partners: Ints, settings: SystemEffectSettings
) -> Floats:
    """(n,) gain of the cosine between answers (the mean over the first turns) and system; NaN without vectors."""
    vectors = inputs.vectors("answer")
    if vectors is None or inputs.embedder is None or not len(records.rows) or not (partners >= 0).any():
        return np.full(len(records.rows), np.nan)
    order = sorted(range(len(systems.texts)), key=lambda at: (-systems.records[at], systems.texts[at]))
    chosen = order[: settings.most_embedded]
    embedded = embed_texts([systems.texts[at] for at in chosen], inputs.embedder, inputs.cache / "embeddings")
    unique = center(embedded.unique)[0] if len(embedded.unique) >= CENTRED_FROM else embedded.unique
    row_of = np.full(len(systems.texts), -1, np.int64)
    row_of[chosen] = embedded.index
    turns = records.first[:, None] + np.arange(TURNS)
    answers = np.where(turns < records.last[:, None], vectors.index[np.minimum(turns, len(vectors.index) - 1)], -1)

    def similarity(system: Ints, row: Ints) -> Floats:
        out = np.empty(len(system))
        for start in range(0, len(system), PAIRS):
            part = slice(start, start + PAIRS)
            out[part] = _mean_cosine(unique, row_of[system[part]], vectors.unique, answers[row[part]])
        return out

    return gains(similarity, records.system, partners)


def _mean_cosine(systems: NDArray[np.float32], system: Ints, answers: NDArray[np.float32], turns: Ints) -> Floats:
    """(p,) mean cosine of each system with the answers of a record, whose vectors stand in the rows `turns` (p, t)."""
    total, count = np.zeros(len(system)), np.zeros(len(system))
    for turn in turns.T:
        there = (turn >= 0) & (system >= 0)
        total[there] += np.einsum("ij,ij->i", systems[system[there]], answers[turn[there]])
        count += there
    return np.asarray(np.divide(total, count, out=np.full(len(system), np.nan), where=count > 0))


def _common(
    systems: Systems, stock: NDArray[np.bool_], records: int, settings: SystemEffectSettings
) -> NDArray[np.bool_]:
    """(m,) whether a system is boilerplate: a stock phrase, or nearly the same text over many records."""
    least = max(settings.boilerplate_records, settings.boilerplate_share * records)
    return np.asarray(stock | (systems.group_records[systems.group] >= least))


def _table(
    inputs: Inputs,
    records: _Records,
    klass: NDArray[np.str_],
    total: Floats,
    checked: pa.Table,
    words: Words,
    by_words: Floats,
    by_meaning: Floats,
    boilerplate: NDArray[np.bool_],
) -> pa.Table:
    """One row a record of the set, in its order; records without a system have a class only."""
    place = np.full(inputs.corpus.record_count, -1, np.int64)
    place[records.rows] = np.arange(len(records.rows))
    at = pa.array(place, mask=place < 0)
    score = 1 / (1 + np.exp(-total))
    columns: dict[str, Any] = {
        "class": pa.array(klass.tolist(), pa.string()),
        "score": pa.array(score, pa.float64(), from_pandas=True),
        **{name: checked[name].combine_chunks() for name in ("kept", "anyway", "broken")},
        "runs": pa.array(words.runs, pa.int64()),
        "gain_words": pa.array(by_words, pa.float64(), from_pandas=True),
        "gain_meaning": pa.array(by_meaning, pa.float64(), from_pandas=True),
        "boilerplate": pa.array(boilerplate, pa.bool_()),
        "system_group": pa.array(records.group, pa.int64()),
    }
    table = pa.table(
        {"record_id": inputs.corpus.record_ids, **{name: column.take(at) for name, column in columns.items()}}
    )
    named = table["class"].combine_chunks().fill_null("absent")
    return table.set_column(1, "class", named)


def _boilerplate(table: pa.Table, systems: Systems, settings: SystemEffectSettings) -> dict[str, Any]:
    """How much of the set shares its systems, and the groups of most records with their classes."""
    frame = table.select(["class", "boilerplate", "system_group"]).to_pandas()
    own = frame[frame["class"] != "absent"]
    groups = []
    for group in range(min(GROUPS_SHOWN, len(systems.group_records))):
        members = own.loc[own["system_group"] == group, "class"]
        texts = [systems.texts[at] for at in np.flatnonzero(systems.group == group)]
        classes = {name: int((members == name).sum()) for name in CLASSES[:3]}
        text = min(texts, key=lambda text: (len(text), text))[:TEXT_SHOWN]
        groups.append(
            {"group": group, "records": len(members), "wordings": len(texts), "text": text, "classes": classes}
        )
    common = own[own["boilerplate"].astype(bool)]
    return {
        "with_system": len(own),
        "distinct": len(systems.texts),
        "groups": len(systems.group_records),
        "boilerplate": len(common),
        "boilerplate_share": len(common) / len(own) if len(own) else 0.0,
        "boilerplate_classes": {name: int((common["class"] == name).sum()) for name in CLASSES[:3]},
        "top_groups": groups,
        "partners": settings.partners,
        "reference": min(settings.reference, len(own)),
        "embedded": min(settings.most_embedded, len(systems.texts)),
    }


def _top_codes(table: pa.Table) -> dict[str, int]:
    """Kinds of requests that answers keep because of the system, and how many records do."""
    found: Counter[str] = Counter()
    for codes in table["kept"].to_pylist():
        found.update({code.removeprefix("not:").split(":")[0] for code in codes or ()})
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok":
        return Finding(None, evidence=result.info.get("classes", {}), reason=result.reason)
    counts = result.info["classes"]
    judged = counts["effective"] + counts["decorative"]
    shares = {name: counts[name] / judged if judged else 0.0 for name in JUDGED}
    weaker = min(JUDGED, key=lambda name: counts[name])
    stronger = "decorative" if weaker == "effective" else "effective"
    evidence = {
        "effective": shares["effective"],
        "decorative": shares["decorative"],
        "with_system": result.info["with_system"],
        "absent": counts["absent"],
        "boilerplate": result.info["boilerplate_share"],
        "smallest": weaker,
        "largest": stronger,
    }
    advice = f"add_{weaker}" if judged else "add_systems"
    return Finding(
        result.value, evidence, records=counts[stronger], table=TABLE, where={"effect": stronger}, advice=advice
    )


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    if not report.has_table(TABLE):
        return None
    klass = report.table(TABLE, ["class"])["class"]
    effective = (klass[klass.isin(JUDGED)] == "effective").to_numpy(dtype=np.float64)
    if len(effective) < result.info["minimum"]:
        return None
    return Sample(effective, lambda values: float(min(values.mean(), 1 - values.mean())))


METRIC = Metric(
    name="system_effect",
    field="conversation",
    unit="ratio",
    direction="higher",
    compute=system_effect,
    checks=(CheckSpec("system_effect", "conversations", "higher", "ratio", pass_at=0.2, warn_at=0.1, find=_find),),
    sample=_sample,
    beside="conversations",
)
