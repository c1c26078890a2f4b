"""The share of what the whole prompt tells that a part of it tells, with an interval, and at fixed sizes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diversity.features.linear_probe import Codes, balanced_accuracy
from diversity.features.set_sample import Estimate

# What the whole prompt must tell beyond the baseline before a part of it means anything: a share of less is noise.
LEAST_GAIN = 0.05
# And by so many standard errors: one set in 700 gets there by chance. Two would let one in 40 through.
CHANCE = 3
DRAWS = 200


def gain(right: NDArray[np.bool_], labels: Codes) -> float:
    """Balanced accuracy above that of always naming one class."""
    return balanced_accuracy(right, labels) - 1 / len(np.unique(labels))


def share_told(part: NDArray[np.bool_], whole: NDArray[np.bool_], labels: Codes) -> float:
    """(accuracy of the part - 1 / C) / (accuracy of the whole - 1 / C); 0 where that tells nothing."""
    most = gain(whole, labels)
    return gain(part, labels) / most if most > 0 else 0.0


def interval(part: NDArray[np.bool_], whole: NDArray[np.bool_], labels: Codes) -> tuple[float, float]:
    """95% interval over the records judged, by bootstrap within classes; the probes stay as they are."""
    random = np.random.default_rng(0)
    size = np.bincount(labels)
    both = part * 2 + whole
    told = np.zeros((DRAWS, 2))
    for code, rows in enumerate(size):
        share = np.bincount(both[labels == code], minlength=4) / rows
        drawn = random.multinomial(rows, share, size=DRAWS) / rows
        told += np.column_stack([drawn[:, 2] + drawn[:, 3], drawn[:, 1] + drawn[:, 3]]) / len(size)
    gains = told - 1 / len(size)
    shares = np.clip(gains[:, 0] / np.maximum(gains[:, 1], 1e-9), 0, 1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> Estimate | None:
    """The gains of a part over those of the whole, both (cuts, groups a cut), within 0 and 1; None where the whole
    tells next to nothing.

    A ratio of means with the error of its residuals (Cochran 1977, section 6), groups of one cut being independent of
    each other.
    """
    told, per = float(whole.mean()), whole.shape[1]
    if told < max(LEAST_GAIN, CHANCE * _error(whole)):
        return None
    share = float(part.mean()) / told
    return Estimate(min(max(share, 0.0), 1.0), _error(part - share * whole) / told, len(part) * (per - 1))


def _error(values: NDArray[np.float64]) -> float:
    return math.sqrt(float(values.var(axis=1, ddof=1).mean()) / values.shape[1])
