"""All evidence of a set's records that their answers depend on the system: requests kept, words taken over, gains.

`diversity.features.system_effect` has the requests of one record and how evidence adds up, `system_gain` what a gain
is; here they are measured over a whole set, from the feature cache and with vectors where there are any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.embed import center, embed_texts
from diversity.features.answer_forms import is_language
from diversity.features.inputs import Inputs
from diversity.features.system_effect import CHECKED, SystemEffectSettings, check_records, log_odds
from diversity.features.system_gain import Words, count_words, gains, shared_words
from diversity.features.system_partners import Kinds, Systems, any_partners, similar_partners
from diversity.features.system_records import SystemRecords, joined, parts, turns
from diversity.features.system_stock import is_stock
from diversity.text.language import detect_languages

# Turns of a record whose answers are compared by vectors, and characters of a record that words are counted in.
TURNS, CHARACTERS = 4, 6_000
PAIRS = 8_192
# Vectors of fewer systems have no mean worth taking away.
CENTRED_FROM = 8

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of n records: `checked`, the rows of `check_records`; `runs` (n,) of words taken over; the gains `by_words` and
    `by_meaning` (n,), NaN where there is none; `total` (n,) the log-odds of them all."""

    checked: pa.Table
    runs: Ints
    by_words: Floats
    by_meaning: Floats
    total: Floats


def gather_evidence(
    inputs: Inputs, systems: Systems, records: SystemRecords, settings: SystemEffectSettings
) -> Evidence:
    """The evidence of every record that has a system."""
    checked = _checked(inputs, systems, records)
    words = _words(inputs, systems, records)
    partners = _partners(inputs, systems, records, settings)
    by_words = gains(lambda system, row: shared_words(words, system, row), records.system, partners)
    by_meaning = _gain_by_meaning(inputs, systems, records, partners, settings)
    kept = np.asarray(checked["evidence"].to_numpy(), dtype=np.float64)
    return Evidence(
        checked, words.runs, by_words, by_meaning, log_odds(kept, words.runs, by_words, by_meaning, settings)
    )


def _checked(inputs: Inputs, systems: Systems, records: SystemRecords) -> pa.Table:
    """Rows of `check_records`, from the feature cache where the system and the turns were seen before."""
    if not len(records.rows):
        return CHECKED.empty_table()
    digests = [
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() for text in systems.texts
    ]

    def rows(chosen: Ints) -> Iterator[pa.Table]:
        for part in parts(len(chosen)):
            said = [turns(inputs, records, at) for at in chosen[part].tolist()]
            names = [systems.texts[system] for system in records.system[chosen[part]]]
            yield check_records(names, [queries for queries, _ in said], [answers for _, answers in said])

    columns = (
        ([digests[system] for system in records.system[part]] for part in parts(len(records.rows))),
        joined(inputs, records, "prompt"),
        joined(inputs, records, "answer"),
    )
    chunked = [pa.chunked_array([pa.array(one, pa.large_string()) for one in column]) for column in columns]
    return inputs.rows_by_content("system_effect", chunked, rows)


def _words(inputs: Inputs, systems: Systems, records: SystemRecords) -> Words:
    said = joined(inputs, records, "prompt", CHARACTERS)
    answers = joined(inputs, records, "answer", CHARACTERS)
    return count_words([text[:CHARACTERS] for text in systems.texts], records.system, said, answers)


def _partners(inputs: Inputs, systems: Systems, records: SystemRecords, settings: SystemEffectSettings) -> Ints:
    """(n, k) the records that each is held against; the reference is drawn by content, not by order, and never under a
    stock phrase: that is near to nothing, so everything would gain against it."""
    if not len(records.rows):
        return np.empty((0, settings.partners), np.int64)
    stock = np.asarray([is_stock(text) for text in systems.texts], dtype=bool)[records.system]
    content = inputs.corpus.records["content_hash"].take(pa.array(records.rows)).to_pylist()
    order = sorted(np.flatnonzero(~stock).tolist(), key=content.__getitem__)
    reference = np.asarray(order[: settings.reference], dtype=np.int64)
    kinds = Kinds(records.system, records.language, _spoken(systems.texts)[records.system])
    vectors = inputs.vectors("prompt")
    if vectors is None or not len(vectors.unique):
        # Other digits than those that the reference is drawn by: those it shares.
        places = np.asarray([int(one[-12:], 16) for one in content], dtype=np.int64)
        return any_partners(places, reference, kinds, settings.partners)
    index = vectors.index[records.first]
    rows = np.where(index[:, None] >= 0, vectors.unique[index], 0.0).astype(np.float32)
    return similar_partners(rows, reference, kinds, settings.partners)


def _spoken(texts: list[str]) -> NDArray[np.str_]:
    """(m,) language of each system, Chinese in traditional characters apart: an answer in these is near to any system
    in them, whatever it asks for."""
    found = detect_languages(pa.chunked_array([pa.array(texts, pa.large_string())]))
    pairs = zip(found.tolist(), texts, strict=True)
    return np.asarray(["zh-Hant" if is_language("zh-Hant", code, text) else code for code, text in pairs], "<U7")


def _gain_by_meaning(
    inputs: Inputs, systems: Systems, records: SystemRecords, partners: Ints, settings: SystemEffectSettings
) -> Floats:
    """(n,) gain of the cosine between answers (the mean over the first turns) and system; NaN without vectors."""
    vectors = inputs.vectors("answer") if (partners >= 0).any() else None
    if vectors is None or inputs.embedder is None:
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
