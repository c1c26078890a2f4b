"""Equal numbers of rows from two versions: what both have, what only one has, and what chance would make of that.

A row is what a figure looks at in one record: a text, a length, a class. Rows are drawn by a hash of their content, so
that both versions draw the rows they share alike. Those cancel in every difference between the versions; only the rest
can be exchanged between them, which is what a permutation test does (docs/decisions/0021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diversity.hashing import STEP, mixed

SHUFFLES = 999
# Copies of a text that change sides together are no more than chance may bring: by twice its standard deviation. With
# that, random halves of sets full of repeats raise alarms as often as they may (docs/decisions/0021).
DEVIATIONS = 2


@dataclass(frozen=True, slots=True)
class Sides:
    """Rows drawn from both versions, as positions among the rows given to `draw_sides`.

    `old` and `new` (k,) are rows that only one draw has, `shared_old` and `shared_new` (s,) the two places of each
    row that both have; `size` = k + s rows a version. `only_old` and `only_new` (k,) tell which of the former the other
    version lacks altogether: of a larger version some rows are drawn, and a row of the other that was not drawn here
    is no news. `groups` (2k,) numbers, for `old` and then `new`, what changes
    sides together: repeats of one content, as far as chance may have put them on one side (see `_blocks`).
    """

    old: NDArray[np.int64]
    new: NDArray[np.int64]
    shared_old: NDArray[np.int64]
    shared_new: NDArray[np.int64]
    only_old: NDArray[np.bool_]
    only_new: NDArray[np.bool_]
    groups: NDArray[np.int64]

    @property
    def changed(self) -> int:
        """k: rows of each draw that the other lacks."""
        return len(self.old)

    @property
    def size(self) -> int:
        """Rows of each version."""
        return len(self.old) + len(self.shared_old)

    @property
    def changed_share(self) -> float:
        """k / (k + s), 0 where there are no rows."""
        return self.changed / self.size if self.size else 0.0

    @property
    def observed(self) -> NDArray[np.bool_]:
        """(2k,) which of `old` and then `new` belong to the later version."""
        return np.arange(2 * self.changed) >= self.changed

    def shuffles(self, seed: int, count: int = SHUFFLES) -> NDArray[np.bool_]:
        """(2k, count) `observed` as chance would have it: groups dealt out to both sides, halves as equal as may be."""
        _, group, sizes = np.unique(self.groups, return_inverse=True, return_counts=True)
        order = np.argsort(np.random.default_rng(seed).random((count, len(sizes)), dtype=np.float32), axis=1)
        dealt = sizes[order]
        taken = np.cumsum(dealt, axis=1) - dealt / 2 <= self.changed
        later = np.empty_like(taken)
        np.put_along_axis(later, order, taken, axis=1)
        return np.ascontiguousarray(later[:, group].T)


def draw_sides(old: pd.Series[str], new: pd.Series[str], most: int, together: tuple[pd.Series[str], ...] = ()) -> Sides:
    """The same number of rows from both versions, as many as the smaller one has, with at most `most` changed ones.

    Args:
        old: (a,) content of each row: rows of both versions with the same content are the same row, as often as both
            have it.
        new: (b,) likewise.
        most: changed rows a side; where there are more, fewer rows are drawn.
        together: what groups the rows of each version for `Sides.groups`; their content when left out.
    """
    keys = [_hashed(one) for one in (old, new)]
    ids = [numbered(key) for key in keys]
    order = [np.argsort(one) for one in ids]
    size = min(len(old), len(new))
    drawn, is_shared = at_equal_size(ids, order, size)
    while (changed := int((~is_shared[0]).sum())) > most:
        size = min(size * most // changed, size - 1)
        drawn, is_shared = at_equal_size(ids, order, size)
    alone = [rows[~both] for rows, both in zip(drawn, is_shared, strict=True)]
    shared = [rows[both] for rows, both in zip(drawn, is_shared, strict=True)]
    grouping = [_hashed(one) for one in together] if together else keys
    blocks = [_blocks(keys, drawn, alone[side], side) for side in (0, 1)]
    groups = [mixed((grouping[side][alone[side]] ^ (STEP * np.uint64(side))) + STEP * blocks[side]) for side in (0, 1)]
    numbers = np.unique(np.concatenate(groups), return_inverse=True)[1].astype(np.int64)
    only = [~np.isin(keys[side][alone[side]], keys[1 - side]) for side in (0, 1)]
    return Sides(alone[0], alone[1], shared[0], shared[1], only[0], only[1], numbers)


def p_value(observed: float, shuffled: NDArray[np.float64]) -> float:
    """How often chance is at least as far off as what was observed, the observed case counted in (Phipson and Smyth
    2010)."""
    return float((1 + (shuffled >= observed - 1e-12).sum()) / (1 + len(shuffled)))


def at_equal_size(
    ids: list[NDArray[np.uint64]], order: list[NDArray[np.int64]], size: int
) -> tuple[list[NDArray[np.int64]], list[NDArray[np.bool_]]]:
    """The first `size` rows of each side by id (`order` sorts its ids), and which of them the other side's first have
    too."""
    drawn = [places[:size] for places in order]
    chosen = [ids[side][drawn[side]] for side in (0, 1)]
    return drawn, [np.isin(chosen[0], chosen[1]), np.isin(chosen[1], chosen[0])]


def _blocks(
    keys: list[NDArray[np.uint64]], drawn: list[NDArray[np.int64]], alone: NDArray[np.int64], side: int
) -> NDArray[np.uint64]:
    """(k,) number of the block among the copies of its content, for each row that only this side's draw has.

    Of a content that was drawn K times in all, one side has √K copies more than the other by chance, as one thing that
    happened: those stay together, for which way they fell is all that chance decided. An excess of k far beyond that
    did not come about in one throw. It is cut into as many blocks as leave the sum of their squares at K times the
    square of DEVIATIONS, so that shuffles are as far off as random halves would be.
    """
    own = pd.Series(keys[side][alone])
    every = pd.Series(np.concatenate([keys[at][drawn[at]] for at in (0, 1)])).value_counts()
    excess = own.map(own.value_counts()).to_numpy(dtype=np.int64)
    count = np.maximum(excess**2 // (DEVIATIONS**2 * own.map(every).to_numpy(dtype=np.int64)), 1)
    # In the order of the records, which is the same for all rows of one record.
    order = np.argsort(alone)
    copy = np.empty(len(own), dtype=np.int64)
    copy[order] = own.iloc[order].groupby(own.iloc[order]).cumcount().to_numpy()
    return np.asarray(copy * count // np.maximum(excess, 1), dtype=np.uint64)


def _hashed(values: pd.Series[str]) -> NDArray[np.uint64]:
    return np.asarray(pd.util.hash_array(values.to_numpy(dtype=object), categorize=False), dtype=np.uint64)


def numbered(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """(n,) keys told apart by how often they came before: the second copy of a row matches the other's second copy."""
    copy = pd.Series(keys).groupby(keys).cumcount().to_numpy(dtype=np.uint64)
    return mixed(keys + STEP * (copy + np.uint64(1)))
