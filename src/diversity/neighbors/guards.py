"""What no vector may overrule: two texts with other numbers, signs, quoted strings or negations, or one word exchanged
do not say the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from diversity.neighbors.literals import Literals
from diversity.neighbors.pairs import Pairs
from diversity.text.folding import fold_all
from diversity.text.scripts import UNIT

_UNIT = re.compile(rf"{UNIT}(?:'[a-z]+)?")
# Letters that run into a number belong to it: a password, a part's code and the name of a model are facts.
_NUMBER = re.compile(rf"(?:[-+]?|(?<![a-z])[a-z]++)\d[\d.,:/]*|[{'零〇一二两三四五六七八九十百千万亿'}]{{2,}}")
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nor|neither|nothing|nobody|without|cannot|false|incorrect)\b|n't\b|[不没無无非未否勿莫别]"
)
_LONG = 60
# A Chinese word has mostly one or two characters; a name has two words as often as one.
_WORD = 2


def units_of(folded: str) -> list[str]:
    """The words of a folded text, a Chinese or Japanese character counting as one."""
    return _UNIT.findall(folded)


def has_units(texts: Sequence[str], least: int) -> NDArray[np.bool_]:
    """(n,) whether each text has `least` words or more, a Chinese or Japanese character counting as one. None is read
    further than that."""
    return np.fromiter((_counted(text, least) == least for text in texts), np.bool_, len(texts))


def _counted(text: str, most: int) -> int:
    return sum(1 for _ in islice(_UNIT.finditer(text), most))


def contradictory(texts: Sequence[str], pairs: Pairs) -> NDArray[np.bool_]:
    """(p,) which pairs of `texts` cannot be the same statement, whatever their vectors say.

    Numbers, operators and flags must be the same, and what is quoted or code (see `Literals`). In a text of at most 60
    units negations must be as many (in a longer one a paraphrase may well have another), and no single word (or Chinese
    character) may be exchanged for another within the same frame, however often it stands there: that is what a
    template filled twice looks like ("正面" and "负面", "Paris" and "Rome").
    """
    facts = [_facts(*both) for both in zip(fold_all(texts, "nfkc"), fold_all(texts), strict=True)]
    out = np.zeros(len(pairs), bool)
    for at, (left, right) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
        out[at] = _differ(facts[left], facts[right])
    return out


def word_exchanged(left: str, right: str) -> bool:
    """Whether a word of one text stands where another word stood in the other: "before the update" and "after the
    update", 增加 and 减少.

    For texts that are nearly the same, of any length: between the same neighbours stand one or two words (or
    characters) that only one of them has, and one or two that only the other has. What was added or left out elsewhere
    does not hide it, and adding or leaving out alone is no exchange.
    """
    units = [units_of(text) for text in fold_all([left, right])]
    counts = [Counter(one) for one in units]
    only = (counts[0] - counts[1], counts[1] - counts[0])
    if not only[0] or not only[1]:
        return False
    places = [_places(one, set(alone)) for one, alone in zip(units, only, strict=True)]
    return not places[0].isdisjoint(places[1])


def _places(units: list[str], own: set[str]) -> set[tuple[str, str]]:
    """The neighbours of every run of at most _WORD units that are all among `own`; "" beyond either end."""
    framed = ["", *units, ""]
    return {
        (framed[at - 1], framed[at + size])
        for at in range(1, len(units) + 1)
        for size in range(1, _WORD + 1)
        if at + size <= len(units) + 1 and all(unit in own for unit in framed[at : at + size])
    }


@dataclass(frozen=True, slots=True)
class _Facts:
    numbers: list[str]
    units: Counter[str]
    negations: int
    literals: Literals


def _facts(text: str, folded: str) -> _Facts:
    """Of a text at folding `nfkc` and at `full`."""
    units = Counter(units_of(folded))
    literals = Literals.of(text, folded)
    return _Facts(sorted(_NUMBER.findall(folded)), units, len(_NEGATION.findall(folded)), literals)


def _differ(left: _Facts, right: _Facts) -> bool:
    if left.numbers != right.numbers or left.literals.differ(right.literals):
        return True
    short = min(left.units.total(), right.units.total()) <= _LONG
    if short and left.negations != right.negations:
        return True
    return short and _exchanged(left.units, right.units)


def _exchanged(left: Counter[str], right: Counter[str]) -> bool:
    return len(left - right) == 1 and len(right - left) == 1
