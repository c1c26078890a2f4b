"""Long texts in pieces: what a token comes to depends on few tokens beside it, and a text's vector on a sum over them,
so a piece with those few before and after it adds exactly what it adds within its text. Memory is that of a piece.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diversity.embed.universal_weights import GAP

Ints = NDArray[np.int64]
# Two layers, each of which looks as far as the gap between texts is wide.
REACH = 2 * GAP


class Pieces(NamedTuple):
    """`token` (t,) the tokens of all pieces, one piece after the other; `counted` (t,) whether a token counts in this
    piece or is there for its neighbours' sake; `lengths` (p,) tokens of each piece; `first` (texts,) the first piece of
    each text."""

    token: Ints
    counted: NDArray[np.bool_]
    lengths: Ints
    first: Ints


def pieces_of(lengths: Ints, most: int) -> Pieces | None:
    """Texts of `lengths` tokens, end to end, in pieces of which at most `most` tokens count; None where no text is
    longer than that. Every text has a piece, an empty one too."""
    if not len(lengths) or lengths.max() <= most:
        return None
    number = np.maximum(1, -(-lengths // most))
    ends = np.cumsum(lengths)
    first = np.cumsum(number) - number
    text = np.repeat(np.arange(len(lengths)), number)
    place = np.arange(len(text)) - first[text]
    start = (ends - lengths)[text] + place * most
    stop = np.minimum(start + most, ends[text])
    low, high = np.maximum(start - REACH, (ends - lengths)[text]), np.minimum(stop + REACH, ends[text])
    piece = np.repeat(np.arange(len(text)), high - low)
    index = np.arange(len(piece)) - (np.cumsum(high - low) - (high - low))[piece] + low[piece]
    counted = (index >= start[piece]) & (index < stop[piece])
    return Pieces(index, counted, high - low, first)
