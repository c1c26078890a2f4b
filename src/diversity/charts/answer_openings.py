"""How answers begin: see `edge_profile`."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.edge_profile import draw_edges
from diversity.charts.layout import Translate
from diversity.report import MetricResult


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate) -> go.Figure:
    """A row for each number of words."""
    return draw_edges(result, t, "opening")
