from __future__ import annotations

import numpy as np

from diversity.features.text_parts import both_ends, length_steps


def test_very_long_texts_are_read_at_both_ends() -> None:
    assert both_ends("aabbbcc", 2) == "aa cc"
    assert both_ends("aacc", 2) == "aacc"


def test_lengths_in_quarters_of_a_doubling_with_their_neighbours() -> None:
    ids, owner = length_steps(np.array([1, 16, 0]))
    assert ids.tolist() == [1, 2, 3, 17, 18, 19, 1, 2, 3]
    assert owner.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
