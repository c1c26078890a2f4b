"""Names for clusters: the words frequent in one and rare in the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from diversity.text.terms import terms

TERMS = 3
# Words so common in instructions that they name nothing.
_COMMON = """
the a an of to and or in on for with is are be it this that as by from at what how which who you
your i my me we our please can do does have has will would should could not no if so than then there
these those its their they he she his her was were been into about more 一个 一种 以下 如下 这个 那个 我们 你们 他们
可以 什么 怎么 如何 哪些 进行 请问 需要 以及 或者 并且 因为 所以 但是 如果
一下 这些 那些 没有 不是 就是 自己 是否 为什么 根据 使用 给出 给定 一些 生成 提供
"""
STOP = frozenset(_COMMON.split())


def distinctive_terms(groups: Sequence[Sequence[str]], count: int = TERMS) -> list[tuple[str, ...]]:
    """For each group of texts the `count` words that set it apart, by class-based TF-IDF (Grootendorst 2022).

    A word counts once a text, so that one long text does not name its cluster. Weight: share of the group's texts that
    have the word times
    log(1 + mean texts per group / texts with the word over all groups).
    """
    per_group = [Counter(word for text in group for word in set(terms(text)) if _names(word)) for group in groups]
    overall: Counter[str] = Counter()
    for counter in per_group:
        overall.update(counter)
    mean = sum(len(group) for group in groups) / max(1, len(groups))
    named = []
    for group, counter in zip(groups, per_group, strict=True):
        weight = {word: n / max(1, len(group)) * log(1 + mean / overall[word]) for word, n in counter.items()}
        best = sorted(weight, key=lambda word: (-weight[word], word))[:count]
        named.append(tuple(best))
    return named


def _names(word: str) -> bool:
    """Whether a word can name anything: two characters or more, not a number, not a stop word."""
    return len(word) > 1 and word not in STOP and not word.isdigit() and any(char.isalpha() for char in word)
