"""Browsing records and rows set aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui.factory import HOSTILE, Sketch, hostile, ordinary, write_report

from pages.apps import html, open_page


@pytest.fixture
def report(store: Path) -> Path:
    return write_report(store, "data", "v1", ordinary(120))


def test_one_page_of_rows_reaches_the_browser(report: Path):
    app = open_page("records/browse")
    assert len(app.dataframe[0].value) == 50
    next(box for box in app.number_input if box.label == "Page").set_value(3).run()
    assert len(app.dataframe[0].value) == 20
    assert "101–120 of 120" in " ".join(text.value for text in app.text)


def test_the_page_lives_in_the_address(report: Path):
    app = open_page("records/browse", page="3")
    assert len(app.dataframe[0].value) == 20
    next(box for box in app.number_input if box.label == "Page").set_value(2).run()
    assert app.query_params["page"] == "2"
    app.text_input(key="q").set_value("第7个").run()
    assert "page" not in app.query_params
    assert len(open_page("records/browse", page="99").dataframe[0].value) == 20
    assert len(open_page("records/browse", page="-1").dataframe[0].value) == 50


@pytest.mark.parametrize(("asked", "given"), [(999, 3), (0, 1), (-4, 1)])
def test_a_page_that_is_not_there_becomes_the_nearest_one(report: Path, asked: int, given: int):
    app = open_page("records/browse")
    next(box for box in app.number_input if box.label == "Page").set_value(asked).run()
    assert not app.exception
    assert next(box for box in app.number_input if box.label == "Page").value == given
    assert "of 120" in " ".join(text.value for text in app.text)


def test_a_set_without_task_types_has_no_column_for_them(store: Path):
    write_report(store, "plain", "v1", [Sketch([(f"q{n}", f"a{n}")]) for n in range(3)])
    assert "task_type" not in open_page("records/browse").dataframe[0].value


def test_search_lives_in_the_address(report: Path):
    app = open_page("records/browse", q="第7个")
    assert len(app.dataframe[0].value) == 1
    app.text_input(key="q").set_value("no such text").run()
    assert app.query_params["q"] == "no such text"
    assert not app.dataframe
    assert "Take one away" in html(app)


def test_filters_narrow(report: Path):
    app = open_page("records/browse", type="type:翻译", flag="answer_exact")
    assert len(app.dataframe[0].value) == 1
    assert "1 of 120 records" in [text.value for text in app.text]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "There is no task type “翻译” in version v2."), ("zh", "v2 版本里没有“翻译”这个任务类型。")],
)
def test_a_type_that_the_next_version_does_not_have_is_named_and_shows_no_others(
    report: Path, store: Path, language: str, words: str
):
    write_report(store, "data", "v2", [Sketch([("q", "a")], ("writing",))], created_at="2026-11-02T10:00:00+00:00")
    app = open_page("records/browse", language, dataset="data", version="v1", type="type:翻译")
    assert words not in html(app)
    assert len(app.dataframe[0].value) == 40
    app.selectbox(key="version").set_value("v2").run()
    assert not app.exception, app.exception[0].value
    assert words in html(app)
    assert not app.dataframe
    assert app.query_params["type"] in ("type:翻译", ["type:翻译"])
    app.selectbox(key="type").set_value("any").run()
    assert words not in html(app)
    assert len(app.dataframe[0].value) == 1


def test_a_link_to_a_type_of_another_version_says_so(report: Path):
    app = open_page("records/browse", type="type:谜语")
    assert "There is no task type “谜语” in version v1." in html(app)
    assert not app.dataframe


def test_a_link_opens_one_record_with_its_flags(report: Path):
    said = html(open_page("records/browse", record="r1"))
    assert "第1个问题" in said
    assert "suggested to drop" in said
    assert "data.jsonl, line 2" in said


def test_everything_measured_about_a_record(report: Path):
    app = open_page("records/browse", record="r1")
    app.toggle(key="record-facts").set_value(True).run()
    assert not app.exception
    assert len(app.dataframe) == 1
    assert html(app).count('class="dv-facts beside"') == 2


def test_a_click_opens_that_record(report: Path, clicked_rows: dict[str, int]):
    clicked_rows["browse-0"] = 7
    app = open_page("records/browse")
    wanted = app.dataframe[0].value["record_id"].iloc[7]
    assert app.query_params["record"] in (wanted, [wanted])
    assert f"<strong>{wanted}</strong>" in html(app)


def test_an_unknown_record_is_named(report: Path):
    app = open_page("records/browse", record="nope")
    assert "There is no record nope in this version." in [text.value for text in app.text]


def test_long_texts_are_cut_until_asked(store: Path):
    write_report(store, "data", "v1", [Sketch([("q", "x" * 20_000)])])
    app = open_page("records/browse", record="r0")
    assert "x" * 7000 not in html(app)
    app.toggle(key="record-all-r0").set_value(True).run()
    assert "x" * 20_000 in html(app)


def test_hostile_records_are_text(store: Path):
    write_report(store, "data", "v1", hostile())
    for place, text in enumerate(HOSTILE):
        app = open_page("records/browse", record=f"r{place}")
        assert not app.exception
        assert all(text not in element.value for element in app.markdown)


def test_rows_set_aside_are_listed_with_reasons(report: Path):
    app = open_page("records/set_aside")
    assert len(app.dataframe[0].value) == 3
    assert app.code[0].value.startswith('{"instruction"')
    app.selectbox(key="reason").set_value("no_answer").run()
    assert len(app.dataframe[0].value) == 2
    assert app.query_params["reason"] == "no_answer"


def test_downloads_say_how_many_rows(report: Path):
    app = open_page("records/set_aside", reason="no_answer")
    labels = [element.proto.label for element in app.get("download_button")]
    assert labels == ["Download 2 rows as CSV", "Download 2 rows as JSONL"]


def test_a_search_without_a_match_closes_the_record_and_can_be_cleared(report: Path):
    app = open_page("records/browse", record="r1", q="no such text", type="type:翻译", prompt_tokens_from="1")
    assert "No record fits" in html(app)
    assert "第1个问题" not in html(app)
    assert not app.dataframe
    assert "record" not in app.query_params
    next(button for button in app.button if button.label == "Clear all filters").click().run()
    assert not app.exception
    assert not {"q", "type", "record"} & set(app.query_params)
    assert "120 of 120 records" in [text.value for text in app.text]


def test_whoever_comes_back_finds_the_page_and_other_rows_begin_on_the_first(report: Path):
    app = open_page("records/browse", page="2")
    app.switch_page("pages/report/lengths.py").run()
    app.query_params["page"] = "2"
    app.switch_page("pages/records/browse.py").run()
    assert "51–100 of 120" in " ".join(text.value for text in app.text)
    app.selectbox(key="order").set_value("prompt_longest").run()
    assert "1–50 of 120" in " ".join(text.value for text in app.text)
