"""Exact, near and semantic repeats of texts, and what many texts begin and end with. Made once, shared by the
metrics.
"""

from __future__ import annotations

from diversity.neighbors.duplicates import Duplicates, Repeats, find_duplicates, find_repeats
from diversity.neighbors.exact import repeat_count
from diversity.neighbors.near import Signed, sign
from diversity.neighbors.pairs import Pairs
from diversity.neighbors.settings import DEFAULT_DUPLICATES, DuplicateSettings

__all__ = [
    "DEFAULT_DUPLICATES",
    "DuplicateSettings",
    "Duplicates",
    "Pairs",
    "Repeats",
    "Signed",
    "find_duplicates",
    "find_repeats",
    "repeat_count",
    "sign",
]
