"""Vectors and texts of a stored report, for figures that compare two versions at equal size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from diversity.embed import Embedder, embed_texts, open_embedder
from diversity.report import Report

if TYPE_CHECKING:
    import pandas as pd

_OF_UNITS = """
    with wanted as (select unnest(?) as record_id, unnest(?) as turn, unnest(?) as place)
    select turns[turn + 1].{part} as text from wanted join records using (record_id) order by place
"""
_PARTS = {"prompt": "query", "answer": "answer"}


class Stored(Protocol):
    """A stored report as far as it is needed here."""

    @property
    def report(self) -> Report: ...

    @property
    def cache(self) -> Path: ...

    def query(self, sql: str, params: list[Any] | None = None) -> pd.DataFrame: ...


def vectors_of_units(
    stored: Stored, of: Literal["prompt", "answer"], record_ids: Sequence[str], turns: Sequence[int]
) -> NDArray[np.float32] | None:
    """(n, d) unit vectors, not centred, of the named units' texts in their order; None without an embedder."""
    embedder = _embedder(stored)
    if embedder is None:
        return None
    return embed_texts(texts_of_units(stored, of, record_ids, turns), embedder, stored.cache / "embeddings").rows()


def texts_of_units(
    stored: Stored, of: Literal["prompt", "answer"], record_ids: Sequence[str], turns: Sequence[int]
) -> list[str]:
    """The named units' texts in their order."""
    if not record_ids:
        return []
    named = [list(record_ids), [int(turn) for turn in turns], list(range(len(record_ids)))]
    texts: list[str] = stored.query(_OF_UNITS.format(part=_PARTS[of]), named)["text"].tolist()
    return texts


def _embedder(stored: Stored) -> Embedder | None:
    settings = stored.report.settings
    return open_embedder(
        settings["embedder"], device=settings.get("device"), prefix=settings.get("embedder_prefix", "")
    )
