"""What speaks for each segment of a prompt as the ground of its answer: one flat array a feature, over all segments
of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diversity.features.instruction import asks_about_all, part_request, read_layout
from diversity.text.segmentation import segment
from diversity.text.words import squash, tokenize

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ROW_MIX = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True)
class Segments:
    """The segments of n prompts, laid end to end.

    Of shape (segments,): `row` (prompt number, ascending), `start`, `end` (characters), `line` (number of the line,
    distinct over the batch), `material` (may hold key information). Of shape (prompts + 1,): `offsets`, so that
    prompt i has segments offsets[i] up to offsets[i + 1]. Of length n: `requests` (text of the asking segments),
    `positions` (see `instruction.Layout.position`), `whole` (the request is about all of the material).
    """

    row: Ints
    start: Ints
    end: Ints
    line: Ints
    material: Flags
    offsets: Ints
    requests: list[str]
    positions: list[str]
    whole: Flags

    def select(self, rows: Ints) -> tuple[Segments, Ints]:
        """Return the segments of the prompts `rows` (ascending), renumbered, and where they stood."""
        number = np.full(self.offsets.size - 1, -1, np.int64)
        number[rows] = np.arange(rows.size)
        picked = np.flatnonzero(number[self.row] >= 0)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.diff(self.offsets)[rows])])
        kept = rows.tolist()
        chosen = Segments(
            number[self.row[picked]],
            self.start[picked],
            self.end[picked],
            self.line[picked],
            self.material[picked],
            offsets,
            [self.requests[i] for i in kept],
            [self.positions[i] for i in kept],
            self.whole[rows],
        )
        return chosen, picked


def cut(prompts: Sequence[str], preambles: Sequence[int] | None = None) -> Segments:
    """Cut `prompts` into segments and tell requests from material. What ends within the first `preambles` characters
    of its prompt is neither."""
    starts: list[int] = []
    ends: list[int] = []
    lines: list[int] = []
    material: list[bool] = []
    requests: list[str] = []
    positions: list[str] = []
    whole = np.zeros(len(prompts), bool)
    counts = np.zeros(len(prompts) + 1, np.int64)
    line = 0
    for i, prompt in enumerate(prompts):
        spans = segment(prompt)
        shared = sum(end <= preambles[i] for _, end in spans) if preambles is not None else 0
        shared *= shared < len(spans)
        own = part_request(prompt, spans[shared:])
        layout = read_layout(prompt, own)
        spans = [*spans[:shared], *own]
        line += 1
        previous = 0
        for start, end in spans:
            line += "\n" in prompt[previous:start]
            previous = end
            starts.append(start)
            ends.append(end)
            lines.append(line)
        material.extend([False] * shared + layout.material)
        asks = layout.request if layout.position != "only" else []
        asking = [prompt[a:b] for (a, b), flag in zip(own, asks, strict=False) if flag]
        requests.append(" ".join(asking))
        positions.append(layout.position)
        whole[i] = any(map(asks_about_all, asking))
        counts[i + 1] = len(spans)
    return Segments(
        np.repeat(np.arange(len(prompts)), counts[1:]),
        np.asarray(starts, np.int64),
        np.asarray(ends, np.int64),
        np.asarray(lines, np.int64),
        np.asarray(material, bool),
        np.cumsum(counts),
        requests,
        positions,
        whole,
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Lexical evidence, each of shape (segments,), 0 where a segment is not material.

    `quotes`: 1 where the whole answer stands in the segment (after `squash`), else 0. `earlier`: log(1 + number of
    quoting segments before it). `covers`: rarity-weighted share of the answer's telling words that occur anywhere in
    the material, that are in this segment. Telling are those that the request lacks, because an answer that repeats
    the question says nothing new by it; all, where the material has none of them. `holds`: the same over all telling
    words, those that the material lacks included. `asks`: share of the request's other words in this segment,
    `asks_line`: on its whole line, `asks_around`: mean over the segments before and after it. Of shape (prompts,):
    `found`, the rarity-weighted share of the answer's telling words that occur anywhere in the material.
    """

    quotes: Floats
    earlier: Floats
    covers: Floats
    holds: Floats
    asks: Floats
    asks_line: Floats
    asks_around: Floats
    found: Floats


