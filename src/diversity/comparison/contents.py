"""What the rows of a stored report say, as numbers: rows of two versions that say the same are the same row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diversity.comparison.rows import record_contents, turn_contents
from diversity.hashing import STEP, mixed
from diversity.metrics.base import RECORD, ROW, Sample, Tables

Keys = NDArray[np.uint64]


class Contents:
    """The keys of one stored report's rows, read once and only when they are asked for."""

    def __init__(self, stored: Tables) -> None:
        self._stored = stored
        self._frames: dict[bool, pd.DataFrame] = {}

    def keys(self, sample: Sample, side: int) -> tuple[Keys, Keys]:
        """(n,) a key of each row's content, and (n,) one of its record's.

        Rows whose content nobody knows are all different, from those of the other side too.
        """
        count = len(sample.values)
        if sample.rows is None:
            alone = mixed((np.arange(count, dtype=np.uint64) * np.uint64(2) + np.uint64(side + 1)) * STEP)
            return alone, alone
        by_turn = "turn" in sample.rows.columns
        found = sample.rows.merge(self._frame(by_turn), how="left", on=ROW if by_turn else RECORD)
        key = f"{sample.of}_key" if by_turn else "record_key"
        return found[key].to_numpy(dtype=np.uint64), found["record_key"].to_numpy(dtype=np.uint64)

    def _frame(self, by_turn: bool) -> pd.DataFrame:
        if by_turn not in self._frames:
            frame = turn_contents(self._stored) if by_turn else record_contents(self._stored)
            for name in [column for column in frame.columns if column.endswith("_key")]:
                frame[name] = hashed(frame[name])
            if by_turn:
                frame["pair_key"] = mixed(frame["prompt_key"].to_numpy() + STEP * frame["answer_key"].to_numpy())
            self._frames[by_turn] = frame
        return self._frames[by_turn]


def hashed(values: Any) -> Keys:
    """(n,) 64-bit hashes of texts, the same on every machine."""
    return np.asarray(pd.util.hash_array(np.asarray(values, dtype=object), categorize=False), dtype=np.uint64)
