"""What is selected on a figure, under one look after another."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from diversity.ui import kept_selection
from diversity.ui.kept_selection import NOTHING, as_layout, clear_selection, selectable_figure, shapes_of

BOX = {"xref": "x", "yref": "y", "x": [0.0, 2.0], "y": [3.0, 1.0]}
LASSO = {"xref": "x", "yref": "y", "x": [0.0, 1.0, 1.0], "y": [0.0, 0.0, 1.0]}


class Page:
    """Streamlit as far as a figure needs it: `select` is what a reader does."""

    def __init__(self) -> None:
        self.session_state: dict[str, Any] = {}
        self.figures: list[tuple[str, go.Figure]] = []

    def plotly_chart(self, figure: go.Figure, *, key: str, on_select: Any, **more: Any) -> None:
        self.figures.append((key, figure))
        self.take = on_select

    def select(self, **selection: Any) -> None:
        self.session_state[self.figures[-1][0]] = {"selection": selection}
        self.take()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    made = Page()
    monkeypatch.setattr(kept_selection, "st", made)
    return made


def test_a_selection_outlives_a_change_of_look(page: Page) -> None:
    assert selectable_figure(go.Figure(), "map", "types") == NOTHING
    page.select(box=[BOX], lasso=[])
    assert selectable_figure(go.Figure(), "map", "types")["box"] == [{"x": [0.0, 2.0], "y": [3.0, 1.0]}]
    assert not page.figures[-1][1].layout.selections
    assert len(selectable_figure(go.Figure(), "map", "lengths")["box"]) == 1
    assert page.figures[-1][1].layout.selections[0].x1 == 2.0


def test_a_selection_can_be_replaced_and_cleared(page: Page) -> None:
    selectable_figure(go.Figure(), "map", "types")
    page.select(box=[BOX])
    selectable_figure(go.Figure(), "map", "lengths")
    page.select(lasso=[LASSO])
    found = selectable_figure(go.Figure(), "map", "lengths")
    assert (len(found["box"]), len(found["lasso"])) == (0, 1)
    before = page.figures[-1][0]
    clear_selection("map")
    assert selectable_figure(go.Figure(), "map", "lengths") == NOTHING
    assert page.figures[-1][0] != before
    assert not page.figures[-1][1].layout.selections


def test_shapes_are_drawn_where_they_were_made() -> None:
    rectangle, path = as_layout(shapes_of({"box": [BOX, {"x": [], "y": []}], "lasso": [LASSO]}))
    assert (rectangle["x0"], rectangle["y0"], rectangle["x1"], rectangle["y1"]) == (0.0, 3.0, 2.0, 1.0)
    assert path["path"] == "M0.0,0.0L1.0,0.0L1.0,1.0Z"
