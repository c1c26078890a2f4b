"""Splitmix64 (Steele, Lea and Flood 2014): 64-bit numbers spread over all 64 bits, the same on every machine.

What is kept on disk or decides an order rests on these bits: a change here draws other samples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The golden ratio in 64 bits: counters times this lie far apart before they are mixed.
STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser, number by number; no two numbers give the same one."""
    values = (values ^ (values >> np.uint64(30))) * _FIRST
    values = (values ^ (values >> np.uint64(27))) * _SECOND
    return values ^ (values >> np.uint64(31))
