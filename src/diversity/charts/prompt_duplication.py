"""How much of the prompts is asked twice: by kind, in prompts and in tokens."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.duplication import repeats_figure
from diversity.charts.layout import Translate
from diversity.report import MetricResult


def draw(result: MetricResult, table: pd.DataFrame | None, t: Translate) -> go.Figure:
    """`table`: kind, units, tokens of the repeats, one row a kind, and a row `unique` for all the rest."""
    assert table is not None
    return repeats_figure(table, "prompt", t)
