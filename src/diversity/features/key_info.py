"""Where in the prompt is what the answer rests on?

Each prompt is cut into sentence-sized segments; those that ask are set apart from the material. Every material
segment gets a score from words (does it quote the answer, which of its words does it hold, which of the request's)
and, only where the words do not settle it, from embeddings. Scores become weights by a softmax, and a separate
evidence score says whether the answer draws on the prompt at all.

The weights of the score start from a conditional logit over the segments of a prompt, those of the evidence from a
logistic regression of true against shuffled answers, both fitted on half of the articles of two parallel
question-answering sets (en and zh, answers as given and in the other language), the evidence also on instruction data.
They were then rounded, and `asks`, `asks_around` and `none_below` chosen by hand with the other half and a traditional
Chinese set in view, so those two are checks, not untouched test sets. Between -0.5 and -1 for `earlier`, 5 and 6 for
`asks`, 3 and 4 for `asks_around` accuracy moves by at most 0.7 points; `earlier` at -1.5 costs up to two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from diversity.features.key_info_evidence import Evidence, Flags, Floats, Ints, Segments, cut, lexical
from diversity.features.key_info_vectors import Encode, Semantic, semantic
from diversity.text.segmentation import segment

CountTokens = Callable[[Sequence[str]], NDArray[np.int64]]

CLASSES = ("localised", "diffuse", "none", "short")
INSTRUCTION_POSITIONS = ("before", "after", "around", "inside", "only", "none")


@dataclass(frozen=True, slots=True)
class KeyInfoSettings:
    """Every knob of the locator.

    What is measured: `min_tokens`: a prompt below 32 tokens, or of a single segment, has no room for a "where": class
    `short`. `localised_share`: a peak that holds at least this share of the weight is one place, else the class is
    `diffuse`. Half: one segment outweighs all others together. `max_quote`: longer answers (in characters) are not
    searched for as a whole, they cannot fit a segment.

    Score of a segment (see `key_info_evidence.Evidence`): `quotes`, `covers`, `asks`, `asks_line`, `asks_around`,
    `earlier` (negative: what is said twice is mostly introduced the first time), `near` (per standard deviation above
    the background).

    Evidence that the answer draws on the prompt, a log-odds, 0 being even: `base`; `base_quotes` for a quoting
    segment; `base_found` for the share of the answer's words in the material; `base_joint` where the words of the
    answer stand where the request points (its words, and against the best segment for them); `base_near` for the
    embedding similarity of the winning segment. Without embeddings `alone` and `alone_found` take the place of `base`
    and `base_found`. `none_below`: the answer is said to rest on nothing below this. The regression saw as many
    shuffled answers as true ones; people who put material into a prompt mostly ask about it, and -1 is the even point
    when three in four do.

    Cost: `enough_found`: embeddings are not asked for when the answer is quoted or the material holds at least this
    share of its words. `most_embedded`: at most so many segments of one prompt are embedded, lexically best first.
    `batch_chars`: prompts are worked on in groups of about this many characters, which bounds the memory.
    """

    min_tokens: Annotated[int, Field(ge=1)] = 32
    localised_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    max_quote: int = 300
    quotes: float = 5.0
    covers: float = 4.0
    asks: float = 5.0
    asks_line: float = 3.0
    asks_around: float = 3.0
    earlier: float = -1.0
    near: float = 0.85
    base: float = -3.4
    base_quotes: float = 4.0
    base_found: float = 1.0
    base_joint: float = 3.6
    base_near: float = 0.85
    alone: float = -2.0
    alone_found: float = 6.0
    none_below: float = -1.0
    enough_found: float = 0.7
    most_embedded: int = 12
    batch_chars: int = 4_000_000


DEFAULT_KEY_INFO = KeyInfoSettings()


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """One row a prompt, in the order given; every column has shape (prompts,).

    `klass`: `localised` (one segment carries the answer), `diffuse` (several do, or the request is about all of the
    material: a summary, a translation, a title, a class), `none` (the answer does not draw on the prompt) or `short`
    (no room for a position). `span_start`, `span_end`: characters of the winning segment, -1 when `short`. `position`:
    its centre, 0 to 1 in tokens, NaN when `short`. For `none` these three are only the nearest candidate, not a claim.
    `head`, `middle`, `tail`: weight in each third of the prompt's tokens, sum 1, NaN when `none` or `short`.
    `instruction_position`: one of INSTRUCTION_POSITIONS. `score`: log-odds that the answer
    draws on the prompt, NaN when `short`. `method`: `lexical` or `embedding`, what settled it; `-` when `short`.
    """

    klass: NDArray[np.str_]
    position: Floats
    head: Floats
    middle: Floats
    tail: Floats
    span_start: Ints
    span_end: Ints
    instruction_position: NDArray[np.str_]
    score: Floats
    method: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.klass)

    def to_table(self) -> pa.Table:
        """Return the columns as an Arrow table, `klass` under the name `class`; NaN becomes null."""
        columns = {}
        for field in fields(self):
            values = getattr(self, field.name)
            columns["class" if field.name == "klass" else field.name] = pa.array(
                values.tolist(), from_pandas=True, type=_arrow_type(values)
            )
        return pa.table(columns)


def locate_key_info(
    prompts: Sequence[str],
    answers: Sequence[str],
    *,
    encode: Encode | None,
    count_tokens: CountTokens,
    answer_vectors: NDArray[np.float32] | None = None,
    preambles: Sequence[int] | None = None,
    settings: KeyInfoSettings = DEFAULT_KEY_INFO,
) -> KeyInfo:
    """Find, for each prompt, where the information stands that its answer rests on.

    `encode` maps n texts to an (n, d) array and may be None: then words alone decide, and translated answers are
    mostly `none`. `count_tokens` maps n texts to n token counts. `answer_vectors` (n, d) are the answers as `encode`
    gives them, where they are known already. `preambles` are lengths in characters: what each prompt begins with and
    shares with many others, which neither asks nor holds key information (see `preamble.shared_openings`). A row's
    result depends on that row alone, not on its neighbours or their order. Raises ValueError when there are not as
    many answers as prompts.
    """
    if len(prompts) != len(answers):
        raise ValueError(f"{len(prompts)} prompts but {len(answers)} answers")
    out = _blank(len(prompts))
    for rows in _batches(prompts, settings.batch_chars):
        batch = [prompts[i] for i in rows]
        segments = cut(batch, None if preambles is None else preambles[rows.start : rows.stop])
        out.instruction_position[rows.start : rows.stop] = segments.positions
        tokens = _tokens(batch, segments, count_tokens, settings)
        totals = np.bincount(segments.row, tokens, minlength=len(batch))
        active = np.flatnonzero(totals >= settings.min_tokens)
        if active.size:
            chosen, picked = segments.select(active)
            texts = [batch[i] for i in active]
            replies = [answers[rows.start + int(i)] for i in active]
            known = answer_vectors[active + rows.start] if answer_vectors is not None else None
            _fill(out, active + rows.start, texts, replies, chosen, tokens[picked], encode, known, settings)
    return out


def _blank(count: int) -> KeyInfo:
    def nan() -> Floats:
        return np.full(count, np.nan)

    def text(value: str) -> NDArray[np.str_]:
        return np.full(count, value, "<U9")

    def nowhere() -> Ints:
        return np.full(count, -1, np.int64)

    return KeyInfo(text("short"), nan(), nan(), nan(), nan(), nowhere(), nowhere(), text("only"), nan(), text("-"))


def _batches(prompts: Sequence[str], most: int) -> Iterator[range]:
    start = size = 0
    for i, prompt in enumerate(prompts):
        if i > start and size + len(prompt) > most:
            yield range(start, i)
            start, size = i, 0
        size += len(prompt)
    if start < len(prompts):
        yield range(start, len(prompts))


def _tokens(prompts: Sequence[str], segments: Segments, count_tokens: CountTokens, settings: KeyInfoSettings) -> Floats:
    """Tokens of each segment with the gap after it; 0 throughout prompts that are certainly too short to matter (a
    token has a character)."""
    wanted = (np.diff(segments.offsets) > 1) & (np.array([len(prompt) for prompt in prompts]) >= settings.min_tokens)
    pieces: list[str] = []
    picked = np.flatnonzero(wanted[segments.row])
    for row in np.flatnonzero(wanted).tolist():
        bounds = segments.start[segments.offsets[row] : segments.offsets[row + 1]].tolist()
        bounds[0] = 0
        bounds.append(len(prompts[row]))
        pieces += [prompts[row][a:b] for a, b in pairwise(bounds)]
    out = np.zeros(segments.row.size)
    if pieces:
        out[picked] = count_tokens(pieces)
    return out


def _fill(
    out: KeyInfo,
    rows: Ints,
    prompts: list[str],
    answers: list[str],
    segments: Segments,
    tokens: Floats,
    encode: Encode | None,
    answer_vectors: NDArray[np.float32] | None,
    settings: KeyInfoSettings,
) -> None:
    evidence = lexical(prompts, answers, segments, settings.max_quote)
    score = _lexical_score(evidence, settings)
    quoted = np.maximum.reduceat(evidence.quotes, segments.offsets[:-1]) > 0
    vague = ~quoted & (evidence.found < settings.enough_found) & np.array([bool(answer.strip()) for answer in answers])
    embedded = vague if encode is not None else np.zeros_like(vague)
    near = Semantic(np.zeros(score.size))
    if encode is not None:
        said = answers if answer_vectors is None else answer_vectors
        near = semantic(encode, prompts, said, segments, score, np.flatnonzero(embedded), settings.most_embedded)
        score = score + settings.near * near.answer
    score = score / _damping(answers, quoted)[segments.row]
    weights = _softmax(np.where(segments.material, score, -np.inf), segments)
    winner = _winners(weights, segments)
    belief = _belief(evidence, near, segments, winner, embedded, settings)
    spread = _thirds(weights, tokens, segments)
    centre = _centres(tokens, segments)[winner]
    drawn = belief >= settings.none_below
    out.score[rows] = belief
    out.method[rows] = np.where(embedded, "embedding", "lexical")
    out.klass[rows] = np.where(
        drawn,
        np.where((weights[winner] >= settings.localised_share) & ~segments.whole, "localised", "diffuse"),
        "none",
    )
    out.position[rows] = centre
    for column, values in zip((out.head, out.middle, out.tail), spread.T, strict=True):
        column[rows] = np.where(drawn, values, np.nan)
    out.span_start[rows] = segments.start[winner]
    out.span_end[rows] = segments.end[winner]


def _damping(answers: Sequence[str], quoted: Flags) -> Floats:
    """Square root of the number of sentences of each answer, 1 where it is quoted whole: what k
    sentences say is spread over up to k places, so the score of one place is damped by the square root of k."""
    counts = [
        1 if whole else max(1, len(segment(answer[:2000]))) for answer, whole in zip(answers, quoted, strict=True)
    ]
    return np.asarray(np.sqrt(counts))


def _lexical_score(evidence: Evidence, settings: KeyInfoSettings) -> Floats:
    return np.asarray(
        settings.quotes * evidence.quotes
        + settings.covers * evidence.covers
        + settings.asks * evidence.asks
        + settings.asks_line * evidence.asks_line
        + settings.asks_around * evidence.asks_around
        + settings.earlier * evidence.earlier
    )


def _belief(
    evidence: Evidence, near: Semantic, segments: Segments, winner: Ints, embedded: Flags, settings: KeyInfoSettings
) -> Floats:
    quotes = evidence.quotes[winner]
    asks = evidence.asks[winner]
    best = np.maximum.reduceat(evidence.asks, segments.offsets[:-1])
    pointed = (asks + asks / np.maximum(best, 1e-9)) / 2
    joint = np.maximum(quotes, evidence.holds[winner]) * pointed
    with_vectors = settings.base + settings.base_found * evidence.found + settings.base_near * near.answer[winner]
    by_words = settings.alone + settings.alone_found * evidence.found
    quoting = settings.base + settings.base_found * evidence.found + settings.base_quotes * quotes
    bare = np.where(quotes > 0, quoting, np.where(embedded, with_vectors, by_words))
    return np.asarray(bare + settings.base_joint * joint)


def _softmax(score: Floats, segments: Segments) -> Floats:
    first = segments.offsets[:-1]
    top = np.maximum.reduceat(score, first)
    raised = np.exp(score - top[segments.row])
    return np.asarray(raised / np.add.reduceat(raised, first)[segments.row])


def _winners(weights: Floats, segments: Segments) -> Ints:
    order = np.lexsort((np.arange(weights.size), -weights, segments.row))
    return order[segments.offsets[:-1]]


def _centres(tokens: Floats, segments: Segments) -> Floats:
    stop, total = _cumulative(tokens, segments)
    return np.asarray((stop - tokens / 2) / total)


def _cumulative(tokens: Floats, segments: Segments) -> tuple[Floats, Floats]:
    """Tokens of the prompt up to the end of each segment, and of the whole prompt; both of shape (segments,)."""
    running = np.cumsum(tokens)
    before = (running - tokens)[segments.offsets[:-1]]
    total = np.add.reduceat(tokens, segments.offsets[:-1])
    return running - before[segments.row], total[segments.row]


def _thirds(weights: Floats, tokens: Floats, segments: Segments) -> Floats:
    """Weight in each third of the prompt, shape (prompts, 3); the weight of a segment is spread evenly over its
    tokens."""
    stop, total = _cumulative(tokens, segments)
    begin = stop - tokens
    out = np.zeros((segments.offsets.size - 1, 3))
    for third in range(3):
        low, high = total * third / 3, total * (third + 1) / 3
        inside = np.clip(np.minimum(stop, high) - np.maximum(begin, low), 0, None) / np.maximum(tokens, 1e-9)
        out[:, third] = np.add.reduceat(weights * inside, segments.offsets[:-1])
    return np.asarray(out / np.maximum(out.sum(axis=1, keepdims=True), 1e-12))


def _arrow_type(values: NDArray[Any]) -> pa.DataType:
    if values.dtype.kind == "U":
        return pa.string()
    return pa.int64() if values.dtype.kind == "i" else pa.float64()
