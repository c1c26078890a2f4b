"""How far a figure moved between two versions at equal size, and how often chance would move it as far.

Both versions draw their rows by content (`sides`), so that the rows they share cancel. If what went and what came were
a random pick, any of the rows drawn could have been what only the one version has: a shuffle deals these places out
anew among all rows and measures the figure of both versions again (docs/decisions/0005).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diversity.comparison.contents import Contents, Keys, same_rows
from diversity.comparison.remeasured import remeasured
from diversity.comparison.sides import at_equal_size, numbered
from diversity.hashing import STEP, mixed
from diversity.metrics.base import Sample

# Rows drawn from each version, and how many of them the other may lack: they bound the time of a shuffle. Repeats are
# rare, and show in large draws only.
LARGEST, MOST_CHANGED = 60_000, 5_000
# Fewer rows than this tell next to nothing apart.
SMALLEST = 40
# So many shuffles show where chance does as much. Where hardly any did, more are made, enough for a p-value that is
# still small when fifty figures are asked for.
SHUFFLES, MORE_SHUFFLES, HARDLY = 200, 2_000, 5
Values = NDArray[Any]


class Moved(NamedTuple):
    """A figure at `size` rows of each version, by `changed` of which the two differ; the 95% interval of its change;
    and the chance `p` of as large a change either way, None where nothing differs. `remeasured` (see there) unchanged
    rows have another value, None where no row's value depends on others: what they move is in the interval, and no
    change."""

    before: float
    after: float
    interval: tuple[float, float]
    size: int
    changed: int
    p: float | None
    remeasured: int | None = None


@dataclass(frozen=True)
class Pool:
    """The rows drawn from both versions, each once: `values` (s + 2k,) first the s that both have, then the k that only
    the earlier and the k that only the later draw has. `groups` (s + 2k,) numbers the records the rows are of, whose
    rows change sides together. `unseen` is the share of all pairs of rows that stand in no version together: whether
    those would repeat each other nobody knows."""

    values: Values
    groups: NDArray[np.int64]
    changed: int
    unseen: float

    @property
    def size(self) -> int:
        """Rows of each version."""
        return len(self.values) - self.changed

    def without(self, places: NDArray[np.bool_]) -> Values:
        kept: Values = self.values[~places]
        return kept

    def observed(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which rows the earlier and the later version lack."""
        place = np.arange(len(self.values)) - (len(self.values) - 2 * self.changed)
        return place >= self.changed, (place >= 0) & (place < self.changed)

    def shuffles(self, random: np.random.Generator) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """The same as chance would have it, without end."""
        sizes = np.bincount(self.groups)
        single = len(sizes) == len(self.groups)
        while True:
            # As many groups as rows are enough: none is empty.
            order = random.choice(len(sizes), min(2 * self.changed, len(sizes)), replace=False)
            dealt = np.cumsum(sizes[order]) - sizes[order] / 2
            sides = order[dealt <= self.changed], order[(dealt > self.changed) & (dealt <= 2 * self.changed)]
            lacking = [np.zeros(len(sizes), dtype=bool) for _ in sides]
            for mask, chosen in zip(lacking, sides, strict=True):
                mask[chosen] = True
            first, second = lacking if single else (mask[self.groups] for mask in lacking)
            yield first, second


def exchanged(samples: tuple[Sample, Sample], contents: tuple[Contents, Contents], seed: int) -> Moved | None:
    """The change of a figure between two versions; None where either has too few rows."""
    size = min(len(samples[0].values), len(samples[1].values), LARGEST)
    if size < SMALLEST:
        return None
    first_keys, second_keys = (contents[side].keys(samples[side], side) for side in (0, 1))
    keys, records = same_rows(first_keys, second_keys), (first_keys.record, second_keys.record)
    again = remeasured(samples, keys) if samples[0].relative else None
    count, shift = (again.count, again.shift) if again else (None, 0.0)
    pool = _pool(samples, keys, records, size)
    first, second = (sample.statistic for sample in samples)
    lacking = pool.observed()
    before, after = first(pool.without(lacking[0])), second(pool.without(lacking[1]))
    if not pool.changed:
        return Moved(before, before, (0.0, 0.0), pool.size, 0, None, count)
    change = after - before
    clear = max(0.0, abs(change) - shift)
    by_chance = _by_chance(pool, (first, second), clear, seed)
    reach = float(np.quantile(by_chance, 0.95)) + shift
    as_far = int((by_chance >= clear - 1e-12).sum())
    p = (1 + as_far) / (1 + len(by_chance))
    return Moved(before, after, (change - reach, change + reach), pool.size, pool.changed, p, count)


