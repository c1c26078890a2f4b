"""Vectors of a stored report's texts, for figures that compare two versions at equal size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diversity.embed import embed_texts, open_embedder

if TYPE_CHECKING:
    from diversity.store import StoredReport

# Drawn by a hash of content, so that two versions draw the records they share alike and no order matters.
_SAMPLED = """
    with drawn as (
        select content_hash, turns from records where turn_count > 0 order by md5(content_hash), record_id limit ?
    )
    select text from (select unnest(list_transform(turns, turn -> turn.{part})) as text from drawn)
    where trim(text) <> '' limit ?
"""
_PARTS = {"prompt": "query", "answer": "answer"}


def sampled_vectors(stored: StoredReport, of: Literal["prompt", "answer"], most: int) -> NDArray[np.float32] | None:
    """(n, d) unit vectors, not centred, of at most `most` texts of a field, one a unit, drawn by content.

    None for a report that was made without an embedder. They come from the store's cache; a text that is not there any
    more is embedded again.
    """
    settings = stored.report.settings
    embedder = open_embedder(
        settings["embedder"], device=settings.get("device"), prefix=settings.get("embedder_prefix", "")
    )
    if embedder is None:
        return None
    texts = stored.query(_SAMPLED.format(part=_PARTS[of]), [most, most])["text"].tolist()
    return embed_texts(texts, embedder, stored.cache / "embeddings").rows()
