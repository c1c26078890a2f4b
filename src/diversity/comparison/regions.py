"""Regions of both versions' texts: which ones the later version gained, which it lost, and what they are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diversity.comparison.effect import ALPHA, holm
from diversity.comparison.meaning import MeaningRows
from diversity.projection.naming import distinctive_terms
from diversity.report import Frozen

# So many texts a region on average: half of them say something about a share, and forty regions fill a map.
TEXTS_PER_REGION = 50
FEWEST, MOST = 4, 40
NAMED_BY = 60
EXAMPLES = 5
Moved = Literal["gained", "lost", "same"]


class Example(Frozen):
    """A text by the record and turn it stands in, in the version that `side` names."""

    side: Literal["before", "after"]
    record_id: str
    turn: int


class Region(Frozen):
    """A region of the joint map: its shares of both versions at equal size, and whether chance explains the change.

    `name` are the words that set it apart. `p` is adjusted for the number of regions. `only_before` and `only_after`
    count the texts drawn there that the other version has nowhere: a share may rise with no new text, because others
    went. `examples` are texts of the side that has more of it, those nearest to the middle of what changed.
    """

    field: Literal["prompt", "answer"]
    region: int
    name: str
    x: float
    y: float
    before: float
    after: float
    p: float
    moved: Moved
    only_before: int = 0
    only_after: int = 0
    examples: list[Example]

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class _Counts:
    """Per region: texts that only one draw has, and those of both."""

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    both: NDArray[np.int64]


def find_regions(
    of: Literal["prompt", "answer"],
    rows: MeaningRows,
    xy: NDArray[np.float32],
    texts: Callable[[NDArray[np.int64]], list[str]],
    seed: int,
) -> tuple[list[Region], NDArray[np.int64]]:
    """The regions, what changed most first, and (n,) the region of each row.

    Regions are clusters of the texts' vectors (k-means), found without a look at the versions, so that a region is a
    subject and not an accident of the layout. In a region where nothing happened, a text that only one version has is
    as likely the earlier version's as the later one's: an exact sign test over distinct texts, adjusted over regions.
    """
    labels = _by_place(_clustered(rows.vectors, seed), xy)
    sides = rows.units["side"].to_numpy(dtype=str)
    count = int(labels.max(initial=-1)) + 1
    rowwise = _counts(labels, sides, count)
    sized = _shares(rowwise, rows)
    keys = rows.units["key"].to_numpy(dtype=str)
    p = holm(_sign_test(_counts(labels, sides, count, keys)))
    own_only = _counts(labels, np.where(rows.units["only"].astype(bool), sides, ""), count, keys)
    members = [np.flatnonzero(labels == region) for region in range(count)]
    names = distinctive_terms(_samples(members, texts))
    found = []
    for region, own in enumerate(members):
        before, after = float(sized[0][region]), float(sized[1][region])
        moved: Moved = "same" if p[region] > ALPHA else "gained" if after > before else "lost"
        x, y = np.median(xy[own], axis=0)
        found.append(
            Region(
                field=of,
                region=region,
                name=" · ".join(names[region]),
                x=float(x),
                y=float(y),
                before=before,
                after=after,
                p=p[region],
                moved=moved,
                only_before=int(own_only.before[region]),
                only_after=int(own_only.after[region]),
                examples=_examples(rows, own, "after" if after >= before else "before"),
            )
        )
    return sorted(found, key=lambda one: (one.moved == "same", -abs(one.change), one.region)), labels


def _clustered(vectors: NDArray[np.float32], seed: int) -> NDArray[np.int64]:
    from sklearn.cluster import KMeans

    count = min(max(len(vectors) // TEXTS_PER_REGION, FEWEST), MOST, len(vectors))
    return np.asarray(KMeans(count, n_init=1, random_state=seed).fit_predict(vectors), dtype=np.int64)


def _samples(members: list[NDArray[np.int64]], texts: Callable[[NDArray[np.int64]], list[str]]) -> list[list[str]]:
    """About NAMED_BY texts of each region, fetched at once."""
    chosen = [own[:: max(1, len(own) // NAMED_BY)] for own in members]
    fetched = texts(np.concatenate(chosen))
    ends = np.cumsum([len(own) for own in chosen]).tolist()
    return [fetched[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _by_place(labels: NDArray[np.int64], xy: NDArray[np.float32]) -> NDArray[np.int64]:
    """The same partition numbered from left to right on the map, without empty numbers."""
    used = np.unique(labels)
    left = np.argsort([float(np.median(xy[labels == label, 0])) for label in used], kind="stable")
    number = np.empty(int(used.max(initial=0)) + 1, dtype=np.int64)
    number[used[left]] = np.arange(len(used))
    return number[labels]


def _counts(
    labels: NDArray[np.int64], sides: NDArray[np.str_], count: int, keys: NDArray[np.str_] | None = None
) -> _Counts:
    """Rows by region and side; with `keys` each text once."""
    kept = np.arange(len(labels)) if keys is None else np.unique(np.char.add(sides, keys), return_index=True)[1]
    return _Counts(
        *(np.bincount(labels[kept][sides[kept] == side], minlength=count) for side in ("before", "after", "both"))
    )


def _shares(counts: _Counts, rows: MeaningRows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each region's share of both versions, the sample of shared texts weighed up to their number."""
    size, shared = rows.sides.size, len(rows.sides.shared_old)
    weight = shared / max(int(counts.both.sum()), 1)
    both = counts.both * weight
    return (counts.before + both) / max(size, 1), (counts.after + both) / max(size, 1)


def _sign_test(counts: _Counts) -> list[float]:
    from scipy.stats import binomtest

    pairs = zip(counts.after.tolist(), (counts.before + counts.after).tolist(), strict=True)
    return [float(binomtest(after, total).pvalue) if total else 1.0 for after, total in pairs]


def _examples(rows: MeaningRows, own: NDArray[np.int64], side: Literal["before", "after"]) -> list[Example]:
    """Texts that only the side has, distinct, nearest to their mean."""
    alone = (rows.units["side"].to_numpy(dtype=str) == side) & rows.units["only"].to_numpy(dtype=bool)
    chosen = own[alone[own]]
    if not len(chosen):
        return []
    near = rows.vectors[chosen] @ rows.vectors[chosen].mean(axis=0)
    best = rows.units.iloc[chosen[np.argsort(-near, kind="stable")]].drop_duplicates("key").head(EXAMPLES)
    return [
        Example(side=side, record_id=str(record), turn=int(turn))
        for record, turn in zip(best["record_id"], best["turn"], strict=True)
    ]
