from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from diversity.embed.pieces import REACH, pieces_of


def test_by_hand() -> None:
    assert pieces_of(np.array([3, 10]), 10) is None
    assert pieces_of(np.array([], np.int64), 10) is None
    cut = pieces_of(np.array([3, 25]), 10)
    assert cut is not None
    assert cut.lengths.tolist() == [3, 10 + REACH, 10 + 2 * REACH, 5 + REACH]
    assert cut.first.tolist() == [0, 1]
    assert cut.token.tolist() == [0, 1, 2, *range(3, 17), *range(9, 27), *range(19, 28)]
    assert (~cut.counted).sum() == 4 * REACH


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.integers(1, 20))
def test_every_token_counts_once_and_stays_in_its_text(lengths: list[int], most: int) -> None:
    cut = pieces_of(np.array(lengths), most)
    if cut is None:
        assert max(lengths) <= most
        return
    assert sorted(cut.token[cut.counted].tolist()) == list(range(sum(lengths)))
    assert len(cut.first) == len(lengths)
    assert cut.lengths.max() <= most + 2 * REACH
    ends = np.cumsum(lengths)
    text_of_piece = np.searchsorted(cut.first, np.arange(len(cut.lengths)), "right") - 1
    owner = np.repeat(text_of_piece, cut.lengths)
    assert (cut.token >= (ends - lengths)[owner]).all()
    assert (cut.token < ends[owner]).all()
