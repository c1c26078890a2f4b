"""Checks drawn: bars on a scale of their own, and the page that each leads to."""

from __future__ import annotations

import pytest

from diversity.ui.verdict import check_page, history_bars, meter
from ui.factory import check


def test_a_check_the_catalogue_does_not_know_leads_to_the_records() -> None:
    assert check_page(check("brand_new_check", "fail", 0.5)) == "browse"


@pytest.mark.parametrize("value", [0.0, 0.02, 0.5, 1.0, 7.0])
def test_meter_stays_on_its_scale(value: float):
    drawn = meter(check(value=value, unit="ratio" if value <= 1 else "score"))
    widths = [int(part.split("%")[0]) for part in drawn.split("width:")[1:] + drawn.split("left:")[1:]]
    assert len(widths) == 2
    assert all(0 <= width <= 100 for width in widths)


def test_history_needs_two_figures():
    assert "dv-bar" not in history_bars([("v1", 0.1, "pass")], "ratio")
    drawn = history_bars([("v1", 0.1, "fail"), ("<v2>", None, "skipped"), ("v3", 0.05, "pass")], "ratio")
    assert drawn.count("dv-bar") == 3
    assert "&lt;v2&gt;" in drawn
