"""Which words a reader would see stand in each prompt: what telltale words are chosen from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diversity.features.linear_probe import Matrix
from diversity.features.text_parts import both_ends
from diversity.text.terms import terms

# Of a longer prompt so many characters at both ends: a request stands at one of them.
HALF = 1000
# A word of fewer prompts is no word that a class is told by.
LEAST = 3


@dataclass(frozen=True, slots=True)
class TermPresence:
    """`matrix` (n, words) of zeros and ones; `words` spelled out, in the order of the alphabet."""

    matrix: Matrix
    words: list[str]


def term_presence(texts: Sequence[str]) -> TermPresence:
    """The words that at least LEAST texts have: dictionary words in Chinese, lower-cased words elsewhere."""
    from scipy.sparse import csr_matrix

    found = [sorted(set(terms(both_ends(text, HALF), 2 * HALF + 1))) for text in texts]
    counts = Counter(word for words in found for word in words)
    words = sorted(word for word, count in counts.items() if count >= LEAST)
    number = {word: place for place, word in enumerate(words)}
    columns = [[number[word] for word in some if word in number] for some in found]
    indptr = np.cumsum([0, *(len(some) for some in columns)])
    flat = np.array([place for some in columns for place in some], np.int64)
    return TermPresence(csr_matrix((np.ones(len(flat)), flat, indptr), shape=(len(texts), len(words))), words)
