"""Which prompts only look alike: they share a form, and what is asked stands in the rest.

A tool's manual or a task's wording before every question makes two prompts alike, in letters and in vectors, whatever
is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from diversity.neighbors.guards import contradictory, units_of, word_exchanged
from diversity.neighbors.pairs import Pairs
from diversity.text.folding import fold_all

# Of a text of which half is a form, its vector says more of the form than of the question.
_MOSTLY = 0.5


def other_questions(texts: Sequence[str], pairs: Pairs, threshold: float) -> NDArray[np.bool_]:
    """(p,) which pairs of nearly the same `texts` ask something else.

    What both begin and end with alike is left out of account, however long it is. Of the rests each has words that the
    other lacks and less than `threshold` of all their words in common, or the texts differ in a fact or in one word
    that stands in place of another.
    """
    units = [units_of(folded) for folded in fold_all(texts)]
    numbered = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    out = np.array([_rests_differ(units[left], units[right], threshold) for left, right in numbered], np.bool_)
    alike = np.flatnonzero(~out)
    involved, alike_pairs = pairs.only(alike).renumbered()
    out[alike] = contradictory([texts[at] for at in involved.tolist()], alike_pairs)
    for at in np.flatnonzero(~out).tolist():
        left, right = numbered[at]
        out[at] = word_exchanged(texts[left], texts[right])
    return out


def _rests_differ(left: list[str], right: list[str], threshold: float) -> bool:
    start = _shared(left, right)
    left, right = left[start:], right[start:]
    end = _shared(left[::-1], right[::-1])
    one, two = Counter(left[: len(left) - end]), Counter(right[: len(right) - end])
    common = (one & two).total()
    if common == min(one.total(), two.total()):
        return False
    return common < threshold * (one | two).total()


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    """How many items two sequences begin with alike."""
    both = zip(left, right, strict=False)
    return next((at for at, (one, two) in enumerate(both) if one != two), min(len(left), len(right)))


def formulaic(texts: Sequence[str], least: int) -> NDArray[np.bool_]:
    """(n,) of which texts at least half is a beginning or an end that `least` of the texts, each another one, share.

    O(n log n) comparisons: texts that share a beginning stand together once they are sorted.
    """
    folded = fold_all(texts)
    lengths = np.array([len(text) for text in folded], np.int64)
    shared = _shared_beginnings(folded, least) + _shared_beginnings([text[::-1] for text in folded], least)
    return np.asarray(shared >= np.maximum(1, _MOSTLY * lengths))


def _shared_beginnings(texts: Sequence[str], least: int) -> NDArray[np.int64]:
    """(n,) how many characters each text begins with that at least `least` texts begin with."""
    out = np.zeros(len(texts), np.int64)
    if len(texts) < least:
        return out
    order = sorted(range(len(texts)), key=texts.__getitem__)
    alike = np.array([_begin_alike(texts[one], texts[two]) for one, two in pairwise(order)], np.int64)
    in_a_row = sliding_window_view(alike, least - 1).min(axis=1)
    out[order] = sliding_window_view(np.pad(in_a_row, least - 1), least).max(axis=1)
    return out


def _begin_alike(left: str, right: str) -> int:
    """How many characters two texts begin with alike, by halving: strings are compared faster than characters."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if left.startswith(right[:middle]) else (low, middle - 1)
    return low
