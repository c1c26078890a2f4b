"""Drift: how far two versions are apart in labels, languages, lengths and meaning, ranked, with the records behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from diversity.comparison.classes import class_drift
from diversity.comparison.effect import Size, effect_of_auc, effect_of_gap, holm, size_of
from diversity.comparison.joint_map import Frame, joint_map
from diversity.comparison.lengths import length_drift
from diversity.comparison.meaning import MeaningDrift, MeaningRows, TextField, meaning_drift, meaning_rows, text_counts
from diversity.comparison.regions import Region, find_regions
from diversity.comparison.rows import CLASS, class_tables, classes_of, units_of
from diversity.comparison.ruler import Unlike
from diversity.comparison.sides import Sides, draw_sides
from diversity.progress import Progress, silent
from diversity.report import Frozen
from diversity.sampled import texts_of_units
from diversity.settings import MapSettings
from diversity.stored_report import StoredReport

Kind = Literal["classes", "lengths", "meaning"]
FIELDS: tuple[TextField, ...] = ("prompt", "answer")
# Changed rows a version for the cheap figures: a share of 2,000 is known to within two percentage points.
LARGEST = 2_000
# More different names than this are identifiers, not classes.
MOST_CLASSES = 200
# What the reports hold as they found it, with no setting to it.
DETECTED = ("prompt_language", "answer_language")
# Told from chance comes first, then what may be something, then nothing.
LAST: dict[Size | None, int] = {"unclear": 1, "none": 2, None: 3}
RECORDS_COLUMNS = ["field", "side", "only", "record_id", "turn", "x", "y", "region", "sure"]


class DriftFigure(Frozen):
    """One figure of a drift. `p` is the chance of a value at least as far off if what changed were a random pick."""

    name: str
    value: float
    p: float | None = None


class Drift(Frozen):
    """How far two versions are apart in one respect, at equal size.

    `of` names the respect: task_type_1, task_type_2, turn_count, prompt_language, answer_language, prompt_length,
    answer_length, prompt_meaning, answer_meaning, or a table's name with `table.` before it. `sample_size` rows were
    drawn from each version, by `changed` of them the draws differ; `only_before` and `only_after` of these are rows
    that the other version has nowhere. `effect` is the distance in standard deviations (0.2 small, 0.5 medium, 0.8
    large), `size` that in words; where chance would do as much `none`, or `unclear` of what is not small: `p`, the
    smallest of the figures' times their number, is adjusted over all respects in `p_adjusted`. `info` says what moved,
    and of texts how many there are (see `text_counts`). Without a figure `reason` says why.
    """

    of: str
    kind: Kind
    status: Literal["ok", "not_applicable"] = "ok"
    reason: str | None = None
    figures: list[DriftFigure] = Field(default_factory=list)
    effect: float | None = None
    size: Size | None = None
    p: float | None = None
    p_adjusted: float | None = None
    sample_size: int | None = None
    changed: int | None = None
    only_before: int | None = None
    only_after: int | None = None
    info: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class DriftFound:
    """All drifts, the largest first; the regions; `records`: a row a drawn text (RECORDS_COLUMNS): the version it was
    drawn from and whether it is in that one only, its place on the joint map, its region, and how sure the domain
    classifier is of a text that only one draw has (NaN for others)."""

    drifts: list[Drift]
    regions: list[Region]
    frames: dict[str, Frame]
    records: pd.DataFrame


def find_drift(
    before: StoredReport, after: StoredReport, diff: pd.DataFrame, why: Unlike | None, progress: Progress = silent
) -> DriftFound:
    """Measures every respect in which the two versions can be held against each other.

    `diff` is the table of `diff_records`; `why` says why the two were not measured alike (see `unlike`), or nothing.
    """
    seed = int(after.report.settings["seed"])
    units = (units_of(before), units_of(after))
    progress("drift", 0, None)
    drifts = [
        *_label_drifts(units, why, seed),
        *_length_drifts((before, after), units, why, seed),
        *_table_drifts(before, after, why, seed),
    ]
    regions: list[Region] = []
    frames: dict[str, Frame] = {}
    records: list[pd.DataFrame] = []
    for place, of in enumerate(FIELDS):
        progress("joint_map", place, len(FIELDS))
        rows, drift, reason = _meaning(of, (before, units[0]), (after, units[1]), diff, seed)
        counts = text_counts(of, rows, units) if rows is not None else {}
        drifts.append(_meaning_drift(of, rows, drift, reason).model_copy(update={"info": counts}))
        if rows is not None:
            found, frame, table = _mapped(of, rows, drift, before, after, seed)
            regions += found
            records.append(table)
            frames |= {of: frame} if frame else {}
    progress("joint_map", len(FIELDS), len(FIELDS))
    every = pd.concat(records, ignore_index=True) if records else pd.DataFrame(columns=RECORDS_COLUMNS)
    return DriftFound(_ranked(drifts), regions, frames, every)


def _same(before: StoredReport, after: StoredReport, *names: str) -> bool:
    old, new = before.report.settings, after.report.settings
    return all(old.get(name) == new.get(name) for name in names)


def _label_drifts(units: tuple[pd.DataFrame, pd.DataFrame], why: Unlike | None, seed: int) -> Iterator[Drift]:
    for of, key, missing in (
        ("task_type_1", "content_key", "no_labels"),
        ("task_type_2", "content_key", "no_labels"),
        ("turn_count", "content_key", "no_texts"),
        ("prompt_language", "prompt_key", "no_texts"),
        ("answer_language", "answer_key", "no_texts"),
    ):
        if why == "measured_differently" and of in DETECTED:
            yield Drift(of=of, kind="classes", status="not_applicable", reason=why)
            continue
        named = [frame.loc[frame[of].notna(), [of, key]] for frame in units]
        yield _classes(of, [frame[of].astype(str) for frame in named], [frame[key] for frame in named], missing, seed)


def _table_drifts(before: StoredReport, after: StoredReport, why: Unlike | None, seed: int) -> Iterator[Drift]:
    """Whatever other classes the reports put their records into."""
    for table in sorted({*class_tables(before)} & {*class_tables(after)}):
        if why is not None:
            yield Drift(of=f"table.{table}", kind="classes", status="not_applicable", reason=why)
            continue
        rows = [classes_of(one, table) for one in (before, after)]
        keys = [frame["content_key"] + frame["turn"].astype(str) for frame in rows]
        names = [frame[CLASS].astype(str) for frame in rows]
        # All in one class, such as "no system" where neither version has any: nothing there could have drifted.
        if 1 < pd.concat(names).nunique() <= MOST_CLASSES:
            together = (rows[0]["content_key"], rows[1]["content_key"])
            yield _classes(f"table.{table}", names, keys, "no_texts", seed, together)


def _classes(
    of: str,
    names: list[pd.Series[str]],
    keys: list[pd.Series[str]],
    missing: str,
    seed: int,
    together: tuple[pd.Series[str], ...] = (),
) -> Drift:
    if names[0].empty or names[1].empty:
        return Drift(of=of, kind="classes", status="not_applicable", reason=missing)
    identity = [key.astype(str) + "\x1f" + name for key, name in zip(keys, names, strict=True)]
    sides = draw_sides(identity[0], identity[1], LARGEST, together)
    found = class_drift(names[0], names[1], sides, seed)
    return Drift(
        of=of,
        kind="classes",
        figures=[
            DriftFigure(name="js_divergence", value=found.divergence, p=found.p),
            DriftFigure(name="js_distance", value=found.divergence**0.5),
            DriftFigure(name="total_variation", value=found.variation),
        ],
        effect=effect_of_gap(found.variation),
        p=found.p,
        **_drawn(sides),
        info={"moved": [list(one) for one in found.moved], "classes": int(pd.concat(names).nunique())},
    )


def _length_drifts(
    stored: tuple[StoredReport, StoredReport],
    units: tuple[pd.DataFrame, pd.DataFrame],
    why: Unlike | None,
    seed: int,
) -> Iterator[Drift]:
    same_tokenizer = _same(*stored, "tokenizer") and why != "measured_differently"
    for field in FIELDS:
        of = f"{field}_length"
        known = [frame[frame[f"{field}_tokens"].notna()] for frame in units]
        if not same_tokenizer or known[0].empty or known[1].empty:
            reason = "no_texts" if same_tokenizer else why or "settings_differ"
            yield Drift(of=of, kind="lengths", status="not_applicable", reason=reason)
            continue
        sides = draw_sides(known[0][f"{field}_key"], known[1][f"{field}_key"], LARGEST)
        old, new = (frame[f"{field}_tokens"].to_numpy(dtype=np.float64) for frame in known)
        found = length_drift(old, new, sides, seed)
        yield Drift(
            of=of,
            kind="lengths",
            figures=[
                DriftFigure(name="ks", value=found.ks, p=found.ks_p),
                DriftFigure(name="wasserstein_doublings", value=found.doublings, p=found.doublings_p),
                DriftFigure(name="wasserstein_tokens", value=found.tokens),
            ],
            effect=effect_of_gap(found.ks),
            p=_either(found.ks_p, found.doublings_p),
            **_drawn(sides),
            info={
                f"median_{side}": _median(one, f"{field}_length")
                for side, one in zip(("before", "after"), stored, strict=True)
            },
        )


def _median(stored: StoredReport, metric: str) -> float | None:
    """Over all turns of the version, as other pages show it."""
    result = stored.report.result(metric)
    return float(result.info["quantiles"]["p50"]) if result is not None and result.status == "ok" else None


def _meaning(
    of: TextField,
    before: tuple[StoredReport, pd.DataFrame],
    after: tuple[StoredReport, pd.DataFrame],
    diff: pd.DataFrame,
    seed: int,
) -> tuple[MeaningRows | None, MeaningDrift | None, str | None]:
    """The rows, their drift, and why either is missing."""
    if not _same(before[0], after[0], "embedder", "embedder_prefix"):
        return None, None, "settings_differ"
    rows = meaning_rows(of, before, after)
    if rows is None:
        return None, None, "no_embedder"
    if rows.sides.size == 0:
        return None, None, "no_texts"
    pairs = diff.loc[diff["record_id_before"].notna() & diff["record_id_after"].notna()]
    drift = meaning_drift(rows, pairs, seed)
    return rows, drift, None if drift else "few_changed"


def _meaning_drift(of: TextField, rows: MeaningRows | None, drift: MeaningDrift | None, reason: str | None) -> Drift:
    drawn = _drawn(rows.sides) if rows is not None else {}
    if drift is None:
        return Drift(of=f"{of}_meaning", kind="meaning", status="not_applicable", reason=reason, **drawn)
    return Drift(
        of=f"{of}_meaning",
        kind="meaning",
        figures=[
            DriftFigure(name="auc", value=drift.auc, p=drift.auc_p),
            DriftFigure(name="nearness_auc", value=drift.nearness_auc),
            DriftFigure(name="mmd2", value=drift.mmd2, p=drift.mmd_p),
            DriftFigure(name="changed_auc", value=drift.changed_auc),
        ],
        # Each sees what the other does not: a line the shift of a few, nearness that texts drew together.
        effect=effect_of_auc(max(drift.auc, drift.nearness_auc)),
        p=_either(drift.auc_p, drift.mmd_p),
        **drawn,
    )


def _drawn(sides: Sides) -> dict[str, Any]:
    return {
        "sample_size": sides.size,
        "changed": sides.changed,
        "only_before": int(sides.only_old.sum()),
        "only_after": int(sides.only_new.sum()),
    }


def _mapped(
    of: TextField, rows: MeaningRows, drift: MeaningDrift | None, before: StoredReport, after: StoredReport, seed: int
) -> tuple[list[Region], Frame | None, pd.DataFrame]:
    """Regions, frame of the map and table of records; neither of the first two where there are too few texts."""
    sure = np.full(len(rows.units), np.nan)
    if drift is not None:
        sure[: len(drift.sure)] = drift.sure
    table = rows.units.drop(columns="key").assign(field=of, x=np.nan, y=np.nan, region=-1, sure=sure)
    settings = MapSettings.model_validate(after.report.settings.get("semantic_map", {}))
    laid = joint_map(of, rows, before, after, settings, seed)
    if laid is None:
        return [], None, table[RECORDS_COLUMNS]
    xy, frame = laid

    def texts(chosen: NDArray[np.int64]) -> list[str]:
        units = rows.units.iloc[chosen]
        found = np.empty(len(units), dtype=object)
        of_before = (units["side"] == "before").to_numpy()
        for stored, own in ((before, of_before), (after, ~of_before)):
            found[own] = texts_of_units(stored, of, units["record_id"][own].tolist(), units["turn"][own].tolist())
        named: list[str] = found.tolist()
        return named

    regions, labels = find_regions(of, rows, xy, texts, seed)
    return regions, frame, table.assign(x=xy[:, 0], y=xy[:, 1], region=labels)[RECORDS_COLUMNS]


def _either(*values: float) -> float:
    """One p-value for several questions about the same thing (Bonferroni)."""
    return min(1.0, len(values) * min(values))


def _ranked(drifts: list[Drift]) -> list[Drift]:
    """Adjusted over all respects, told from chance first, the largest first."""
    asked = [drift for drift in drifts if _can_differ(drift)]
    adjusted = dict(zip((drift.of for drift in asked), holm([drift.p or 0.0 for drift in asked]), strict=True))
    judged = []
    for drift in drifts:
        p = adjusted.get(drift.of, drift.p)
        judged.append(drift.model_copy(update={"p_adjusted": p, "size": size_of(drift.effect, p)}))
    return sorted(judged, key=lambda one: (LAST.get(one.size, 0), -(one.effect or 0.0), one.of))


def _can_differ(drift: Drift) -> bool:
    """Whether any shuffle could differ from another: a question whose answer is known costs the others nothing."""
    return drift.p is not None and bool(drift.changed) and drift.info.get("classes") != 1
