"""topic_switch: of the turns after the first, how many lean on their session and how many start anew?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.embed import EmbeddedTexts, embed_texts
from diversity.embed.base import unit_rows
from diversity.embed.unrelated import SENTENCES, mean_cosine
from diversity.features.inputs import Inputs
from diversity.features.session_words import WordRarity, word_rarity
from diversity.features.topic_switch import CLASSES, Turns, judge_turns, turn_similarity
from diversity.metrics.base import ROW, CheckSpec, Finding, Metric, MetricOutput, Sample, Tables, not_applicable
from diversity.report import MetricResult

TABLE = "topic_switch"
# Where every tenth turn starts anew, thirty turns hold at least one that does with 96% probability; fewer can't be
# judged.
MINIMUM = 30
# Turns from this one on (counted from 0) are shown together.
LAST_TURN = 9
# How rare words are is measured on so many sessions, drawn by content, and on so many characters of each.
RARITY_SESSIONS, RARITY_CHARACTERS = 1000, 2000
BATCH_CHARACTERS = 1_000_000
_NO_TEXT = -1


def topic_switch(inputs: Inputs) -> MetricOutput:
    """Share of the turns after the first that start anew, among those that are clear one way or the other.

    The table has one row a turn after the first; see `judge_turns` for its columns. Needs an embedder: words and cues
    alone take every twentieth follow-up for a switch, in chats every fifth, as many as there are switches to be found.
    """
    corpus = inputs.corpus
    several = np.asarray(corpus.records["turn_count"].to_numpy()) > 1
    units = np.flatnonzero(several[corpus.record_of_unit])
    if not len(units):
        return not_applicable(METRIC.name, "conversation", METRIC.unit, "no_multi_turn")
    if inputs.embedded is None or inputs.embedder is None:
        return not_applicable(METRIC.name, "conversation", METRIC.unit, "no_embedder", records=int(several.sum()))
    sentences = embed_texts(list(SENTENCES), inputs.embedder, inputs.cache / "embeddings")
    unrelated = mean_cosine(sentences.unique)
    rarity = _rarity(inputs, np.flatnonzero(several))
    parts = [_judged(inputs, inputs.embedded, rows, unrelated, rarity) for rows in _batches(inputs, units)]
    table = pa.concat_tables(parts)
    info = {"multi_turn_records": int(several.sum()), "minimum": MINIMUM} | _profile(table)
    decided = info["classes"]["related"] + info["classes"]["unrelated"]
    enough = decided >= MINIMUM
    result = MetricResult(
        metric=METRIC.name,
        field="conversation",
        unit=METRIC.unit,
        status="ok" if enough else "not_applicable",
        value=info["classes"]["unrelated"] / decided if enough else None,
        reason=None if enough else "too_few_follow_ups",
        info=info,
        table=TABLE,
    )
    return MetricOutput([result], {TABLE: table})


def _rarity(inputs: Inputs, records: NDArray[np.int64]) -> WordRarity:
    """Rarity of words over a sample of the sessions that does not depend on their order."""
    hashes = inputs.corpus.records["content_hash"].take(pa.array(records))
    drawn = records[pc.sort_indices(hashes).to_numpy()[:RARITY_SESSIONS]]
    units = np.flatnonzero(np.isin(inputs.corpus.record_of_unit, drawn))
    sessions: dict[int, str] = {}
    for record, query, answer in zip(inputs.corpus.record_of_unit[units].tolist(), *_texts(inputs, units), strict=True):
        said = sessions.get(record, "")
        sessions[record] = f"{said}\n{query}\n{answer}"[:RARITY_CHARACTERS] if len(said) < RARITY_CHARACTERS else said
    return word_rarity(list(sessions.values()))


def _texts(inputs: Inputs, units: NDArray[np.int64]) -> tuple[list[str], list[str]]:
    chosen = pa.array(units)
    return inputs.corpus.prompts.take(chosen).to_pylist(), inputs.corpus.answers.take(chosen).to_pylist()


def _batches(inputs: Inputs, units: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """The units in groups of whole records with at most about BATCH_CHARACTERS characters."""
    chosen = pa.array(units)
    sizes = pc.utf8_length(inputs.corpus.prompts.take(chosen)).to_numpy().astype(np.int64)
    sizes += pc.utf8_length(inputs.corpus.answers.take(chosen)).to_numpy()
    record = inputs.corpus.record_of_unit[units]
    first = np.flatnonzero(np.append(True, np.diff(record) != 0))
    # The group of a record is settled by where it begins.
    group = (np.cumsum(sizes) - sizes)[first] // BATCH_CHARACTERS
    yield from np.split(units, first[np.flatnonzero(np.diff(group)) + 1])


def _judged(
    inputs: Inputs, embedded: EmbeddedTexts, units: NDArray[np.int64], unrelated: float, rarity: WordRarity
) -> pa.Table:
    """The table's rows of some units: whole records."""
    record = inputs.corpus.record_of_unit[units]
    similarity = turn_similarity(_exchanges(embedded, units), record, unrelated)
    turns = judge_turns(*_texts(inputs, units), record, similarity, rarity, inputs.settings.topic_switch)
    later = np.flatnonzero(inputs.corpus.turn_of_unit[units] > 0)
    return pa.table({**inputs.corpus.unit_keys(units[later]), **_columns(turns, later)})


