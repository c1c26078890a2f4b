"""How far two versions' categories are apart: Jensen-Shannon divergence and total variation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diversity.comparison.sides import Sides, p_value

MOVED = 5
# So many classes are told apart one by one, and of the rarer ones as many groups: memory grows with their number.
MOST = 500


@dataclass(frozen=True, slots=True)
class ClassDrift:
    """`divergence` in bits (0 the same, 1 nothing in common), `variation` the share of rows that would have to change
    category. `moved` are the categories that moved most: name, share before, share after, of the whole versions, as
    other pages show them."""

    divergence: float
    variation: float
    p: float
    moved: list[tuple[str, float, float]]


def class_drift(old: pd.Series[str], new: pd.Series[str], sides: Sides, seed: int) -> ClassDrift:
    """The drift of one category a row, between rows drawn at equal size. Categories beyond the MOST largest are told
    apart by groups."""
    names, codes = np.unique(np.concatenate([old.to_numpy(dtype=str), new.to_numpy(dtype=str)]), return_inverse=True)
    first, second = codes[: len(old)], codes[len(old) :]
    told = _told_apart(codes, len(names))
    shared = np.bincount(told[first[sides.shared_old]], minlength=told.max() + 1).astype(np.float64)[:, None]
    changed = told[np.concatenate([first[sides.old], second[sides.new]])]
    before, after = _shares(shared, changed, sides.observed[:, None], len(shared))
    divergence = js_divergence(before, after)
    shuffled = js_divergence(*_shares(shared, changed, sides.shuffles(seed), len(shared)))
    variation = float(np.abs(before - after).sum() / 2)
    p, q = (np.bincount(whole, minlength=len(names)) / max(len(whole), 1) for whole in (first, second))
    most = np.argsort(-np.abs(q - p), kind="stable")[:MOVED]
    moved = [(str(names[at]), float(p[at]), float(q[at])) for at in most if p[at] != q[at]]
    return ClassDrift(float(divergence[0]), variation, p_value(divergence[0], shuffled), moved)


def _told_apart(codes: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """(count,) the number under which each category is told apart: its own, or beyond the MOST largest its group's.
    Which group depends on both versions' rows alike, so that a shuffle is what it was."""
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(-np.bincount(codes, minlength=count), kind="stable")] = np.arange(count)
    return np.where(rank < MOST, rank, MOST + rank % MOST)


def js_divergence(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Jensen-Shannon divergence in bits (Lin 1991) between each two columns of shares, (c, n) → (n,); its root is the
    distance."""
    middle = (p + q) / 2
    return np.maximum((_relative_entropy(p, middle) + _relative_entropy(q, middle)) / 2, 0.0)


def _relative_entropy(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = np.divide(p, q, out=np.ones_like(p), where=p > 0)
    return np.asarray((p * np.log2(ratio)).sum(axis=0))


def _shares(
    shared: NDArray[np.float64], changed: NDArray[np.int64], later: NDArray[np.bool_], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(c, n) shares of every category in the earlier and in the later version, for each column of `later` (2k, n)."""
    half, total = len(changed) / 2, len(changed) / 2 + float(shared.sum())
    one_hot = np.zeros((count, len(changed)), dtype=np.float32)
    one_hot[changed, np.arange(len(changed))] = 1
    after = (one_hot @ later.astype(np.float32)).astype(np.float64)
    before = one_hot.sum(axis=1, dtype=np.float64)[:, None] - after
    # Groups that move together leave the halves a few rows apart: each is brought to half.
    sized = [part * (half / np.maximum(part.sum(axis=0), 1)) for part in (before, after)]
    return (shared + sized[0]) / max(total, 1), (shared + sized[1]) / max(total, 1)
