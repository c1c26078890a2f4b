"""Colours of task types: shared by versions while they share types."""

from __future__ import annotations

import pytest

from diversity.charts.theme import GREY
from diversity.ui import charting

OLD = {f"old {n}": 20 - n for n in range(12)}


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, int]]:
    """Types of each version by name; a view is its version's name here."""
    known: dict[str, dict[str, int]] = {}

    class Named:
        dataset = "d"

        def __init__(self, version: str) -> None:
            self.version = version

    monkeypatch.setattr(charting, "entries", lambda: [Named(name) for name in reversed(known)])
    monkeypatch.setattr(charting, "open_view", lambda dataset, version: Named(version))
    monkeypatch.setattr(charting, "type_counts", lambda view: known[view.version])
    known["v1"] = OLD
    return known


def colors(version: str) -> dict[str, str]:
    view = type("Seen", (), {"dataset": "d", "version": version})()
    return charting.type_colors(view)


def test_a_type_keeps_its_colour_in_later_versions(versions: dict[str, dict[str, int]]) -> None:
    versions["v2"] = {"new": 50, **OLD}
    assert {name: colors("v2")[name] for name in OLD} == {name: colors("v1")[name] for name in OLD}


def test_a_version_of_other_types_has_colours_of_its_own(versions: dict[str, dict[str, int]]) -> None:
    versions["v2"] = {f"new {n}": 9 - n for n in range(5)}
    assert GREY not in colors("v2").values()