def _exchanges(embedded: EmbeddedTexts, units: NDArray[np.int64]) -> NDArray[np.float32]:
    """(n, d) unit vector of each unit's query with its answer; of the one where the other has no text."""
    total = np.zeros((len(units), embedded.unique.shape[1]), np.float32)
    for side in (embedded.index[: len(embedded.index) // 2], embedded.index[len(embedded.index) // 2 :]):
        rows = side[units]
        total[rows != _NO_TEXT] += embedded.unique[rows[rows != _NO_TEXT]]
    return unit_rows(total)


def _columns(turns: Turns, rows: NDArray[np.int64]) -> dict[str, pa.Array]:
    return {
        "score": pa.array(turns.score[rows]),
        "class": pa.array(turns.klass[rows].tolist(), pa.string()),
        "similarity": pa.array(turns.previous[rows]),
        "recent_similarity": pa.array(turns.recent[rows]),
        "known_words": pa.array(turns.words[rows]),
        "cues": pa.array([turns.cues[row] for row in rows.tolist()], pa.string()),
    }


def _profile(table: pa.Table) -> dict[str, Any]:
    """Counts of the classes, over all turns and for each turn number."""
    klass = np.asarray(table["class"].to_pylist())
    turn = np.minimum(np.asarray(table["turn"].to_numpy()), LAST_TURN)
    anew = table.filter(pc.equal(table["class"], "unrelated"))
    return {
        "classes": {name: int((klass == name).sum()) for name in CLASSES},
        "by_turn": [
            {"turn": int(number)} | {name: int(((klass == name) & (turn == number)).sum()) for name in CLASSES}
            for number in np.unique(turn)
        ],
        "last_turn": LAST_TURN,
        "records_with_switch": len(pc.unique(anew["record_id"])),
    }


def _find(results: list[MetricResult]) -> Finding:
    result = results[0]
    if result.status != "ok" or result.value is None:
        return Finding(None, evidence=result.info.get("classes", {}), reason=result.reason)
    classes = result.info["classes"]
    shares = {"related": 1 - result.value, "unrelated": result.value}
    smallest = min(shares, key=lambda name: shares[name])
    evidence = {
        **shares,
        "turns": classes["related"] + classes["unrelated"],
        "switches": classes["unrelated"],
        "uncertain": classes["uncertain"],
        "conversations": result.info["multi_turn_records"],
        "smallest": smallest,
    }
    return Finding(
        shares[smallest],
        evidence,
        records=classes[smallest],
        table=TABLE,
        where={"topic": smallest},
        advice="add_switches" if smallest == "unrelated" else "add_follow_ups",
    )


def _sample(report: Tables, result: MetricResult) -> Sample | None:
    return _clear_turns(report, lambda values: float(values.mean()))


def _smaller_sample(report: Tables, result: MetricResult) -> Sample | None:
    return _clear_turns(report, lambda values: float(min(values.mean(), 1 - values.mean())))


def _clear_turns(report: Tables, statistic: Callable[[NDArray[np.float64]], float]) -> Sample | None:
    table = report.table(TABLE, [*ROW, "class"])
    clear = table[table["class"] != "uncertain"]
    anew = (clear["class"] == "unrelated").to_numpy(dtype=np.float64)
    return Sample(anew, statistic, clear[ROW]) if len(anew) >= MINIMUM else None


METRIC = Metric(
    name="topic_switch",
    field="conversation",
    unit="ratio",
    direction="none",
    compute=topic_switch,
    checks=(
        CheckSpec(
            "topic_switch",
            "conversations",
            "higher",
            "ratio",
            pass_at=0.1,
            warn_at=0.05,
            find=_find,
            sample=_smaller_sample,
        ),
    ),
    sample=_sample,
    beside="conversations",
)
