"""How far two versions' texts are apart in meaning: the domain classifier and the maximum mean discrepancy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diversity.comparison.domain import FOLDS, auc, certainty, domain_scores, whole_auc
from diversity.comparison.mmd import rbf_kernel, unbiased_mmd2
from diversity.comparison.sides import Sides, draw_sides, p_value
from diversity.store import StoredReport

TextField = Literal["prompt", "answer"]
# Changed texts a version, and shared ones: a kernel of 4,000 rows has 64 MB, and a shift of a tenth of a standard
# deviation still shows.
LARGEST = 2_000
# Fewer changed texts than two a fold teach a classifier nothing.
SMALLEST = 2 * FOLDS


@dataclass(frozen=True, slots=True)
class MeaningRows:
    """The texts of both versions at equal size with their vectors.

    `units` has record_id, turn, `side` (`before`, `after`, `both`), text key and whether it is in that version `only`
    (the other may have a text that it did not draw), one row a row of `vectors` (2k + s, d):
    `before`, `after`, then shared ones, of which a sample of at most LARGEST, in the later version's words. `shared`
    names those in both: record_id_before, turn_before, record_id_after, turn_after.
    """

    sides: Sides
    units: pd.DataFrame
    shared: pd.DataFrame
    vectors: NDArray[np.float32]

    @property
    def changed(self) -> int:
        return 2 * self.sides.changed


@dataclass(frozen=True, slots=True)
class MeaningDrift:
    """`auc` and `mmd2` between the whole versions, `changed_auc` between what only one of them has.

    `sure` (2k,) is how sure the classifier is of each changed text; None where there are too few to learn from.
    """

    auc: float
    changed_auc: float
    mmd2: float
    auc_p: float
    mmd_p: float
    sure: NDArray[np.float64]


def meaning_rows(
    of: TextField, before: tuple[StoredReport, pd.DataFrame], after: tuple[StoredReport, pd.DataFrame]
) -> MeaningRows | None:
    """Draws the texts and fetches their vectors; None without an embedder."""
    stored = [before[0], after[0]]
    units = [frame[frame[f"has_{of}"]].reset_index(drop=True) for _, frame in (before, after)]
    sides = draw_sides(units[0][f"{of}_key"], units[1][f"{of}_key"], LARGEST)
    parts = [
        (0, "before", units[0].iloc[sides.old]),
        (1, "after", units[1].iloc[sides.new]),
        (1, "both", units[1].iloc[sides.shared_new[:LARGEST]]),
    ]
    vectors = [stored[at].vectors_of(of, part["record_id"].tolist(), part["turn"].tolist()) for at, _, part in parts]
    present = [rows for rows in vectors if rows is not None]
    if len(present) < len(parts):
        return None
    wide = max(rows.shape[1] for rows in present)
    only: tuple[Any, ...] = (sides.only_old, sides.only_new, False)
    named = [
        part[["record_id", "turn"]].assign(side=side, key=part[f"{of}_key"], only=alone)
        for (_, side, part), alone in zip(parts, only, strict=True)
    ]
    return MeaningRows(
        sides,
        pd.concat(named, ignore_index=True),
        _shared(units, sides),
        np.concatenate([rows.reshape(-1, wide) for rows in present]),
    )


def _shared(units: list[pd.DataFrame], sides: Sides) -> pd.DataFrame:
    chosen = (units[0].iloc[sides.shared_old[:LARGEST]], units[1].iloc[sides.shared_new[:LARGEST]])
    sided = [
        part[["record_id", "turn"]].add_suffix(suffix).reset_index(drop=True)
        for part, suffix in zip(chosen, ("_before", "_after"), strict=True)
    ]
    return pd.concat(sided, axis=1)


def text_counts(of: TextField, rows: MeaningRows, units: tuple[pd.DataFrame, pd.DataFrame]) -> dict[str, Any]:
    """Different texts that only one version or both have: `texts` of the whole versions, `drawn` of `rows` alone.

    Texts of both that one draw lacks are in both all the same.
    """
    old, new = (set(frame.loc[frame[f"has_{of}"], f"{of}_key"]) for frame in units)
    sides = rows.units["side"].where(rows.units["only"].astype(bool), "both")
    drawn = rows.units["key"].groupby(sides).nunique()
    return {
        "texts": {"both": len(old & new), "before": len(old - new), "after": len(new - old)},
        "drawn": {side: int(drawn.get(side, 0)) for side in ("both", "before", "after")},
    }


def meaning_drift(rows: MeaningRows, pairs: pd.DataFrame, seed: int) -> MeaningDrift | None:
    """The drift of texts in meaning; None where fewer than SMALLEST texts changed, but not none at all.

    `pairs` has record_id_before and record_id_after of records that are one record in two states.
    """
    sides = rows.sides
    if sides.changed == 0:
        return MeaningDrift(0.5, 0.5, 0.0, 1.0, 1.0, np.empty(0))
    if sides.changed < SMALLEST:
        return None
    changed, shared = rows.vectors[: rows.changed], rows.vectors[rows.changed :]
    later = np.column_stack([sides.observed, sides.shuffles(seed)])
    scores = domain_scores(changed, shared, folds_of(rows.units, pairs, seed), later)
    areas = auc(scores.changed, later)
    apart = unbiased_mmd2(rbf_kernel(changed), later)
    share = sides.changed_share
    return MeaningDrift(
        auc=whole_auc(scores, sides.observed, share),
        changed_auc=float(areas[0]),
        # The mean embeddings of the whole versions differ by that of the changed texts, times their share.
        mmd2=float(apart[0]) * share**2,
        auc_p=p_value(areas[0], areas[1:]),
        mmd_p=p_value(apart[0], apart[1:]),
        sure=certainty(scores.changed[:, 0], sides.observed),
    )


def folds_of(units: pd.DataFrame, pairs: pd.DataFrame, seed: int) -> NDArray[np.int64]:
    """(n,) fold of each unit: equal texts and the two states of an edited record are never apart.

    A classifier that has seen "before" beside a text would otherwise call its mended twin "before", and fall below
    chance.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    texts = pd.factorize(units["key"])[0]
    new = pd.Series(pairs["record_id_before"].to_numpy(), index=pairs["record_id_after"].to_numpy())
    # Named by its earlier state where it has one; unpaired records of both versions may share an id by accident.
    own = units["record_id"].where(units["side"] == "before", units["record_id"].map(new[~new.index.duplicated()]))
    alone = units["side"].astype(str) + "\x1f" + units["record_id"].astype(str)
    records = pd.factorize(own.where(own.notna(), alone))[0]
    count = int(texts.max(initial=-1)) + 1
    places = (texts, records + count)
    total = count + int(records.max(initial=-1)) + 1
    joined = connected_components(coo_array((np.ones(len(units)), places), shape=(total, total)), directed=False)[1]
    one = np.unique(joined[texts], return_inverse=True)[1]
    dealt = np.random.default_rng(seed).permutation(int(one.max(initial=-1)) + 1) % FOLDS
    return np.asarray(dealt[one], dtype=np.int64)
