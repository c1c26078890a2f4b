"""How prompts are worded: the share of each type's most frequent wordings, and what is asked of what."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import (
    FAINT,
    Translate,
    escaped,
    figure,
    label,
    nothing,
    row_axis,
    rows_height,
    share_axis,
    width,
)
from diversity.charts.theme import ACCENT, softened
from diversity.report import MetricResult

Form = Literal["types", "verbs"]
TYPES = 40
SEGMENTS = 5
# From the most frequent wording on, ever fainter.
OPACITY = (1.0, 0.7, 0.5, 0.35, 0.22)
# Columns that a verb's objects take up beside its bar, and the whole plot in a window that is not wide.
OBJECT_CELLS, PLOT_CELLS = 60, 110


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate, *, form: Form = "types") -> go.Figure:
    """Bars of the judged types, the one worded most alike on top; or verbs with their objects."""
    return _verbs(result.info, t) if form == "verbs" else _types(result.info, t)


def _types(info: dict[str, Any], t: Translate) -> go.Figure:
    types = info["types"][:TYPES]
    names = [t("chart.all_prompts") if one["type"] is None else one["type"] for one in types]
    axis = row_axis(names)
    lines = max(text.count("<br>") + 1 for text in axis["ticktext"])
    traces = [_segment(types, place, t) for place in range(SEGMENTS)]
    return figure(
        [*traces, _rest(types, info["draw"], t)],
        rows_height(len(types), lines=lines),
        barmode="stack",
        xaxis=share_axis(t("chart.share_of_wordings"), 1.0) | {"range": [0, 1.22], "tickvals": [0, 0.25, 0.5, 0.75, 1]},
        yaxis=axis,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
    )


def _segment(types: list[dict[str, Any]], place: int, t: Translate) -> go.Bar:
    """The wordings at one rank, a type a row."""
    found = [(row, one, one["top"][place]) for row, one in enumerate(types) if place < len(one["top"])]
    shares = [top["count"] / one["prompts"] for _, one, top in found]
    return go.Bar(
        x=shares,
        y=[row for row, _, _ in found],
        orientation="h",
        marker={
            "color": softened(ACCENT, OPACITY[place]),
            "line": {"width": 1, "color": "rgba(255,255,255,0.7)"},
        },
        customdata=[[row] for row, _, _ in found],
        hovertext=[
            f"{label(top['text'], 60)}<br>{t('chart.hover_prompts', n=top['count'], share=share)}"
            for (_, _, top), share in zip(found, shares, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _rest(types: list[dict[str, Any]], drawn: int, t: Translate) -> go.Bar:
    """All other wordings, and how many different ones are to be expected."""
    shown = [sum(top["count"] for top in one["top"][:SEGMENTS]) for one in types]
    return go.Bar(
        x=[1 - count / one["prompts"] for count, one in zip(shown, types, strict=True)],
        y=list(range(len(types))),
        orientation="h",
        marker={"color": FAINT, "line": {"width": 0}},
        text=[t("chart.wordings_in", expected=one["expected"], draw=min(drawn, one["prompts"])) for one in types],
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        customdata=[[row] for row in range(len(types))],
        hovertext=[
            t("chart.hover_wordings", n=one["prompts"], wordings=one["wordings"], effective=one["effective"])
            for one in types
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _verbs(info: dict[str, Any], t: Translate) -> go.Figure:
    """A bar a verb, the most frequent on top, in it its objects, named beside it; what of a verb has another object or
    none stays faint."""
    verbs = info["verbs"]
    if not verbs:
        return nothing(t("chart.no_figure"))
    axis = row_axis([verb["verb"] for verb in verbs])
    lines = max(text.count("<br>") + 1 for text in axis["ticktext"])
    most = max(len(verb["objects"]) for verb in verbs)
    rest = _without_object(verbs, info["prompts"], t)
    bars = 1 - min(max(map(width, rest.text)) / PLOT_CELLS, 0.7)
    return figure(
        [*(_objects(verbs, place, t) for place in range(most)), rest],
        rows_height(len(verbs), lines=lines),
        barmode="stack",
        xaxis=share_axis(t("chart.count"), verbs[0]["count"] / bars) | {"tickformat": ",d", "nticks": 8},
        yaxis=axis,
        margin={"l": 8, "r": 16, "t": 8, "b": 8},
    )


def _objects(verbs: list[dict[str, Any]], place: int, t: Translate) -> go.Bar:
    """The objects at one rank, a verb a row."""
    found = [(row, verb, verb["objects"][place]) for row, verb in enumerate(verbs) if place < len(verb["objects"])]
    return go.Bar(
        x=[one["count"] for _, _, one in found],
        y=[row for row, _, _ in found],
        orientation="h",
        marker={
            "color": softened(ACCENT, OPACITY[min(place, len(OPACITY) - 1)]),
            "line": {"width": 1, "color": "rgba(255,255,255,0.7)"},
        },
        hovertext=[
            f"{escaped(verb['verb'])} › {escaped(one['object'])}<br>"
            f"{t('chart.hover_of_verb', n=one['count'], share=one['count'] / verb['count'])}"
            for _, verb, one in found
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _without_object(verbs: list[dict[str, Any]], prompts: int, t: Translate) -> go.Bar:
    """The rest of every verb, and beside the bar how frequent it is and with which objects."""
    said = [t("chart.bar", n=verb["count"], share=verb["count"] / prompts) for verb in verbs]
    named = [_named(verb["objects"], t) for verb in verbs]
    return go.Bar(
        x=[verb["count"] - sum(one["count"] for one in verb["objects"]) for verb in verbs],
        y=list(range(len(verbs))),
        orientation="h",
        marker={"color": FAINT, "line": {"width": 0}},
        text=[f"{one}  {objects}" for one, objects in zip(said, named, strict=True)],
        textposition="outside",
        constraintext="none",
        cliponaxis=False,
        hovertext=[f"{escaped(verb['verb'])}<br>{one}" for verb, one in zip(verbs, said, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _named(objects: list[dict[str, Any]], t: Translate) -> str:
    """As many objects as there is room for, each with its count."""
    shown, room = list[str](), OBJECT_CELLS
    for one in objects:
        text = t("chart.object", object=escaped(one["object"], 24), n=one["count"])
        room -= width(text) + 3
        if room < 0:
            break
        shown.append(text)
    return " · ".join(shown)
