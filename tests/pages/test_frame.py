"""The frame: language, pickers, the address, and every page in both languages over reports of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui.factory import Sketch, check, hostile, ordinary, write_report

from diversity.sealed import seal
from diversity.ui.i18n import LANGUAGES
from diversity.ui.navigation import page_files
from pages.apps import ROOT, html, open_page

MINE = ["report/overview", "records/browse", "records/set_aside", "act/add_data"]
CHECKS = [
    check(
        "answer_duplication", "fail", 0.093, evidence={"exact_ratio": 0.05, "near_ratio": 0.04, "semantic_ratio": 0.003}
    ),
    check("key_info_position", "not_applicable", None, group="prompts", reason="too_few_long_prompts"),
    check("never_heard_of", "warn", 1234.5, unit="score", group="whole_set", advice="odd"),
]
REPORTS = {
    "ordinary": ordinary(12),
    "one": ordinary(1),
    "untyped": [Sketch([(f"q{i}", f"a{i}")]) for i in range(5)],
    "same": [Sketch([("q", "same answer")], ("a",)) for _ in range(30)],
    "hostile": hostile(),
    "long": [Sketch([("很长的文本。" * 5000, "x" * 30000)], ("a", "b"))],
}


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("page", MINE)
def test_no_report_at_all(store: Path, page: str, language: str):
    app = open_page(page, language)
    assert not app.exception
    assert app.header[0].value


@pytest.mark.parametrize("kind", list(REPORTS))
@pytest.mark.parametrize("page", MINE)
def test_every_kind_of_report(store: Path, page: str, kind: str):
    write_report(store, "data", "v1", REPORTS[kind], CHECKS)
    app = open_page(page, "zh", record="r0")
    assert not app.exception
    assert "<script" not in html(app).replace("<style", "")
    assert "<img" not in html(app)
    assert not app.error


def test_pages_of_the_folder_are_all_offered(store: Path):
    names = {file.name for file in page_files(ROOT)}
    assert {"overview", "browse", "set_aside", "add_data"} <= names
    assert page_files(ROOT)[0].name == "overview"


def test_language_comes_from_the_address_and_can_be_switched(store: Path):
    write_report(store, "data", "v1", ordinary(), CHECKS)
    app = open_page("report/overview", "zh")
    assert app.header[0].value == "总览"
    app.button_group(key="lang").set_value("en").run()
    assert app.header[0].value == "Overview"
    assert app.query_params["lang"] == "en"


def test_the_newest_report_opens_and_the_address_says_which(store: Path):
    write_report(store, "old", "v1", ordinary(), CHECKS, "2026-01-01T00:00:00+00:00")
    write_report(store, "new", "v1", ordinary(), CHECKS, "2026-02-01T00:00:00+00:00")
    write_report(store, "new", "v2", ordinary(), CHECKS, "2026-03-01T00:00:00+00:00")
    app = open_page("report/overview")
    assert app.query_params["dataset"] == "new"
    assert app.query_params["version"] == "v2"


def test_a_link_opens_what_its_sender_saw(store: Path):
    for version in ("v1", "v2", "v3"):
        write_report(store, "data", version, ordinary(), CHECKS, f"2026-01-0{version[1]}T00:00:00+00:00")
    app = open_page("report/overview", dataset="data", version="v1", compare="v2")
    assert (app.selectbox(key="version").value, app.selectbox(key="compare").value) == ("v1", "v2")
    app.selectbox(key="version").set_value("v2").run()
    assert app.query_params["version"] == "v2"
    assert "compare" not in app.query_params
    assert not app.exception


def test_a_link_to_what_is_gone_falls_back_to_the_newest(store: Path):
    write_report(store, "data", "v1", ordinary(), CHECKS)
    app = open_page("report/overview", dataset="../../etc", version="<b>")
    assert not app.exception
    assert app.selectbox(key="dataset").value == "data"


def test_hostile_names_of_data_set_and_version(store: Path):
    write_report(store, "<img src=x>**d**", "$v$:red[1]", hostile(), CHECKS)
    for page in MINE:
        app = open_page(page)
        assert not app.exception
        assert "<img" not in html(app)
        assert all("**d**" not in element.value for element in [*app.markdown, *app.caption, *app.header])


def test_an_address_that_names_no_report_says_so(store: Path):
    write_report(store, "data", "v1", ordinary(3))
    missing = open_page("report/overview", "en", dataset="nope", version="v9")
    assert "There is no report nope/v9" in html(missing)
    # The address names the report that is shown by now, and the reader has perhaps not looked up yet.
    assert "There is no report nope/v9" in html(missing.run())
    found = open_page("report/overview", "en", dataset="data", version="v1")
    assert "There is no report" not in html(found)


def sealed(folder: Path) -> Path:
    """The report folder as `publish` leaves it."""
    seal(folder, ["report.json", "records.parquet", *(f"tables/{path.name}" for path in folder.glob("tables/*"))])
    return folder


def cut(file: Path) -> None:
    content = file.read_bytes()[:300]
    file.unlink()
    file.write_bytes(content)


@pytest.mark.parametrize(("language", "said"), [("en", "is damaged"), ("zh", "已损坏")])
def test_a_page_that_needs_a_damaged_table_says_so(store: Path, language: str, said: str):
    write_report(store, "other", "v1", ordinary())
    folder = sealed(write_report(store, "toy", "v1", ordinary(), CHECKS))
    cut(folder / "records.parquet")
    app = open_page("records/browse", language, dataset="toy", version="v1")
    assert not app.exception
    assert "toy/v1" in html(app)
    assert said in html(app)
    assert "records.parquet" in html(app)
    overview = open_page("report/overview", language, dataset="toy", version="v1")
    assert not overview.exception
    whole = open_page("records/browse", language, dataset="other", version="v1")
    assert not whole.exception
    assert "records.parquet" not in html(whole)
    assert len(whole.dataframe[0].value) == 12


@pytest.mark.parametrize("page", MINE)
def test_a_report_that_cannot_be_opened_is_named_and_the_others_are_shown(store: Path, page: str):
    write_report(store, "other", "v1", ordinary())
    (write_report(store, "toy", "v1", ordinary()) / "report.json").write_bytes(b"{")
    for address in ({}, {"dataset": "toy", "version": "v1"}):
        app = open_page(page, **address)
        assert not app.exception
        assert "toy/v1" in html(app)
        assert app.selectbox(key="dataset").options == ["other"]
