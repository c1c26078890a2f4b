"""Shares in tables, all with one decimal: left to itself the browser shows none, one or two."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

FORMAT = "%.1f%%"


def percents(shares: pd.Series[Any]) -> pd.Series[Any]:
    """Shares of 0-1 as the columns below show them; nothing is shown as minus nothing."""
    return (shares.astype(float) * 100).round(1) + 0.0


def percent_column(label: str, width: Any = None) -> Any:
    """The column of `percents`."""
    return st.column_config.NumberColumn(label, format=FORMAT, width=width)


def percent_bar(label: str, most: float = 100.0) -> Any:
    """The column of `percents` with a bar, full at `most`."""
    return st.column_config.ProgressColumn(label, format=FORMAT, min_value=0.0, max_value=most)
