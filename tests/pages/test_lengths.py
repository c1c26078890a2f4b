"""The part of the lengths page about requests for a length, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui.factory import check, ordinary, write_report

from diversity.report import MetricResult, Report
from diversity.words.catalogue import catalogue
from pages.apps import html, open_page
from pages.measured import DATASET, measure


@pytest.fixture(scope="session")
def measured_lengths(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("lengths")
    measure(store)
    return store


@pytest.fixture
def page(measured_lengths: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIVERSITY_STORE", str(measured_lengths))

    def opened(language: str = "en", **parameters: str):
        app = open_page("report/lengths", language, dataset=DATASET, version="v1", **parameters)
        assert not app.exception, app.exception[0].value
        return app

    return opened


@pytest.mark.parametrize(("language", "title"), [("en", "Requests for a length"), ("zh", "长度要求")])
def test_requests_have_their_part(page, language, title):
    app = page(language)
    assert title in html(app)
    assert len(app.get("plotly_chart")) >= 5


def test_a_hatched_region_is_explained_where_one_is_drawn(page, monkeypatch):
    assert "Hatched grey" in html(page())
    real = Report.result

    def full(report: Report, metric: str, **params: int) -> MetricResult | None:
        found = real(report, metric, **params)
        return found and found.model_copy(update={"info": found.info | {"empty_buckets": []}})

    monkeypatch.setattr(Report, "result", full)
    assert "Hatched grey" not in html(page())


def test_a_check_s_link_lists_the_broken_ones(page):
    app = page("en", kept="broken")
    listed = app.dataframe[-1].value
    assert len(listed) == 24
    assert "3 lines" in set(listed["asked"])
    assert (listed["actual"] == 1).all()


def test_one_unit_at_a_time(page):
    app = page("zh", kept="broken", unit="lines")
    assert set(app.dataframe[-1].value["asked"]) >= {"3 行", "4 行"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_checks_of_one_reason_share_a_line_that_names_them(store, language):
    names = ("long_prompts", "long_answers", "prompt_length", "answer_length")
    reasons = ("too_few_texts", "too_few_texts", "no_answers", "too_few_texts")
    checks = [
        check(name, "not_applicable", None, reason=reason, group="prompts")
        for name, reason in zip(names, reasons, strict=True)
    ]
    write_report(store, "few", "v1", ordinary(), checks)
    said = html(open_page("report/lengths", language, dataset="few", version="v1"))
    words = catalogue(language)
    assert said.count(words["reason.too_few_texts"]) == said.count(words["reason.no_answers"]) == 1
    for name in names:
        assert words[f"check.{name}.title"] in said
