"""How often a process of our own looks for garbage: a user's own process keeps its settings."""

from __future__ import annotations

import gc

# Objects made and not yet freed between two looks, and looks at the young between two at the older ones. With
# Python's own, a tenth of a start and of a small analysis goes into looks at modules and rows that all stay.
OBJECTS, LOOKS = 100_000, 50


def collect_seldom() -> None:
    """Looks for garbage less often from now on; what no cycle holds is freed at once all the same."""
    gc.set_threshold(OBJECTS, LOOKS)
