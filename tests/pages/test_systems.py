"""The system section of the conversations page, over a small measured report and over reports without systems."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ui.factory import HOSTILE, hostile, ordinary, write_report

from diversity.analysis import analyze
from pages.apps import html, open_page, texts

DATASET = "systems"
KINDS = 12


def rows() -> list[dict[str, Any]]:
    """As many systems that set the language as stock phrases, some records without any, one system with markup."""
    made: list[dict[str, Any]] = []
    for n in range(KINDS):
        question = f"请介绍第{n}号灯塔的历史，它建在哪座岛上？"
        made.append(
            {
                "id": f"e{n}",
                "system": f"You guide guests of island {n}. Always answer in English, end with “Mind the stairs {n}”.",
                "prompt": question,
                "answer": f"Lighthouse {n} was built by sailors on the northern island. Mind the stairs {n}",
            }
        )
        made.append(
            {
                "id": f"d{n}",
                "system": "You are a helpful assistant." if n else "<img src=x onerror=alert(1)> 你是一个助手。",
                "prompt": f"第{n}号仓库里有什么？",
                "answer": f"第{n}号仓库里有{n * 3}箱苹果。",
            }
        )
        made.append({"id": f"n{n}", "prompt": f"What is {n} plus one?", "answer": f"It is {n + 1}."})
    return made


@pytest.fixture(scope="session")
def store_of_systems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("systems")
    analyze(rows(), dataset=DATASET, version="v1", store=store, settings={"embedder": "none"})
    return store


@pytest.fixture
def systems(store_of_systems: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIVERSITY_STORE", str(store_of_systems))
    return store_of_systems


def page(language: str = "en", **parameters: str) -> Any:
    app = open_page("report/conversations", language, dataset=DATASET, version="v1", **parameters)
    assert not app.exception, app.exception[0].value
    return app


@pytest.mark.parametrize(("language", "words"), [("en", "Keeps: answer in English"), ("zh", "照办了：用英文回答")])
def test_system_and_answer_stand_side_by_side_with_the_evidence(systems: Path, language: str, words: str) -> None:
    app = page(language)
    shown = html(app)
    assert len(app.get("plotly_chart")) >= 1
    assert words in shown
    assert "dv-sides" in shown
    assert '<mark class="dv-hit">Mind the stairs' in shown


def test_the_address_chooses_the_class(systems: Path) -> None:
    app = page(effect="decorative")
    assert app.query_params["effect"] in ("decorative", ["decorative"])
    assert "No sign that the answer would be another" in html(app)


def test_shared_systems_are_listed(systems: Path) -> None:
    shown = html(page())
    assert "You are a helpful assistant." in shown
    assert "dv-systems" in shown
    # Long words of a system may break anywhere, a figure nowhere.
    assert ".dv-systems .n { white-space: nowrap;" in shown
    assert re.search(
        r'<td class="n">11</td><td class="n">1</td><td class="n">0(?:\.0)?%</td><td dir="auto">You are', shown
    )


def test_markup_of_the_data_is_shown_as_text(systems: Path) -> None:
    app = page(effect="decorative")
    while True:
        assert "<img" not in html(app)
        if "&lt;img" in html(app):
            return
        app.button(key="system-next").click().run()
        assert not app.exception


def test_the_list_opens_a_record(systems: Path) -> None:
    app = page()
    app.toggle(key="system-list").set_value(True).run()
    assert not app.exception
    assert set(app.dataframe[-1].value["record_id"]) == {f"e{n}" for n in range(KINDS)}


def test_a_click_opens_the_row_that_was_clicked(systems: Path, clicked_rows: dict[str, int]) -> None:
    app = page(effect="decorative")
    app.toggle(key="system-list").set_value(True).run()
    listed = app.dataframe[-1].value
    for row in (len(listed) - 1, 0, 4):
        clicked_rows["system-list"] = row
        app.run()
        assert not app.exception
        assert f"{row + 1} of {len(listed)}" in texts(app)
        assert listed["answer"].iloc[row] in html(app)


@pytest.mark.parametrize("sketches", [ordinary(1), ordinary(9), hostile()])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_reports_without_the_figure_say_why(store: Path, language: str, sketches: Any) -> None:
    write_report(store, "bare", "v1", sketches)
    app = open_page("report/conversations", language, dataset="bare", version="v1")
    assert not app.exception
    assert not any(bad in html(app) for bad in HOSTILE[:1])
    assert texts(app)
