from __future__ import annotations

import pandas as pd
import pytest

from diversity.charts.joint_map import joint_map
from diversity.words.catalogue import translate

POINTS = pd.DataFrame(
    {
        "x": [0.0, 1.0, 2.0, 3.0],
        "y": [0.0, 1.0, 0.0, 1.0],
        "side": ["before", "after", "both", "both"],
        "region": [0, 1, 1, 0],
    }
)
REGIONS = pd.DataFrame(
    {
        "region": [0, 1],
        "name": ["<b>soup</b> · bowl", "boats"],
        "before": [0.5, 0.2],
        "after": [0.2, 0.25],
        "moved": ["lost", "same"],
        "x": [0.0, 2.0],
        "y": [0.0, 1.0],
    }
)


def drawn(language: str = "en", points: pd.DataFrame = POINTS, **options: object):
    def t(key: str, /, **numbers: object) -> str:
        return translate(language, key, **numbers)

    return joint_map(points, REGIONS, ("v<1>", "v2"), t, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sides_are_told_apart_and_counted(language: str) -> None:
    names = [trace.name for trace in drawn(language).data]
    assert len(names) == 3
    assert sorted(int(name.rsplit(" ", 1)[-1]) for name in names) == [1, 1, 2]
    assert any("v&lt;1&gt;" in name for name in names)


def test_the_legend_tells_how_many_there_are_not_how_many_were_drawn() -> None:
    names = [trace.name for trace in drawn(totals={"both": 9000, "before": 12, "after": 7}).data]
    assert [name.rsplit(" ", 1)[-1] for name in names] == ["9,000", "12", "7"]


def test_only_regions_that_moved_are_named_and_markup_is_text() -> None:
    notes = [note.text for note in drawn().layout.annotations]
    assert len(notes) == 1
    assert "▼" in notes[0]
    assert "&lt;b&gt;soup" in notes[0]
    assert all("<b>" not in text for trace in drawn().data for text in trace.text)


def test_a_chosen_region_stands_out() -> None:
    both = next(trace for trace in drawn(chosen=1).data if len(trace.x) == 2)
    assert both.marker.opacity[0] > both.marker.opacity[1]


def test_without_points_it_says_so() -> None:
    assert not drawn(points=POINTS.iloc[:0]).data
