"""Figures for a notebook, over a measured report with a map drawn by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pages.measured import DATASET, measure

import diversity
from diversity.charts import charted
from diversity.errors import UsageError
from diversity.report import MetricResult
from diversity.stored_report import StoredReport


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> StoredReport:
    store = tmp_path_factory.mktemp("figures")
    measure(store)
    return diversity.load_report(DATASET, "v1", store=store)


@pytest.mark.parametrize("metric", charted())
def test_every_chart_can_be_had(stored: StoredReport, metric: str) -> None:
    # What this set has no figure for is drawn as the sentence that says why.
    first = stored.report.result(metric)
    assert first is not None
    assert len(diversity.figure(stored, metric).data) >= (first.status == "ok")


def test_bars_add_up_to_the_records_with_a_type(stored: StoredReport) -> None:
    bars = diversity.figure(stored, "task_type_balance").data[0]
    assert sum(bars.x) == pytest.approx(1.0)


def test_the_field_chooses_among_results(stored: StoredReport, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def seen(metric: str, result: MetricResult, *rest: object, **options: object) -> str:
        asked.append(result.field)
        return metric

    monkeypatch.setattr("diversity.figures.draw", seen)
    for field in ("answer", "prompt"):
        diversity.figure(stored, "semantic_map", field=field)
    assert asked == ["answer", "prompt"]


def test_what_is_not_there_is_said(stored: StoredReport) -> None:
    with pytest.raises(UsageError, match="task_type_balance"):
        diversity.figure(stored, "nope")
    with pytest.raises(UsageError, match="answer"):
        diversity.figure(stored, "prompt_length", field="answer")


def test_the_store_knows_no_figures(tmp_path: Path) -> None:
    code = "import sys, diversity.store; sys.exit(any(n.startswith('diversity.charts') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path).returncode == 0
    assert not hasattr(StoredReport, "figure")


def test_an_unknown_language_is_a_usage_error(stored: StoredReport) -> None:
    with pytest.raises(UsageError, match=r"'cn'.*zh, en"):
        diversity.figure(stored, "answer_length", language="cn")
