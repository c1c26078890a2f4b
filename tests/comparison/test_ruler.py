from __future__ import annotations

from typing import Any

import pytest

from diversity.comparison.ruler import unlike, unlike_for
from diversity.report import Intake, Report, Rows

PACKAGES = {"numpy": "2.4.6", "torch": "2.13.0+cpu"}


def report(**changed: Any) -> Report:
    rows = Rows(read=1, set_aside=0)
    intake = Intake(files=[], shape="alpaca", field_map={}, rows=rows, records=1, units=1, reasons={}, fingerprint="f")
    fields = {
        "dataset": "d", "version": "v", "created_at": "", "settings": {"tokenizer": "t", "seed": 1}, "embedder": "e",
        "tokenizer": "t", "packages": PACKAGES, "code_version": "c", "intake": intake, "rows": rows, "overview": {},
        "results": [], "checks": [], "seconds": {}, "embedder_key": "e1", "tokenizer_key": "t1",
    }  # fmt: skip
    return Report(**(fields | changed))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"settings": {"tokenizer": "t", "seed": 2}}, None),
        ({"settings": {"tokenizer": "other", "seed": 1}}, "settings_differ"),
        ({"code_version": "d"}, "measured_differently"),
        ({"packages": {**PACKAGES, "numpy": "2.5.0"}}, "measured_differently"),
        ({"packages": {**PACKAGES, "torch": "2.13.0+cu126"}}, None),
        ({"packages": {"numpy": "2.4.6"}}, None),
        ({"embedder_key": "e2"}, "measured_differently"),
        ({"tokenizer_key": "t2"}, "measured_differently"),
        ({"embedder_key": None, "tokenizer_key": None}, None),
        ({"settings": {"tokenizer": "other", "seed": 1}, "code_version": "d"}, "settings_differ"),
    ],
)
def test_what_makes_two_reports_unlike(changed: dict[str, Any], why: str | None) -> None:
    assert unlike(report(), report(**changed)) == why
    assert unlike(report(**changed), report()) == why


def test_reports_of_earlier_releases_open_without_keys() -> None:
    stored = report().model_dump(exclude={"embedder_key", "tokenizer_key"})
    assert unlike(Report.model_validate(stored), report()) is None


def test_what_is_counted_from_labels_alone_depends_on_no_setting_but_on_the_code() -> None:
    assert unlike_for("task_type_balance", "settings_differ") is None
    assert unlike_for("vendi_score", "settings_differ") == "settings_differ"
    assert unlike_for("task_type_balance", "measured_differently") == "measured_differently"
