"""Which parts of a prompt the probes see, and what a probe tells from one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyarrow as pa

from diversity.features.labelled_draw import Drawn
from diversity.features.linear_probe import Matrix, Probed, probe
from diversity.features.narrow_views import LONGEST, NarrowViews, ShortcutSettings

if TYPE_CHECKING:
    from diversity.features.inputs import Inputs

View = tuple[str, int]  # kind, and of how many words; 0 where there is no such number
WHOLE: View = ("whole", 0)
EDGES = (1, 2, 4, 8)
TRIGGERS = (1, 2, 5)


def views_of(inputs: Inputs, drawn: Drawn) -> NarrowViews:
    """The drawn prompts as the views show them."""
    records = pa.array(inputs.corpus.record_of_unit[drawn.units])
    systems = inputs.corpus.records["system"].take(records).fill_null("").to_pylist()
    prompts = inputs.corpus.prompts.take(pa.array(drawn.units)).to_pylist()
    return NarrowViews(prompts, systems, inputs.prompt_tokens[drawn.units])


def probed(views: NarrowViews, view: View, drawn: Drawn, seed: int) -> Probed | None:
    """What a probe tells that sees this view alone; None where there is nothing in it to see."""
    kind, k = view
    if kind == "system" and not any(views.systems):
        return None
    matrix = _matrix(views, view)
    columns = k if kind == "trigger" else None
    return probe(matrix, drawn.labels, drawn.fold, seed, columns=columns) if matrix.shape[1] else None


def short_views(settings: ShortcutSettings) -> tuple[View, ...]:
    """The views that the verdict is about: a few words at either edge, a few anywhere, the system, the length."""
    edges = (("first", settings.short), ("last", settings.short), ("trigger", settings.triggers))
    return (*edges, ("system", 0), ("length", 0))


def all_views(settings: ShortcutSettings) -> list[View]:
    """Every view, in the order in which they are shown."""
    sizes = sorted({*EDGES, settings.short})
    edges = [(side, k) for side in ("first", "last") for k in sizes if k <= LONGEST]
    return [*edges, *(("trigger", k) for k in sorted({*TRIGGERS, settings.triggers})), ("system", 0), ("length", 0)]


def _matrix(views: NarrowViews, view: View) -> Matrix:
    kind, k = view
    made: dict[str, Callable[[], Matrix]] = {
        "first": lambda: views.first(k),
        "last": lambda: views.last(k),
        "trigger": lambda: views.terms.matrix,
        "system": lambda: views.system,
        "length": lambda: views.length,
        "whole": lambda: views.whole,
    }
    return made[kind]()
