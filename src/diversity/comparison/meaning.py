"""How far two versions' texts are apart in meaning: the domain classifier and the maximum mean discrepancy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diversity.comparison.domain import FOLDS, auc, certainty, domain_scores, whole_auc
from diversity.comparison.mmd import rbf_kernel, unbiased_mmd2
from diversity.comparison.nearness import nearness_scores
from diversity.comparison.sides import Sides, draw_sides, p_value
from diversity.stored_report import StoredReport

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
    """`auc` of the domain classifier, `nearness_auc` of MMD's witness and `mmd2` between the whole versions.

    `changed_auc` is between what only one of them has and `sure` (2k,) how sure it is of each changed text, both by
    whichever of the two classifiers tells the versions apart better.
    """

    auc: float
    nearness_auc: float
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
    """The drift of texts in meaning; None where too few texts changed to learn from, but not none at all.

    `pairs` has record_id_before and record_id_after of records that are one record in two states.
    """
    sides = rows.sides
    if sides.changed == 0:
        return MeaningDrift(0.5, 0.5, 0.5, 0.0, 1.0, 1.0, np.empty(0))
    folds = folds_of(rows.units, pairs, sides.groups, seed) if sides.changed >= SMALLEST else None
    if folds is None:
        return None
    changed, shared = rows.vectors[: rows.changed], rows.vectors[rows.changed :]
    later = np.column_stack([sides.observed, sides.shuffles(seed)])
    line = domain_scores(changed, shared, folds, later)
    near = nearness_scores(changed, shared, folds, sides.observed)
    areas = auc(line.changed, later)
    apart = unbiased_mmd2(rbf_kernel(changed), later)
    share = sides.changed_share
    whole = [whole_auc(scores, sides.observed, share) for scores in (line, near)]
    better = (near if whole[1] > whole[0] else line).changed[:, 0]
    return MeaningDrift(
        auc=whole[0],
        nearness_auc=whole[1],
        changed_auc=float(auc(better[:, None], later[:, :1])[0]),
        # The mean embeddings of the whole versions differ by that of the changed texts, times their share.
        mmd2=float(apart[0]) * share**2,
        auc_p=p_value(areas[0], areas[1:]),
        mmd_p=p_value(apart[0], apart[1:]),
        sure=certainty(better, sides.observed),
    )


def folds_of(
    units: pd.DataFrame, pairs: pd.DataFrame, groups: NDArray[np.int64], seed: int
) -> NDArray[np.int64] | None:
    """(n,) fold of each unit; None where the changed ones leave a fold empty.

    Equal texts and the two states of an edited record are in one fold: a classifier that has seen "before" beside a
    text would otherwise call its mended twin "before", and fall below chance. Not so the copies of a text in several of
    `groups` (2k,): there are more of it on one side than chance would put there, which the classifier is to learn, and
    joined with all their earlier states they would leave no text to learn from.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    changed = units.iloc[: len(groups)]
    texts = pd.factorize(_texts(changed, groups))[0]
    records = pd.factorize(_records(units, pairs))[0]
    places = (texts, records[: len(changed)] + len(units))
    joined = connected_components(
        coo_array((np.ones(len(changed)), places), shape=(2 * len(units),) * 2), directed=False
    )[1]
    one = np.unique(joined[texts], return_inverse=True)[1]
    count = int(one.max(initial=-1)) + 1
    if count < FOLDS:
        return None
    chance = np.random.default_rng(seed)
    dealt = chance.permutation(count) % FOLDS
    own = np.asarray(dealt[one], dtype=np.int64)
    return np.concatenate([own, _of_shared(units, records, own, chance)])


def _texts(changed: pd.DataFrame, groups: NDArray[np.int64]) -> pd.Series[str]:
    """What stays together as one text: its key, or the unit alone where the text's copies are in several groups."""
    blocks = pd.Series(groups, index=changed.index).groupby([changed["key"], changed["side"]]).transform("nunique")
    alone = "\x1f" + pd.Series(np.arange(len(changed)), index=changed.index).astype(str)
    return changed["key"].astype(str).where(blocks == 1, alone)


def _records(units: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series[str]:
    """The record of each unit, named by its earlier state where it has one."""
    new = pd.Series(pairs["record_id_before"].to_numpy(), index=pairs["record_id_after"].to_numpy())
    own = units["record_id"].where(units["side"] == "before", units["record_id"].map(new[~new.index.duplicated()]))
    # Unpaired records of both versions may share an id by accident.
    alone = units["side"].astype(str) + "\x1f" + units["record_id"].astype(str)
    return own.where(own.notna(), alone)


def _of_shared(
    units: pd.DataFrame, records: NDArray[np.int64], own: NDArray[np.int64], chance: np.random.Generator
) -> NDArray[np.int64]:
    """(s,) folds of texts that both versions have: no classifier learns from them, so that they join nothing, and go
    where a changed copy or another state of their record is."""
    known = [
        pd.Series(own, index=names[: len(own)]).groupby(level=0).first() for names in (units["key"].to_numpy(), records)
    ]
    of_text, of_record = (
        pd.Series(names[len(own) :]).map(folds)
        for names, folds in zip((units["key"].to_numpy(), records), known, strict=True)
    )
    free = pd.Series(chance.integers(FOLDS, size=len(units) - len(own)), dtype=np.float64)
    return of_text.fillna(of_record).fillna(free).to_numpy(dtype=np.int64)
