"""How long answers are, and where the loss comes from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from diversity.charts.layout import Translate
from diversity.charts.length_profile import Form, draw_profile
from diversity.report import MetricResult


def draw(
    result: MetricResult,
    table: pd.DataFrame | None,
    t: Translate,
    *,
    form: Form = "histogram",
    colors: Mapping[str, str] | None = None,
) -> go.Figure:
    """Answer tokens as a `histogram`, as `boxes` by task type, or by `buckets`; no table is needed."""
    return draw_profile(result, t, form, colors, "answer")
