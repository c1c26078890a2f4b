"""How prompts are worded: the share of each type's most frequent wordings, and what is asked of what as a sunburst."""

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
)
from diversity.charts.theme import ACCENT, category_colors, softened
from diversity.report import MetricResult

Form = Literal["types", "verbs"]
TYPES = 40
SEGMENTS = 5
# From the most frequent wording on, ever fainter.
OPACITY = (1.0, 0.7, 0.5, 0.35, 0.22)
VERB_CELLS = 16


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate, *, form: Form = "types") -> go.Figure:
    """Bars of the judged types, the one worded most alike on top; or verbs with their objects."""
    return _sunburst(result.info, t) if form == "verbs" else _types(result.info, t)


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


def _sunburst(info: dict[str, Any], t: Translate) -> go.Figure:
    """Verbs inside, their objects outside; what of a verb has another object or none stays open."""
    verbs = info["verbs"]
    if not verbs:
        return nothing(t("chart.no_figure"))
    colors = category_colors([verb["verb"] for verb in verbs])
    ids, names, parents, values, shades, hovers = [], [], [], [], [], []
    for place, verb in enumerate(verbs):
        ids.append(str(place))
        names.append(label(verb["verb"], VERB_CELLS, 24))
        parents.append("")
        values.append(verb["count"])
        shades.append(colors[verb["verb"]])
        share = verb["count"] / info["prompts"]
        hovers.append(f"{escaped(verb['verb'])}<br>{t('chart.hover_prompts', n=verb['count'], share=share)}")
        for number, one in enumerate(verb["objects"]):
            ids.append(f"{place}-{number}")
            names.append(label(one["object"], VERB_CELLS, 24))
            parents.append(str(place))
            values.append(one["count"])
            shades.append(softened(colors[verb["verb"]]))
            share = one["count"] / verb["count"]
            hovers.append(
                f"{escaped(verb['verb'])} › {escaped(one['object'])}<br>"
                f"{t('chart.hover_of_verb', n=one['count'], share=share)}"
            )
    trace = go.Sunburst(
        ids=ids,
        labels=names,
        parents=parents,
        values=values,
        branchvalues="total",
        marker={"colors": shades, "line": {"width": 1, "color": "rgba(255,255,255,0.6)"}},
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
        insidetextorientation="radial",
        leaf={"opacity": 1},
    )
    # A label that does not fit its slice is left to the hover.
    fitting = {"uniformtext": {"minsize": 11, "mode": "hide"}}
    return figure([trace], 560, margin={"l": 8, "r": 8, "t": 8, "b": 8}, **fitting)
