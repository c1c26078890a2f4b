from __future__ import annotations

import numpy as np

from diversity.hashing import STEP, mixed


def test_the_first_numbers_of_the_reference_generator() -> None:
    # Splitmix64 seeded with 1234567, as its authors' code gives it.
    known = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    assert mixed(np.uint64(1234567) + STEP * np.arange(1, 6, dtype=np.uint64)).tolist() == known


def test_no_two_numbers_meet_and_the_bits_are_spread() -> None:
    values = mixed(np.arange(100_000, dtype=np.uint64))
    assert len(np.unique(values)) == 100_000
    ones = ((values[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).mean(axis=0)
    assert np.abs(ones - 0.5).max() < 0.01
