"""Versions that were not measured alike: said once, whatever it is that can't be compared."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.comparison import Comparison
from diversity.comparison.deltas import MetricDelta
from diversity.comparison.drift import Drift
from diversity.comparison.versions import RecordCounts
from diversity.ui import compare_summary
from diversity.ui.compare_drift import drift_table
from diversity.words.checks import reason_sentence
from diversity.words.comparison import shown_verdict
from diversity.words.language import t

TABLES = ("prompt_length", "answer_length", "prompt_language", "table.topic_switch")


def comparison(**more: Any) -> Comparison:
    reasons = {**dict.fromkeys(TABLES, "measured_differently"), "task_type_1": "no_labels"}
    drift = [Drift(of=of, kind="classes", status="not_applicable", reason=reason) for of, reason in reasons.items()]
    fields = {
        "dataset": "d", "before": "v1", "after": "v2", "metrics": [], "checks": [], "task_types": {}, "drift": drift,
        "records": RecordCounts(added=1, removed=2, edited=3, unchanged=4), "regions": [], "frames": {}, "folder": "",
    }  # fmt: skip
    return Comparison(**(fields | more))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_reason_stands_once_for_all_that_have_no_figure_for_it(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    table = str(drift_table(comparison(unlike="measured_differently")))
    assert table.count(reason_sentence("measured_differently")) == 1
    assert table.count(reason_sentence("no_labels")) == 1


def test_a_figure_that_reads_the_same_is_not_called_the_same() -> None:
    delta = MetricDelta(
        metric="m", field="set", params={}, unit="ratio", direction="higher", before=0.5, after=0.5, change=0.0,
        reason="measured_differently", verdict="unknown",
    )  # fmt: skip
    assert shown_verdict(delta) == "unknown"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_head_of_the_page_says_so_and_judges_nothing(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    shown: list[str] = []
    monkeypatch.setattr(compare_summary, "show", lambda markup: shown.append(str(markup)))
    compare_summary.draw_summary(comparison(unlike="measured_differently"))
    page = "".join(shown)
    assert page.count(reason_sentence("measured_differently")) == 1
    assert compare_summary.TINTS["unknown"] in shown[0]
    assert t("versions.nothing_moved") not in page
