from __future__ import annotations

import math

import numpy as np
import pytest

from diversity.features.shortcut_share import gain, interval, ratio, share_told

LABELS = np.array([0, 0, 0, 0, 1, 1])
PART = np.array([1, 1, 1, 0, 1, 0], bool)  # recalls 3/4 and 1/2: 0.625
WHOLE = np.array([1, 1, 1, 1, 1, 0], bool)  # recalls 1 and 1/2: 0.75
CHANCE = np.array([1, 1, 1, 1, 0, 0], bool)


def test_the_share_by_hand() -> None:
    assert gain(PART, LABELS) == pytest.approx(0.125)
    assert share_told(PART, WHOLE, LABELS) == pytest.approx(0.5)
    assert share_told(CHANCE, WHOLE, LABELS) == 0.0
    assert share_told(PART, CHANCE, LABELS) == 0.0


def test_the_interval_lies_around_the_share() -> None:
    labels, part, whole = (np.tile(some, 50) for some in (LABELS, PART, WHOLE))
    low, high = interval(part, whole, labels)
    assert 0 <= low < 0.5 < high <= 1


def test_the_ratio_over_groups_by_hand() -> None:
    part, whole = np.array([[0.2, 0.4], [0.3, 0.3]]), np.array([[0.5, 0.5], [0.7, 0.7]])
    found = ratio(part, whole)
    assert found is not None
    # Residuals of 0.5: (-0.05, 0.15), (-0.05, -0.05): variances 0.02 and 0, of the mean of two groups 0.005.
    assert (found.value, found.degrees) == (pytest.approx(0.5), 2)
    assert found.error == pytest.approx(math.sqrt(0.005) / 0.6)


def test_where_the_whole_tells_nothing_there_is_no_ratio() -> None:
    part = np.full((2, 2), 0.01)
    assert ratio(part, np.full((2, 2), 0.04)) is None
    assert ratio(part, np.array([[0.0, 0.4], [0.4, 0.0]])) is None


def test_the_ratio_stays_within_bounds() -> None:
    whole = np.full((2, 2), 0.5)
    assert ratio(whole * 1.2, whole).value == 1.0  # type: ignore[union-attr]
    assert ratio(whole * -0.2, whole).value == 0.0  # type: ignore[union-attr]
