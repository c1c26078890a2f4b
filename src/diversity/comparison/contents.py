"""What the rows of a stored report say, as numbers: rows of two versions that say the same are the same row."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from diversity.comparison.rows import record_contents, turn_contents
from diversity.hashing import STEP, mixed
from diversity.metrics.base import RECORD, ROW, Sample, Tables

Keys = NDArray[np.uint64]


class Keyed(NamedTuple):
    """Keys (n,) of rows: of what their turn says (prompt and answer), of the text that the figure looks at, of that
    text under the name of its turn, and of all that their record says."""

    turn: Keys
    text: Keys
    named: Keys
    record: Keys


class Contents:
    """The keys of one stored report's rows, read once and only when they are asked for."""

    def __init__(self, stored: Tables) -> None:
        self._stored = stored
        self._frames: dict[bool, pd.DataFrame] = {}

    def keys(self, sample: Sample, side: int) -> Keyed:
        """Rows whose content nobody knows are all different, from those of the other side too."""
        count = len(sample.values)
        if sample.rows is None:
            alone = mixed((np.arange(count, dtype=np.uint64) * np.uint64(2) + np.uint64(side + 1)) * STEP)
            return Keyed(alone, alone, alone, alone)
        by_turn = "turn" in sample.rows.columns
        found = sample.rows.merge(self._frame(by_turn), how="left", on=ROW if by_turn else RECORD)
        record = found["record_key"].to_numpy(dtype=np.uint64)
        if not by_turn:
            return Keyed(record, record, record, record)
        text = found[f"{sample.of}_key"].to_numpy(dtype=np.uint64)
        named = mixed(text + STEP * (hashed(found["record_id"]) + found["turn"].to_numpy(dtype=np.uint64)))
        return Keyed(found["pair_key"].to_numpy(dtype=np.uint64), text, named, record)

    def _frame(self, by_turn: bool) -> pd.DataFrame:
        if by_turn not in self._frames:
            frame = turn_contents(self._stored) if by_turn else record_contents(self._stored)
            for name in [column for column in frame.columns if column.endswith("_key")]:
                frame[name] = hashed(frame[name])
            if by_turn:
                frame["pair_key"] = mixed(frame["prompt_key"].to_numpy() + STEP * frame["answer_key"].to_numpy())
            self._frames[by_turn] = frame
        return self._frames[by_turn]


def same_rows(first: Keyed, second: Keyed) -> tuple[Keys, Keys]:
    """Keys under which rows of two versions are one and the same.

    Two turns that say the same are. One text in two turns is not: of a thousand answers "Yes." in one version and a
    thousand in the other none is the other's, and would they cancel, chance would seem small (docs/decisions/0005).
    But a text that stands once in either, under one name, is that of a turn whose other half was edited.
    """
    keyed = (first, second)
    once = [~pd.Series(one.text).duplicated(keep=False).to_numpy() for one in keyed]
    linked = np.intersect1d(first.named[once[0]], second.named[once[1]])
    keys = [
        np.where(single & np.isin(one.named, linked), one.named, one.turn)
        for one, single in zip(keyed, once, strict=True)
    ]
    return keys[0], keys[1]


def hashed(values: Any) -> Keys:
    """(n,) 64-bit hashes of texts, the same on every machine."""
    return np.asarray(pd.util.hash_array(np.asarray(values, dtype=object), categorize=False), dtype=np.uint64)
