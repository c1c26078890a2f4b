"""What many prompts of a set begin with, word for word: lists of tools, rules of a platform.

A line counts as shared when a twentieth of the distinct prompts, and at least twenty, hold it among their first lines.
The opening of a prompt is preamble up to the last shared line for which at least half of the lines so far are shared,
so that a rare combination of tools does not end it. A single shared line is none: it is the request of a template.
Nor is a document that many questions share: there the answers, one different from the next, stand in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain, islice

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.corpus import batches
from diversity.text.words import squash

LEAST_SHARE, LEAST_PROMPTS, COUNTED_PROMPTS = 0.05, 20, 10_000
FIRST_LINES, LEAST_LINES = 40, 3
DOCUMENT_SHARE, DOCUMENT_ANSWERS, LONGEST_QUOTE = 0.2, 10, 300


def shared_openings(prompts: pa.ChunkedArray, answers: pa.ChunkedArray) -> NDArray[np.int64]:
    """(n,) how many characters of each of the n prompts are preamble."""
    none = np.zeros(len(prompts), np.int64)
    shared = _shared_lines(islice(_texts(prompts), 0, None, 1 + len(prompts) // COUNTED_PROMPTS))
    if len(shared) < LEAST_LINES:
        return none
    ends = [_end(prompt, shared) for prompt in _texts(prompts)]
    held = _hold_answers(_texts(prompts), _texts(answers), ends)
    return none if held else np.asarray(ends, np.int64)


def _texts(column: pa.ChunkedArray) -> Iterable[str]:
    return chain.from_iterable(batches(column))


def _shared_lines(prompts: Iterable[str]) -> set[str]:
    distinct = set(prompts)
    seen = Counter(line for prompt in distinct for line in set(_first_lines(prompt)))
    least = max(LEAST_PROMPTS, LEAST_SHARE * len(distinct))
    return {line for line, count in seen.items() if count >= least and line.strip()}


def _first_lines(prompt: str) -> list[str]:
    return prompt.split("\n", FIRST_LINES)[:FIRST_LINES]


def _end(prompt: str, shared: set[str]) -> int:
    at = end = found = 0
    for number, line in enumerate(_first_lines(prompt), 1):
        at += len(line) + 1
        if line in shared:
            found += 1
            if found * 2 >= number and found >= LEAST_LINES:
                end = at
    return end if end < len(prompt) else 0


def _hold_answers(prompts: Iterable[str], answers: Iterable[str], ends: Iterable[int]) -> bool:
    given, held = set(), set()
    for prompt, answer, end in zip(prompts, answers, ends, strict=True):
        if end and len(answer) <= LONGEST_QUOTE and (wanted := squash(answer)):
            given.add(wanted)
            if wanted in squash(prompt[:end]):
                held.add(wanted)
    return len(held) >= max(DOCUMENT_ANSWERS, DOCUMENT_SHARE * len(given))
