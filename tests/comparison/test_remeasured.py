from __future__ import annotations

import numpy as np

from diversity.comparison.remeasured import Remeasured, remeasured
from diversity.metrics.base import Sample


def sample(*values: float) -> Sample:
    return Sample(np.array(values), lambda numbers: float(numbers.mean()), relative=True)


def keys(*names: int) -> np.ndarray:
    return np.array(names, dtype=np.uint64)


def test_by_hand() -> None:
    """Of 1, 2, 3 in both versions 2 has another value; what was edited or added has no say."""
    found = remeasured((sample(1, 0, 1, 0), sample(0, 1, 0, 1)), (keys(1, 2, 3, 4), keys(9, 1, 3, 2)))
    assert found == Remeasured(2, 0.0)
    found = remeasured((sample(1, 1, 1), sample(1, 0, 1, 0)), (keys(1, 2, 3), keys(1, 2, 3, 4)))
    assert found == Remeasured(1, 0.25)


def test_nothing_shared_or_nothing_otherwise() -> None:
    assert remeasured((sample(1, 0), sample(0, 1)), (keys(1, 2), keys(3, 4))) == Remeasured(0, 0.0)
    assert remeasured((sample(1, 0), sample(0, 1)), (keys(1, 2), keys(2, 1))) == Remeasured(0, 0.0)


def test_the_second_copy_of_a_record_is_held_against_the_second_copy() -> None:
    assert remeasured((sample(1, 0), sample(1, 0)), (keys(5, 5), keys(5, 5))) == Remeasured(0, 0.0)
