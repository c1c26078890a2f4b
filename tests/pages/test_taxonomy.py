"""The taxonomy page and the suggestions on the task types page: measured sets, and sets with nothing to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ui.factory import HOSTILE, ordinary, write_report

from diversity.analysis import analyze
from diversity.taxonomies import Edits, Label, Match, Taxonomy, edits_folder, read_edits, save_edits
from diversity.ui.taxonomy_view import new_edits
from pages.apps import html, open_page, texts

OWN = f"""
name: own
title: {{zh: 自家场景, en: Own scenes}}
items:
  - {{id: greet, zh: 打招呼, en: Greeting, description: {{zh: 问好, en: Saying hello}}}}
  - {{id: bad, name: {HOSTILE[1]!r}}}
"""


def rows() -> list[dict[str, Any]]:
    """Two types told apart by their words, one label swapped, some without a label, and a type of another name."""
    made = [
        {"id": f"{kind[0]}{n}", "prompt": f"{ask} {n} {n * 7}", "answer": f"{reply} {n}", "task_type": kind}
        for n in range(25)
        for kind, ask, reply in (("翻译", "请翻译句子", "译文是"), ("summary", "Sum up article number", "In short"))
    ]
    made[7]["task_type"] = "翻译"
    made += [{"id": f"u{n}", "prompt": f"请翻译句子 {n + 90}", "answer": f"译文是 {n}"} for n in range(4)]
    made += [{"id": f"h{n}", "prompt": f"hi {n}", "answer": f"hello {n}", "task_type": "salute"} for n in range(3)]
    return made


@pytest.fixture
def measured(store: Path, tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    analyze(rows(), dataset="d", version="v1", store=store, settings={"embedder": "none", "taxonomy": str(path)})
    return store


@pytest.mark.parametrize(
    ("language", "said", "collect"),
    [
        ("en", "what is missing cannot be told", "What to collect"),
        ("zh", "缺哪些还说不准", "该收集什么"),
    ],
)
def test_verdict_bars_and_mapping(measured: Path, language: str, said: str, collect: str):
    app = open_page("report/taxonomy", language)
    assert not app.exception
    assert said in html(app)
    assert collect in html(app)
    assert len(app.get("plotly_chart")) == 1
    items = next(table.value for table in app.dataframe if "about" in table.value)
    assert len(items) == 2


def test_another_taxonomy_by_the_address(measured: Path):
    app = open_page("report/taxonomy", taxonomy="instructgpt")
    assert "2 of 9 items have records" in html(app)
    mapping = next(table.value for table in app.dataframe if "origin" in table.value)
    assert dict(zip(mapping["label"], mapping["item"], strict=True)) == {
        "翻译": "Rewrite",
        "summary": "Summarization",
        "salute": "(none of these)",
    }


def test_saved_edits_change_the_figure_at_once_and_can_be_undone(measured: Path):
    folder = edits_folder(measured, "d")
    save_edits(folder, Edits(taxonomy="own", labels=(("salute", None, "greet"), ("翻译", None, "gone"))))
    app = open_page("report/taxonomy")
    assert "1 of 2 items have records" in html(app)
    assert any("The analysis had 0.0%" in text.value for text in app.text)
    asked = app.get("popover")
    assert "Undo 2 saved changes" in [one.proto.popover.label for one in asked]
    assert len(read_edits(folder, "own").labels) == 2, "nothing is deleted before it is asked"
    app.button(key="taxonomy-forget").click().run()
    assert not app.exception
    assert read_edits(folder, "own").labels == ()
    assert "0 of 2 items have records" in html(app)


def test_what_was_chosen_is_what_is_kept():
    taxonomy = Taxonomy(name="t", title_zh="t", title_en="t", items=())
    labels = [Label("a", None, 3), Label("b", "c", 2), Label("d", None, 1)]
    matches = [Match("x", "alias"), Match(None, "none"), Match("y", "edited")]
    before = [one.item for one in matches]
    found = new_edits(taxonomy, labels, before, [None, "x", "y"], {("d", None): "y"})
    assert found.labels == (("a", None, None), ("b", "c", "x"), ("d", None, "y"))


@pytest.mark.parametrize(("language", "said"), [("en", "saving would wipe them out"), ("zh", "一保存就会把它们覆盖掉")])
def test_a_damaged_file_is_never_saved_over(measured: Path, language: str, said: str):
    folder = edits_folder(measured, "d")
    path = save_edits(folder, Edits(taxonomy="own", labels=(("salute", None, "greet"),)))
    damaged = path.read_text(encoding="utf-8")[:-3]
    path.write_text(damaged, encoding="utf-8")
    app = open_page("report/taxonomy", language)
    assert not app.exception
    assert any("cannot be read" in text.value for text in app.text)
    assert any(said in text.value for text in app.text)
    assert len(app.get("plotly_chart")) == 1
    assert not {"taxonomy-save", "taxonomy-forget"} & {button.key for button in app.button}
    assert not any("origin" in table.value for table in app.dataframe)
    app.button(key="taxonomy-set-aside").click().run()
    assert not app.exception
    assert [one.read_text(encoding="utf-8") for one in folder.iterdir()] == [damaged]
    assert "taxonomy-save" in {button.key for button in app.button}
    assert read_edits(folder, "own").labels == ()


@pytest.mark.parametrize(("language", "asks"), [("en", "What this taxonomy asks for"), ("zh", "这个体系要求的各项")])
def test_without_task_types_it_says_what_to_collect(store: Path, language: str, asks: str):
    plain = [{"prompt": f"question {n}", "answer": f"answer {n}"} for n in range(5)]
    analyze(plain, dataset="d", version="v1", store=store, settings={"embedder": "none"})
    app = open_page("report/taxonomy", language)
    assert not app.exception
    assert asks in html(app)
    assert len(app.dataframe[0].value) == 9
    assert not app.get("plotly_chart")


def test_a_report_from_before_says_that_it_was_not_measured(store: Path):
    write_report(store, "data", "v1", ordinary(6))
    for page in ("report/taxonomy", "report/task_types"):
        assert not open_page(page).exception


@pytest.mark.parametrize(
    ("language", "said", "button"),
    [("en", "Suggested task types", "Download 4 suggestions as CSV"), ("zh", "任务类型建议", "下载 4 条建议（CSV）")],
)
def test_suggestions_on_the_task_types_page(measured: Path, language: str, said: str, button: str):
    app = open_page("report/task_types", language)
    assert not app.exception
    assert said in html(app)
    table = next(table.value for table in app.dataframe if "suggested" in table.value)
    assert list(table["suggested"]) == ["翻译"] * 4
    assert button in [element.proto.label for element in app.get("download_button")]


def test_the_check_opens_the_labels_in_doubt(measured: Path):
    app = open_page("report/task_types", kind="disagrees")
    assert not app.exception
    table = next(table.value for table in app.dataframe if "suggested" in table.value)
    assert list(table["record_id"]) == ["s3"]
    assert list(zip(table["given"], table["suggested"], strict=True)) == [("翻译", "summary")]


def test_hostile_names_are_text(measured: Path):
    app = open_page("report/taxonomy")
    assert all(HOSTILE[1] not in element.value for element in app.markdown)
    assert "<script" not in texts(app)
