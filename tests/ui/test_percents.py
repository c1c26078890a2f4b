"""Shares in tables."""

from __future__ import annotations

import pandas as pd

from diversity.ui.percents import FORMAT, percents


def test_shares_have_one_decimal_and_no_minus_nothing() -> None:
    assert [FORMAT % value for value in percents(pd.Series([0.0191, 0.006, 1, -0.0001]))] == [
        "1.9%",
        "0.6%",
        "100.0%",
        "0.0%",
    ]
