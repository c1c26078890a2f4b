"""What the map of two versions says about the texts that it leaves out."""

from __future__ import annotations

from typing import cast

from diversity.comparison import Comparison
from diversity.ui.compare_map import map_notes


class Named:
    before, after = "v<1>", "v2"


ALL = {"both": 523, "before": 447, "after": 108}


def test_a_draw_is_said_to_be_one_with_its_numbers() -> None:
    drawn = {**ALL, "before": 265}
    (note,) = map_notes(cast(Comparison, Named()), {"texts": ALL, "drawn": drawn}, turns=False)
    assert "523 in both versions, 265 only in v<1>, 108 only in v2" in note


def test_a_map_of_everything_says_nothing() -> None:
    assert map_notes(cast(Comparison, Named()), {"texts": ALL, "drawn": ALL}, turns=False) == []
    assert len(map_notes(cast(Comparison, Named()), {"texts": ALL, "drawn": ALL}, turns=True)) == 1
