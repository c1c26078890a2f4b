"""The task types page where one type is written in several ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from diversity.analysis import analyze
from pages.apps import html, open_page, texts

TYPES = ["Code"] * 3 + ["code"] * 2 + ["<b>问答</b> x", "<b>问答</b>-X", "翻译"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "2 types written in several ways"), ("zh", "2 个类型有几种写法")]
)
def test_spellings_are_listed(store: Path, language: str, said: str) -> None:
    rows = [{"prompt": f"p{at}", "answer": f"a{at}", "task_type": [kind]} for at, kind in enumerate(TYPES)]
    analyze(rows, dataset="d", version="v1", store=store, settings={"embedder": "none"})
    app = open_page("report/task_types", language)
    assert not app.exception
    assert said in html(app)
    table = next(one.value for one in app.dataframe if "spellings" in one.value)
    assert list(table["spellings"]) == ["Code (3) · code (2)", "<b>问答</b> x (1) · <b>问答</b>-X (1)"]


def test_nothing_is_said_where_every_type_has_one_spelling(store: Path) -> None:
    rows = [{"prompt": f"p{at}", "answer": f"a{at}", "task_type": kind} for at, kind in enumerate("甲乙甲")]
    analyze(rows, dataset="d", version="v1", store=store, settings={"embedder": "none"})
    app = open_page("report/task_types")
    assert not app.exception
    assert not any("spellings" in one.value for one in app.dataframe)


@pytest.mark.parametrize(("language", "said"), [("en", "does not look like a task type"), ("zh", "看起来不是任务类型")])
@pytest.mark.parametrize("page", ["report/task_types", "records/set_aside"])
def test_a_field_of_long_texts_is_said_to_be_none(store: Path, page: str, language: str, said: str) -> None:
    rows = [{"prompt": f"p{at}", "answer": f"a{at}", "task_type": f"{at}" + "文" * 300} for at in range(5)]
    analyze(rows, dataset="d", version="v1", store=store, settings={"embedder": "none"})
    app = open_page(page, language)
    assert not app.exception
    assert said in texts(app)
