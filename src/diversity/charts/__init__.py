"""Figures of the metrics, discovered: a module here named like a metric draws it. Nothing in here knows the browser."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any

from diversity.report import MetricResult

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from diversity.charts.layout import Translate


@cache
def charted() -> tuple[str, ...]:
    """Metrics that have a figure, sorted."""
    modules = {info.name: importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)}
    return tuple(sorted(name for name, module in modules.items() if hasattr(module, "draw")))


def draw(metric: str, result: MetricResult, table: pd.DataFrame | None, t: Translate, **options: Any) -> go.Figure:
    """The figure of one metric's result. `t` gives words and numbers in the reader's language.

    `table` and `options` are what that metric's own `draw` says. A result without a figure is drawn as the
    sentence that says why.

    Raises:
        KeyError: no such figure.
    """
    if metric not in charted():
        raise KeyError(f"no figure for {metric}; there is one for {', '.join(charted())}")
    from diversity.charts.layout import nothing

    if result.status != "ok":
        return nothing(t("chart.no_figure"))
    figure: go.Figure = importlib.import_module(f"{__name__}.{metric}").draw(result, table, t, **options)
    return figure
