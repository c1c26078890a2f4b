"""Does a query lean on its session or start anew?

The judgement rests on the similarity of the turn (query with its answer) to the three turns before it, on the words
that the query shares with the whole session, and on cues in its wording. Looking at the turn's own answer is what
makes it reliable: the answer spells out what a short query leaves unsaid. A logistic combination gives the
probability that the turn starts anew.

The weights come from a logistic regression on joined dialogues, English and Chinese, whose boundaries are known: half
of them, the other half being the test. They were rounded; `announced` is so rare in joined dialogues that its weight
is set by hand. Tried and left out, because they gain on joined dialogues and lose on conversations whose topic
changes of itself: how deep a similarity dips against its neighbours (TextTiling), the session's own mean similarity,
the openings of requests ("I need", “请帮我”), the length of the query. Similarity to the following turn gains nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from diversity.features.session_cues import CUES, session_cues
from diversity.features.session_words import Floats, Ints, WordRarity, cohesion
from diversity.report import Frozen

CLASSES = ("related", "uncertain", "unrelated")


class TopicSwitchSettings(Frozen):
    """The weights of the judgement, in log-odds that a turn starts anew, and where the classes begin."""

    base: float = Field(default=3.7, description="Log-odds of a turn that is like nothing before it and shows no cue.")
    previous: float = Field(default=-7.5, description="Similarity to the turn before, 0 for unrelated texts to 1.")
    recent: float = Field(default=-3.5, description="The highest similarity to one of the last three turns.")
    words: float = Field(default=-3.5, description="Share of the query's words, by rarity, that the session holds.")
    reference: float = Field(default=-2.0, description="Points back: it, those, 这个, 上面.")
    continuation: float = Field(default=-2.5, description="Goes on: what about, another, 继续, 还有, …呢.")
    reply: float = Field(default=-3.0, description="Answers yes or no, or only thanks.")
    fragment: float = Field(default=-2.5, description="Three words or four Chinese characters at most.")
    asked: float = Field(default=-2.5, description="The answer before ends with a question, the query asks none.")
    announced: float = Field(default=3.0, description="Says that the subject changes: by the way, 换个话题.")
    unrelated_from: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.7,
        description="From this probability on a turn counts as unrelated: a follow-up is then rarely taken for one.",
    )
    related_below: Annotated[float, Field(ge=0, lt=1)] = Field(
        default=0.4, description="Below this probability a turn counts as related; in between it is uncertain."
    )


DEFAULT_TOPIC_SWITCH = TopicSwitchSettings()


@dataclass(frozen=True, slots=True)
class Turns:
    """One row a turn, in the order given; the first turn of a session has score 0 and class `related`.

    `score`: probability that the turn starts anew. `previous`, `recent`: similarity to the turn before, and the
    highest to one of the last three; 0 is what unrelated texts have, 1 the same text. `words`: see `cohesion`. `cues`:
    which of CUES it shows, with commas between.
    """

    score: Floats
    klass: NDArray[np.str_]
    previous: Floats
    recent: Floats
    words: Floats
    cues: list[str]


def judge_turns(
    queries: Sequence[str],
    answers: Sequence[str],
    record: Ints,
    similarity: Floats,
    rarity: WordRarity,
    settings: TopicSwitchSettings = DEFAULT_TOPIC_SWITCH,
) -> Turns:
    """Judge every turn of whole sessions.

    Args:
        queries, answers: (n,) texts; turns of one session stand together, in order.
        record: (n,) which session a turn belongs to.
        similarity: (n, k) of each turn to the k turns before it, the nearest first; what has no such turn is ignored.
        rarity: of words, see `word_rarity`.
    """
    turn = turn_numbers(record)
    known = turn[:, None] > np.arange(similarity.shape[1])
    previous = np.where(turn > 0, similarity[:, 0], 0.0)
    recent = np.where(turn > 0, np.where(known, similarity, -1.0).max(axis=1), 0.0)
    words = cohesion(queries, answers, record, rarity)
    shown = session_cues(queries, ["", *answers][: len(queries)])
    weights = np.array([getattr(settings, cue) for cue in CUES])
    odds = settings.base + settings.previous * previous + settings.recent * recent + settings.words * words
    score = np.where(turn > 0, 1 / (1 + np.exp(-(odds + shown @ weights))), 0.0)
    klass = np.where(
        score >= settings.unrelated_from, "unrelated", np.where(score < settings.related_below, "related", "uncertain")
    )
    return Turns(score, klass, previous, recent, words, _named(shown))


def turn_numbers(record: Ints) -> Ints:
    """(n,) number of each turn in its session, from 0."""
    new = np.flatnonzero(np.append(True, np.diff(record) != 0)) if len(record) else np.zeros(0, np.int64)
    return np.asarray(np.arange(len(record)) - np.repeat(new, np.diff(np.append(new, len(record)))))


def turn_similarity(vectors: NDArray[np.float32], record: Ints, unrelated: float, back: int = 3) -> Floats:
    """(n, back) cosine of each turn to the turns before it, stretched so that 0 is what unrelated texts have.

    Args:
        vectors: (n, d) unit rows, one a turn.
        record: (n,) which session a turn belongs to.
        unrelated: the embedder's mean cosine of unrelated texts, below 1.
        back: how many turns to look back.
    """
    out = np.zeros((len(vectors), back))
    for steps in range(1, min(back, len(vectors) - 1) + 1):
        same = record[steps:] == record[:-steps]
        cosine = np.einsum("ij,ij->i", vectors[steps:][same], vectors[:-steps][same])
        out[steps:, steps - 1][same] = (cosine - unrelated) / (1 - unrelated)
    return out


def _named(shown: NDArray[np.bool_]) -> list[str]:
    names = np.array(CUES)
    return [",".join(names[row]) for row in shown]
