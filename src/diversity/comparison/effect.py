"""One scale for drifts of different kinds, so that they can be ranked and put into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Size = Literal["none", "unclear", "tiny", "small", "medium", "large"]

# Cohen's (1988) conventions for a difference of two means in standard deviations.
SMALL, MEDIUM, LARGE = 0.2, 0.5, 0.8
MOST = 5.0
# The chance of calling any drift of a comparison where there is none.
ALPHA = 0.05


def effect_of_gap(gap: float) -> float:
    """Standard deviations that two normal distributions must be apart for their largest gap to be `gap`.

    `gap` is a Kolmogorov-Smirnov distance or a total variation, which are the same for two normals of one width:
    2 Φ(d / 2) - 1.
    """
    return _quantile((1 + gap) / 2, 2.0)


def effect_of_auc(area: float) -> float:
    """The same from an area under the ROC curve, Φ(d / √2); 0 where it is a half or less."""
    return _quantile(max(area, 0.5), 2**0.5)


def size_of(effect: float | None, p_adjusted: float | None) -> Size | None:
    """In words by Cohen's conventions, `tiny` below a small effect.

    Where chance would do as much, `none` is said of what is less than small alone: a larger distance that chance could
    have brought is no proof of sameness, and `unclear`.
    """
    if effect is None or p_adjusted is None:
        return None
    # As it is shown, so that the word never contradicts the number beside it.
    shown = round(effect, 2)
    if p_adjusted > ALPHA:
        return "none" if shown < SMALL else "unclear"
    return "large" if shown >= LARGE else "medium" if shown >= MEDIUM else "small" if shown >= SMALL else "tiny"


def holm(values: Sequence[float]) -> list[float]:
    """p-values adjusted for having asked several questions at once (Holm 1979), in the given order."""
    adjusted = [0.0] * len(values)
    largest = 0.0
    for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        largest = max(largest, min(1.0, values[at] * (len(values) - rank)))
        adjusted[at] = largest
    return adjusted


def benjamini_hochberg(values: Sequence[float]) -> list[float]:
    """p-values adjusted so that of what falls below a level at most that share is expected to be chance (Benjamini and
    Hochberg 1995), in the given order. Where nothing differs, that is the chance of naming anything at all."""
    adjusted = [0.0] * len(values)
    smallest = 1.0
    order = sorted(range(len(values)), key=values.__getitem__)
    for rank in range(len(order), 0, -1):
        at = order[rank - 1]
        smallest = min(smallest, values[at] * (len(values) / rank))
        adjusted[at] = smallest
    return adjusted


def _quantile(share: float, scale: float) -> float:
    from scipy.special import ndtri

    return min(float(ndtri(min(share, 1.0))) * scale, MOST)
