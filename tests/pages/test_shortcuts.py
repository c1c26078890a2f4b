"""The shortcuts page over a set whose first words give the type away, and over reports with nothing to show."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui.factory import HOSTILE, Sketch, hostile, ordinary, write_report

from diversity.analysis import analyze
from diversity.report import MetricResult
from diversity.ui.shortcut_view import first_target
from pages.apps import html, open_page, texts

ASKS = {"translate": "请把这句话译成英文", "sum up": "请用一句话概括下面", "judge": "请判断下面说法对错"}
PLACES = "山水花鸟鱼虫云雨风雪日月星辰"


@pytest.fixture(scope="session")
def given_away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("shortcuts")
    rows = [
        {
            "prompt": f"{ask}：{PLACES[n % 14]}{PLACES[n % 11]}，第 {n} 条，{PLACES[n * 5 % 14]}在{PLACES[n % 13]}边。",
            "answer": f"好的，以下是第 {n} 条的回答：{PLACES[n % 14]}与{PLACES[(n + 3) % 14]}。",
            "task_type": kind,
        }
        for n in range(20)
        for kind, ask in ASKS.items()
    ]
    analyze(rows, dataset="lazy", version="v1", store=store, settings={"embedder": "none"})
    return store


@pytest.fixture
def page(given_away: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIVERSITY_STORE", str(given_away))

    def run(language: str = "en", **parameters: str):
        app = open_page("report/shortcuts", language, dataset="lazy", version="v1", **parameters)
        assert not app.exception, app.exception[0].value
        return app

    return run


@pytest.mark.parametrize(("language", "said"), [("en", "without reading the prompt"), ("zh", "不用读 prompt")])
def test_verdict_figures_and_records_in_both_languages(page, language, said):
    app = page(language)
    assert said in html(app)
    assert len(app.get("plotly_chart")) == 3
    records = next(table.value for table in app.dataframe if "margin" in table.value)
    assert len(records) == 50
    assert set(records["task_type"]) <= set(ASKS)


def test_the_check_opens_the_records_behind_it(page):
    # Marks stand alike at the end of every prompt here; the first words are what differs.
    app = page(target="task_type", view="first")
    assert app.session_state["view"] == "first"
    assert "margin" in app.dataframe[0].value


def test_a_target_without_a_figure_says_why(page):
    app = page(target="answer_cluster")
    assert "needs an embedder" in html(app)
    assert len(app.get("plotly_chart")) == 2


def test_the_answers_behind_a_shared_opening(page):
    app = page(phrase="answer_openings-0")
    answers = next(table.value for table in app.dataframe if "answer" in table.value)
    assert answers["answer"].str.startswith("好的，以下是第").all()
    assert "Shared openings and closings" in html(app)


def test_the_duplicates_page_leads_to_the_phrases(given_away, monkeypatch):
    monkeypatch.setenv("DIVERSITY_STORE", str(given_away))
    app = open_page("report/answer_duplicates", "en", dataset="lazy", version="v1")
    assert not app.exception
    assert "shared opening" not in texts(app)
    assert any("Openings and closings" in link.proto.label for link in app.get("page_link"))


def test_unasked_the_target_with_a_figure_is_shown():
    def told(target: str, status: str) -> MetricResult:
        return MetricResult(metric="shortcut_probes", field="set", params={"target": target}, status=status)

    assert first_target([told("task_type", "not_applicable"), told("answer_cluster", "ok")]) == "answer_cluster"
    assert first_target([told("task_type", "ok"), told("answer_cluster", "ok")]) == "task_type"
    assert first_target([]) == "task_type"


@pytest.mark.parametrize("sketches", [ordinary(1), hostile(), [Sketch([("同样的问题", "同样的答案")])] * 5])
def test_reports_without_these_figures_say_why(store, sketches):
    write_report(store, "bare", "v1", sketches)
    app = open_page("report/shortcuts", dataset="bare", version="v1")
    assert not app.exception, app.exception[0].value
    assert not any(bad in html(app) for bad in HOSTILE[:1])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_texts_stay_texts(tmp_path, monkeypatch, language):
    rows = [
        {"prompt": f"{HOSTILE[n % 5]} {n}", "answer": f"{HOSTILE[0]} again {n}", "task_type": HOSTILE[n % 2]}
        for n in range(40)
    ]
    analyze(rows, dataset="hostile", version="v1", store=tmp_path / "s", settings={"embedder": "none"})
    monkeypatch.setenv("DIVERSITY_STORE", str(tmp_path / "s"))
    app = open_page("report/shortcuts", language, dataset="hostile", version="v1")
    assert not app.exception, app.exception[0].value
    assert "<script>" not in html(app)
