"""What is said beside a request for a length."""

from __future__ import annotations

import pandas as pd
import pytest

from diversity.ui.length_request_view import _facts


@pytest.mark.parametrize(
    ("actual", "deviation", "said"),
    [(None, None, []), (3.0, 0.0, ["fact_actual"]), (5.0, 0.667, ["fact_actual", "fact_off"])],
    ids=["about a part", "kept", "too long"],
)
def test_a_request_that_is_not_judged_is_off_by_nothing(
    monkeypatch: pytest.MonkeyPatch, actual: float | None, deviation: float | None, said: list[str]
) -> None:
    monkeypatch.setattr("diversity.ui.length_request_view.t", lambda key, **numbers: key.split(".")[-1])
    frame = pd.DataFrame(
        {
            "unit": ["sentences"],
            "relation": ["exact"],
            "scope": ["part"],
            "source": ["prompt"],
            "low": [3],
            "high": [3],
            "actual": pd.Series([actual], dtype=float),
            "deviation": pd.Series([deviation], dtype=float),
        }
    )
    assert _facts(frame.iloc[0])[2:] == said