def lexical(prompts: Sequence[str], answers: Sequence[str], segments: Segments, max_quote: int) -> Evidence:
    """Measure the lexical evidence of every segment. An answer longer than `max_quote` characters is not searched for
    as a whole."""
    picked = np.flatnonzero(segments.material)
    row = segments.row[picked]
    texts = [
        prompts[r][a:b]
        for r, a, b in zip(row.tolist(), segments.start[picked].tolist(), segments.end[picked].tolist(), strict=True)
    ]
    quotes = _quoting(texts, row, answers, max_quote)
    terms, places, term_of_place = _match(texts, row, segments.requests, answers)
    line = segments.line[picked]
    size = np.bincount(row, minlength=len(prompts))
    idf = np.log1p((size[terms.row] - terms.frequency + 0.5) / (terms.frequency + 0.5))
    present = terms.frequency > 0
    telling = terms.answer & (~terms.request | ~_any_row(terms, present & terms.answer & ~terms.request, size.size))

    def share(weight: Floats, total: Floats, owner: Ints) -> Floats:
        top = np.bincount(owner, weight[term_of_place], minlength=picked.size)
        return np.asarray(top / np.maximum(total[row], 1e-9))

    in_answer, in_request = idf * telling, idf * (terms.request & present & ~(telling & terms.request))
    asked = np.asarray(np.bincount(terms.row, in_request, minlength=size.size), dtype=np.float64)
    whole = np.asarray(np.bincount(terms.row, in_answer, minlength=size.size), dtype=np.float64)
    known = np.asarray(np.bincount(terms.row, in_answer * present, minlength=size.size), dtype=np.float64)
    asks = share(in_request, asked, places)
    columns = (
        quotes,
        _earlier(quotes, row),
        share(in_answer, known, places),
        share(in_answer, whole, places),
        asks,
        _by_line(in_request, asked, row, line, places, term_of_place),
        _around(asks, line),
    )
    per_segment = [_spread(column, picked, segments.row.size) for column in columns]
    return Evidence(*[*per_segment, known / np.maximum(whole, 1e-9)])


@dataclass(frozen=True, slots=True)
class _Terms:
    """The distinct words of each prompt's request and answer: `row`, `frequency` (material segments that hold it),
    `answer`, `request`."""

    row: Ints
    frequency: Ints
    answer: Flags
    request: Flags


def _match(
    texts: Sequence[str], row: Ints, requests: Sequence[str], answers: Sequence[str]
) -> tuple[_Terms, Ints, Ints]:
    """Return the terms and the distinct (segment, term) pairs as two arrays of numbers."""
    count = len(answers)
    words = tokenize([*requests, *answers])
    keys = words.ids ^ ((words.owner % count).astype(np.uint64) + np.uint64(1)) * _ROW_MIX
    unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    from_answer = words.owner >= count
    answer = np.bincount(inverse, from_answer, minlength=unique.size) > 0
    request = np.bincount(inverse, ~from_answer, minlength=unique.size) > 0
    body = tokenize(texts)
    body_keys = body.ids ^ (row[body.owner].astype(np.uint64) + np.uint64(1)) * _ROW_MIX
    if unique.size == 0 or body_keys.size == 0:
        pairs = np.zeros(0, np.int64)
    else:
        found = np.minimum(np.searchsorted(unique, body_keys), unique.size - 1)
        hit = unique[found] == body_keys
        pairs = np.unique(body.owner[hit] * unique.size + found[hit])
    places, term = np.divmod(pairs, max(unique.size, 1))
    return _Terms(words.owner[first] % count, np.bincount(term, minlength=unique.size), answer, request), places, term


def _any_row(terms: _Terms, flags: Flags, count: int) -> Flags:
    """For each term, whether any term of its prompt is flagged."""
    return np.asarray(np.bincount(terms.row, flags, minlength=count)[terms.row] > 0)


def _quoting(texts: Sequence[str], row: Ints, answers: Sequence[str], max_quote: int) -> Floats:
    out = np.zeros(len(texts))
    wanted = [squash(answer) if len(answer) <= max_quote else "" for answer in answers]
    for i, (text, r) in enumerate(zip(texts, row.tolist(), strict=True)):
        if wanted[r] and len(wanted[r]) <= len(text) + 8:
            out[i] = _occurs(wanted[r], squash(text))
    return out


def _occurs(needle: str, text: str) -> bool:
    """Whether `needle` stands in `text` as whole words; neighbours count only beside an ASCII letter or digit of the
    same kind."""
    at = text.find(needle)
    while at >= 0:
        stop = at + len(needle)
        if not (_glued(text, at) or _glued(text, stop)):
            return True
        at = text.find(needle, at + 1)
    return False


def _glued(text: str, at: int) -> bool:
    if at <= 0 or at >= len(text):
        return False
    left, right = text[at - 1], text[at]
    return (left.isdigit() and right.isdigit()) or (
        left.isascii() and right.isascii() and left.isalpha() and right.isalpha()
    )


def _earlier(quotes: Floats, row: Ints) -> Floats:
    if row.size == 0:
        return quotes
    total = np.cumsum(quotes) - quotes
    base = total[np.searchsorted(row, row)]
    return np.asarray(np.where(quotes > 0, np.log1p(total - base), 0.0))


def _by_line(weight: Floats, total: Floats, row: Ints, line: Ints, places: Ints, term: Ints) -> Floats:
    if row.size == 0:
        return np.zeros(0)
    lines, number = np.unique(line, return_inverse=True)
    pairs = np.unique(number[places] * max(weight.size, 1) + term)
    where, what = np.divmod(pairs, max(weight.size, 1))
    share = np.bincount(where, weight[what], minlength=lines.size)
    return np.asarray(share[number] / np.maximum(total[row], 1e-9))


def _around(values: Floats, line: Ints) -> Floats:
    out = np.zeros(values.size)
    same = line[1:] == line[:-1]
    out[1:] += np.where(same, values[:-1], 0.0)
    out[:-1] += np.where(same, values[1:], 0.0)
    return out / 2


def _spread(values: Floats, picked: Ints, size: int) -> Floats:
    out = np.zeros(size)
    out[picked] = values
    return out
