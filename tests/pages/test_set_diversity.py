"""The set diversity page over measured versions, in both languages, and over reports without the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers import rows_of
from set_samples import Shingles
from ui.factory import hostile, ordinary, write_report

from diversity.analysis import analyze
from diversity.comparison import compare
from diversity.store import Store
from diversity.stored_report import StoredReport
from pages.apps import html, open_page

NAME = "report/set_diversity"


def measure(store: Path, version: str, rows: list[dict[str, Any]]) -> StoredReport:
    """A report with vectors of an embedder that needs no model, and without a map."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diversity.analysis.open_embedder", lambda *args, **more: Shingles())
        settings = {"embedder": "none", "semantic_map.minimum_points": 1_000_000}
        return analyze(rows, dataset="d", version=version, store=store, settings=settings)


def rows(count: int) -> list[dict[str, Any]]:
    """Records on many subjects; the first two are the same, the texts hold markup."""
    prompts = [f"{chr(0x4E00 + 97 * n) * 6} <b>{n}</b>" for n in range(count)]
    answers = [f"{chr(0x5E00 + 89 * n) * 9} **{n}** $x$" for n in range(count)]
    return rows_of([prompts[0], *prompts], [answers[0], *answers])


@pytest.fixture(scope="session")
def measured_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("set")
    measure(store, "v1", rows(30) * 4)
    measure(store, "v2", rows(120))
    return store


@pytest.fixture
def measured(measured_once: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIVERSITY_STORE", str(measured_once))
    return measured_once


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_draws_figures_questions_and_records(measured: Path, language: str) -> None:
    app = open_page(NAME, language, dataset="d", version="v2")
    assert not app.exception, app.exception[0].value
    assert len(app.get("plotly_chart")) == 1
    assert "dv-banner" in html(app)
    assert html(app).count("Vendi") >= 1
    table = app.dataframe[-1].value
    assert table["nearest_distance"].iloc[0] == 0
    assert list(table["nearest_distance"]) == sorted(table["nearest_distance"])


def test_two_that_are_each_other_s_nearest_stand_once(measured: Path) -> None:
    app = open_page(NAME, dataset="d", version="v2", field="prompt")
    table = app.dataframe[-1].value
    assert list(table["nearest_distance"]).count(0) == 1
    pairs = [frozenset(pair) for pair in zip(table["prompt"], table["nearest"], strict=True)]
    assert len(pairs) == len(set(pairs))
    assert "is normal" in html(app)


def test_the_most_alone_first_when_asked(measured: Path) -> None:
    app = open_page(NAME, dataset="d", version="v2", order="isolated", field="pair")
    distances = list(app.dataframe[-1].value["nearest_distance"])
    assert distances == sorted(distances, reverse=True)
    assert {"prompt", "answer", "nearest"} <= set(app.dataframe[-1].value.columns)


def test_the_check_and_the_comparison_know_the_figures(measured: Path) -> None:
    store = Store(measured)
    check = store.load("d", "v2").report.check("vendi_score")
    assert check is not None
    assert check.value is not None
    assert check.value > 0
    found = compare(store.load("d", "v1"), store.load("d", "v2"))
    moved = {(delta.metric, delta.field): delta for delta in found.metrics}
    pair = moved["chamfer", "pair"]
    assert pair.sample_size == 50
    # The two differ in length as well, which moves distances by itself.
    assert pair.verdict == "changed"
    assert pair.length_drift
    assert pair.interval is not None
    assert pair.change == pytest.approx(pair.after - pair.before)


@pytest.mark.parametrize("sketches", [ordinary(1), ordinary(9), hostile()])
def test_a_report_without_these_figures_says_why(store: Path, sketches: Any) -> None:
    write_report(store, "bare", "v1", sketches)
    app = open_page(NAME, dataset="bare", version="v1")
    assert not app.exception, app.exception[0].value
    assert not app.get("plotly_chart")
