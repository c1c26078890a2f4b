"""Colours, defined once. Okabe and Ito's palette: told apart by colour-blind readers, on light and on dark ground."""

from __future__ import annotations

from collections.abc import Sequence

BLUE = "#0072B2"
SKY = "#56B4E9"
GREEN = "#009E73"
ORANGE = "#E69F00"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
YELLOW = "#F0E442"
GREY = "#8A8F98"

CATEGORICAL = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW)
ACCENT = BLUE
SECOND_ACCENT = ORANGE
OUTCOMES = {"pass": GREEN, "warn": ORANGE, "fail": VERMILLION, "not_applicable": GREY, "skipped": GREY}


def category_colors(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name by its place in `names`; beyond the palette grey, which a direct label tells apart.

    Pass the same order on every page (the report's overview counts), and a task type keeps its colour everywhere.
    """
    return {name: CATEGORICAL[place] if place < len(CATEGORICAL) else GREY for place, name in enumerate(names)}


LANGUAGES = {
    "zh": BLUE,
    "en": VERMILLION,
    "mixed": PURPLE,
    "ja": GREEN,
    "ko": SKY,
    "other": GREY,
    "none": "#B9BEC6",
}
KINDS = {"exact": VERMILLION, "near": ORANGE, "semantic": PURPLE, "unique": "rgba(128,136,148,0.30)"}
# Short to long, dark enough on white and light enough on black at both ends.
ORDERED = ("#9AD0EC", "#6FB7E0", "#4A9BD0", "#2F7FBD", "#2A63A5", "#3B4A95", "#5A3D97", "#7C3A93", "#9C3784", "#B83A6E")


def softened(color: str, opacity: float = 0.5) -> str:
    """A `#RRGGBB` colour let through: for parts of what has the full colour."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
