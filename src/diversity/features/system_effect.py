"""Does the answer depend on the system prompt? The evidence of each record, and how it adds up.

Evidence is counted in log-odds and added up (naive Bayes): requests of the system that the answer keeps although it
would hardly have done so by habit (`system_checks`); runs of words taken over from the system; and the gain of
similarity to the own system over those of records with similar prompts (`system_gain`), by words and by vectors.

The four weights were fitted by logistic regression on the constructed set of `tests/golden/system_effect.jsonl` (its
records, and its effective ones under each other's systems), then rounded. No row of the sample data or of moss took
part; that gain and requests are fitted apart was chosen with the sample data's totals in view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from diversity.features.system_checks import Answered, weigh
from diversity.features.system_requests import Request, requests_of_all
from diversity.text.language import detect_languages

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Turns of a record that are looked at; a conversation that goes on longer has shown by then what its system does.
TURNS = 32
CHARACTERS = 8_000
# Evidence from which on a request counts as kept because of the system: one and a half times as likely with it.
TELLING = 0.4
# What broken requests can take away together. In a system of many rules most do not apply to the answer at hand, and
# are not even read rightly; that they are "broken" must not outweigh the one that is visibly kept.
AGAINST = -1.0


@dataclass(frozen=True, slots=True)
class SystemEffectSettings:
    """Every knob of the figure.

    What is judged: `minimum`: with fewer judged records no share is said; at twenty, one record is five points.
    `expected`: the data is meant for use with system prompts, so a set without any is one-sided too (figure 0).
    `boilerplate_records`, `boilerplate_share`: a system counts as boilerplate when so many records, and this share of
    those with a system, have the same or nearly the same text; stock phrases ("You are a helpful assistant") always do.

    Cost: `partners`: records with similar prompts that each is held against; `reference`: they are drawn from so many,
    chosen by content. `most_embedded`: so many distinct systems get vectors, the most used first; records of others are
    judged by words alone.

    Log-odds: `base`: of an effect before any evidence. `run`: for each run of words that the answer takes over from
    the system, at most two. `words`, `meaning`: for the gain of similarity, by words and by vectors; `base_alone` and
    `words_alone` take the place of `base` and `words` for a record without vectors.
    `most`: bound of the evidence from the requests together, which are not as independent as the sum says.
    """

    minimum: Annotated[int, Field(ge=1)] = 20
    expected: bool = False
    boilerplate_records: Annotated[int, Field(ge=2)] = 10
    boilerplate_share: Annotated[float, Field(gt=0, le=1)] = 0.05
    partners: Annotated[int, Field(ge=1)] = 16
    reference: Annotated[int, Field(ge=1)] = 1_000
    most_embedded: Annotated[int, Field(ge=0)] = 2_000
    base: float = -0.6
    run: float = 0.7
    words: float = 3.5
    meaning: float = 4.3
    base_alone: float = -0.4
    words_alone: float = 4.7
    most: float = 6.0


DEFAULT_SYSTEM_EFFECT = SystemEffectSettings()

CHECKED = pa.schema(
    [
        pa.field("kept", pa.list_(pa.string())),
        pa.field("anyway", pa.list_(pa.string())),
        pa.field("broken", pa.list_(pa.string())),
        pa.field("evidence", pa.float64()),
    ]
)


def check_records(systems: Sequence[str], said: Sequence[Sequence[str]], answers: Sequence[Sequence[str]]) -> pa.Table:
    """One row a record, in the order given: the requests of its system that its answers keep and that they would hardly
    have kept otherwise (`kept`), those they would have kept `anyway`, standing ones that are `broken`, and the
    `evidence` of all of them in nats. `said` and `answers` hold the texts of each record's turns.
    """
    distinct = list(dict.fromkeys(systems))
    asked = dict(zip(distinct, requests_of_all(distinct), strict=True))
    busy = [at for at, text in enumerate(systems) if asked[text]]
    turns = _answered([said[at] for at in busy], [answers[at] for at in busy])
    rows = [_blank() for _ in systems]
    for at, record in zip(busy, turns, strict=True):
        rows[at] = _weighed(asked[systems[at]], record)
    return pa.Table.from_pylist(rows, schema=CHECKED)


def _blank() -> dict[str, object]:
    return {"kept": [], "anyway": [], "broken": [], "evidence": 0.0}


def _answered(said: list[Sequence[str]], answers: list[Sequence[str]]) -> Iterator[list[Answered]]:
    """The turns of each record, languages told for all of them at once."""
    queries = [text[:CHARACTERS] for texts in said for text in texts[:TURNS]]
    replies = [text[:CHARACTERS] for texts in answers for text in texts[:TURNS]]
    asked_in = detect_languages(pa.chunked_array([pa.array(queries, pa.large_string())]))
    told_in = detect_languages(pa.chunked_array([pa.array(replies, pa.large_string())]))
    start = 0
    for texts in said:
        record, before = [], ""
        for at in range(start, start + min(len(texts), TURNS)):
            before += f"\n{queries[at].lower()}"
            record.append(Answered(queries[at], before, replies[at], str(asked_in[at]), str(told_in[at])))
        start += len(record)
        yield record


def _weighed(requests: Sequence[Request], turns: Sequence[Answered]) -> dict[str, object]:
    kept: list[str] = []
    anyway: list[str] = []
    broken: list[str] = []
    favour = against = 0.0
    for request in requests:
        found = weigh(request, turns)
        if found is None:
            continue
        holds, evidence = found
        if holds:
            favour += evidence
            (kept if evidence >= TELLING else anyway).append(request.code)
            continue
        against += evidence
        if not request.sometimes:
            broken.append(request.code)
    return {"kept": kept, "anyway": anyway, "broken": broken, "evidence": favour + max(against, AGAINST)}


def log_odds(
    evidence: Floats, runs: Ints, words: Floats, meaning: Floats, settings: SystemEffectSettings = DEFAULT_SYSTEM_EFFECT
) -> Floats:
    """(n,) log-odds that the answer depends on the system. A gain that is NaN adds nothing."""
    alone = np.isnan(meaning)
    total = np.where(alone, settings.base_alone, settings.base) + np.minimum(evidence, settings.most)
    total += settings.run * np.minimum(runs, 2)
    total += np.where(alone, settings.words_alone, settings.words) * np.nan_to_num(words)
    return np.asarray(total + settings.meaning * np.nan_to_num(meaning))
