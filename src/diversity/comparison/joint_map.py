"""One map of both versions: the places the reader knows where both have them in one frame, else a layout of its own."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diversity.comparison.meaning import MeaningRows
from diversity.embed import center
from diversity.projection.layout import project
from diversity.settings import MapSettings
from diversity.stored_report import StoredReport

POINTS = "semantic_map"
Frame = Literal["stored", "joint"]
# Two stored maps are one when most texts of both stand within a hundredth of the map's width of themselves: in two
# frames hardly any do, and in one those move a little whose neighbours changed.
SAME_SHARE, SAME_PLACE = 0.5, 0.01
FEWEST_SHARED = 20


def joint_map(
    of: str, rows: MeaningRows, before: StoredReport, after: StoredReport, settings: MapSettings, seed: int
) -> tuple[NDArray[np.float32], Frame] | None:
    """(n, 2) places of the rows, and where they are from; None with fewer texts than a map says anything about.

    A new version's map keeps the old one's places where it can (docs/decisions/0003): then both maps lie in one frame.
    """
    kept = _stored_places(of, rows, before, after)
    if kept is not None:
        return kept, "stored"
    distinct, row = np.unique(rows.units["key"].to_numpy(dtype=str), return_index=True)
    if len(distinct) < settings.minimum_points:
        return None
    # Each distinct text once, in an order that content gives.
    places = project(center(rows.vectors[row])[0], settings, seed)
    return places[np.searchsorted(distinct, rows.units["key"].to_numpy(dtype=str))], "joint"


def _stored_places(of: str, rows: MeaningRows, before: StoredReport, after: StoredReport) -> NDArray[np.float32] | None:
    if not (before.has_table(POINTS) and after.has_table(POINTS)):
        return None
    maps = [_places(one, of) for one in (before, after)]
    units = rows.units[["record_id", "turn"]].astype({"turn": "int64"})
    keys = pd.MultiIndex.from_frame(units)
    old, new = (found.reindex(keys).to_numpy(dtype=np.float32) for found in maps)
    of_before = (rows.units["side"] == "before").to_numpy()
    xy = np.where(of_before[:, None], old, new)
    if not np.isfinite(xy).all() or not _one_frame(maps[0], maps[1], rows):
        return None
    return xy


def _places(stored: StoredReport, of: str) -> pd.DataFrame:
    found = stored.query(f"select record_id, turn::bigint as turn, x, y from {POINTS} where field = ?", [of])
    return found.set_index(["record_id", "turn"])


def _one_frame(old: pd.DataFrame, new: pd.DataFrame, rows: MeaningRows) -> bool:
    """Whether texts that both versions have stand in the same places of both stored maps."""
    shared = rows.shared
    if len(shared) < FEWEST_SHARED:
        return False
    first, second = (
        found.reindex(pd.MultiIndex.from_arrays([shared[f"record_id_{side}"], shared[f"turn_{side}"]])).to_numpy()
        for found, side in ((old, "before"), (new, "after"))
    )
    width = float(np.ptp(new.to_numpy(), axis=0).max()) or 1.0
    return bool((np.linalg.norm(first - second, axis=1) <= SAME_PLACE * width).mean() >= SAME_SHARE)