def _by_chance(
    pool: Pool, statistics: tuple[Callable[[Values], float], Callable[[Values], float]], change: float, seed: int
) -> NDArray[np.float64]:
    """How far shuffles move the figure, either way."""
    # Unseen pairs are missing among the repeats of every shuffle; the number of repeats varies like a count.
    scale = 1 / math.sqrt(1 - pool.unseen)
    shuffles = pool.shuffles(np.random.default_rng(seed))

    first, second = statistics

    def moved(count: int) -> NDArray[np.float64]:
        dealt = (next(shuffles) for _ in range(count))
        return np.array([abs(second(pool.without(after)) - first(pool.without(before))) for before, after in dealt])

    few = moved(SHUFFLES) * scale
    if (few >= change - 1e-12).sum() > HARDLY:
        return few
    return np.concatenate([few, moved(MORE_SHUFFLES - SHUFFLES) * scale])


def _pool(samples: tuple[Sample, Sample], keys: tuple[Keys, Keys], records: Sequence[Keys], size: int) -> Pool:
    values, said = _alike_numbered(samples)
    ids = [numbered(key ^ one) for key, one in zip(keys, said, strict=True)]
    order = [np.argsort(one) for one in ids]
    drawn, is_shared = at_equal_size(ids, order, size)
    while (changed := int((~is_shared[0]).sum())) > MOST_CHANGED:
        size = min(size * MOST_CHANGED // changed, size - 1)
        drawn, is_shared = at_equal_size(ids, order, size)
    shared = [rows[both] for rows, both in zip(drawn, is_shared, strict=True)]
    alone = [rows[~both] for rows, both in zip(drawn, is_shared, strict=True)]
    if samples[0].clusters:
        values = _merged(values, shared)
    groups = np.concatenate([records[0][shared[0]], records[0][alone[0]], records[1][alone[1]]])
    pooled = np.concatenate([values[0][shared[0]], values[0][alone[0]], values[1][alone[1]]])
    unseen = 2 * (len(alone[0]) / len(pooled)) ** 2 if samples[0].clusters else 0.0
    return Pool(pooled, np.unique(groups, return_inverse=True)[1].astype(np.int64), len(alone[0]), unseen)


def _alike_numbered(samples: tuple[Sample, Sample]) -> tuple[tuple[Values, Values], tuple[Keys, Keys]]:
    """Both versions' values under the same numbers, and (n,) keys that tell apart rows of one content whose values
    differ: a record under another label is another row. Clusters have no such: a text does not change by being
    repeated."""
    if samples[0].clusters:
        none = tuple(np.zeros(len(one.values), dtype=np.uint64) for one in samples)
        return (samples[0].values, samples[1].values), (none[0], none[1])
    if samples[0].names is None or samples[1].names is None:
        numbers = [one.values.astype(np.float64) + 0.0 for one in samples]
        said = [mixed(one.view(np.uint64) + STEP) for one in numbers]
        return (samples[0].values, samples[1].values), (said[0], said[1])
    _, codes = np.unique(np.concatenate([one.names for one in samples if one.names is not None]), return_inverse=True)
    own = codes[: len(samples[0].names)], codes[len(samples[0].names) :]
    values = [
        np.where(one.values < 0, -1, table[one.values] if len(table) else -1)
        for one, table in zip(samples, own, strict=True)
    ]
    said = [mixed(one.astype(np.int64).astype(np.uint64) + STEP) for one in values]
    return (values[0], values[1]), (said[0], said[1])


def _merged(values: tuple[Values, Values], shared: list[NDArray[np.int64]]) -> tuple[Values, Values]:
    """Clusters of both versions under one number where they have a row in common."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first = int(values[0].max()) + 1
    count = first + int(values[1].max()) + 1
    links = values[0][shared[0]], values[1][shared[1]] + first
    graph = coo_array((np.ones(len(shared[0]), dtype=np.int8), links), shape=(count, count))
    number = connected_components(graph, directed=False)[1].astype(np.int64)
    return number[values[0]], number[values[1] + first]
