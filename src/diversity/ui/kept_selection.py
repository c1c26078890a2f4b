"""A selection that outlives its figure: the browser drops it whenever the figure is drawn in another way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from diversity.ui.charting import SELECTING

SHAPES: tuple[Literal["box", "lasso"], ...] = ("box", "lasso")
Shapes = Mapping[str, Sequence[Mapping[str, Any]]]
NOTHING: Shapes = {shape: [] for shape in SHAPES}


def selectable_figure(figure: go.Figure, key: str, look: object) -> Shapes:
    """Draws the figure and returns what is selected on it, in the axes' units.

    `look` is all that figures under one `key` differ in: what was selected under another look is drawn into this one.
    """
    kept = st.session_state.setdefault(_state(key), {"look": look, "drawn": NOTHING, "now": NOTHING, "cleared": 0})
    # Only a new look takes the selection over: a figure that changed with each selection would blink.
    if kept["look"] != look:
        kept |= {"look": look, "drawn": kept["now"]}
    name = f"{key}-{kept['cleared']}"

    def take() -> None:
        kept["now"] = shapes_of(st.session_state[name]["selection"])

    figure.update_layout(selections=as_layout(kept["drawn"]))
    st.plotly_chart(figure, key=name, width="stretch", config=SELECTING, on_select=take, selection_mode=SHAPES)
    found: Shapes = kept["now"]
    return found


def clear_selection(key: str) -> None:
    """Selects nothing, on the screen as well: under another name the figure starts afresh."""
    kept = st.session_state[_state(key)]
    kept |= {"drawn": NOTHING, "now": NOTHING, "cleared": kept["cleared"] + 1}


def shapes_of(selection: Mapping[str, Any]) -> Shapes:
    """The boxes and lassos of a selection, without those that are none."""
    return {
        kind: [{"x": list(one["x"]), "y": list(one["y"])} for one in selection.get(kind, []) if one.get("x")]
        for kind in SHAPES
    }


def as_layout(shapes: Shapes) -> list[dict[str, Any]]:
    """Shapes as plotly's layout draws them."""
    boxes = [
        {"type": "rect", "x0": one["x"][0], "x1": one["x"][1], "y0": one["y"][0], "y1": one["y"][1]}
        for one in shapes["box"]
    ]
    lassos = [
        {"type": "path", "path": "M" + "L".join(f"{x},{y}" for x, y in zip(one["x"], one["y"], strict=True)) + "Z"}
        for one in shapes["lasso"]
    ]
    return [*boxes, *lassos]


def _state(key: str) -> str:
    return f"_selected_{key}"
