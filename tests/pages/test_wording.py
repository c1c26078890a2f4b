"""The wording page over a measured report in both languages, and over reports with nothing to show."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui.factory import HOSTILE, Sketch, hostile, ordinary, write_report

from diversity.analysis import analyze
from diversity.store import Store
from pages.apps import html, open_page, texts

PAGE = "report/wording"
DATASET = "worded"
TYPES = {"翻译": "把下面的句子翻译成英文：{}", "问答": "{}为什么会发生？", "写作": "以{}为题写一篇散文。"}
THINGS = [f"{side}岸的{thing}" for side in "东西南北" for thing in ("白鹭", "渡船", "灯塔", "码头", "集市", "石桥")]


@pytest.fixture(scope="session")
def worded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("worded")
    rows = [
        {"id": f"{name}{n}", "prompt": form.format(thing), "answer": f"{thing}在春天。", "task_type": name}
        for name, form in TYPES.items()
        for n, thing in enumerate([*THINGS, "山顶的亭子"] if name == "翻译" else THINGS)
    ]
    rows += [
        {"id": f"en{n}", "prompt": f"{verb} a report about the {thing}.", "answer": "Done.", "task_type": "<b>en</b>"}
        for n, (verb, thing) in enumerate((v, t) for v in ("Write", "Draft", "Read", "Send") for t in "abcdef")
    ]
    analyze(rows, dataset=DATASET, version="v1", store=store, settings={"embedder": "none"})
    return store


@pytest.fixture
def worded(worded_once: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIVERSITY_STORE", str(worded_once))
    return worded_once


def page(language: str = "en", **parameters: str):
    app = open_page(PAGE, language, dataset=DATASET, version="v1", **parameters)
    assert not app.exception, app.exception[0].value
    return app


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_draws_in_both_languages(worded, language):
    app = page(language)
    assert len(app.get("plotly_chart")) == 4
    assert "dv-banner" in html(app)
    assert "把下面的句子翻译成英文" in html(app)
    assert html(app).count('class="dv-key"') == 5


def test_a_check_s_link_opens_the_wording_responsible(worded):
    app = page("zh", task_type="翻译")
    assert app.selectbox(key="task_type").value == "type:翻译"
    listed = app.dataframe[0].value
    assert list(listed["n"]) == [25]
    assert listed["frame"].iloc[0].startswith("把下面的句子翻译成英文：…")
    table = Store(worded).load(DATASET, "v1").table("prompt_wording")
    frame = str(table.loc[table["task_type"] == "翻译", "frame_id"].iloc[0])
    app = page("zh", task_type="翻译", frame_id=frame)
    assert app.selectbox(key="frame_id").value == frame
    assert set(app.dataframe[1].value["task_type"]) == {"翻译"}


def test_telltale_words_are_listed_with_their_prompts(worded):
    app = page(told="type:翻译")
    words = next(frame.value for frame in app.dataframe if "words" in frame.value)
    assert "翻译成" in words.set_index("type").loc["翻译", "words"]
    told = next(frame.value for frame in app.dataframe if "token" in frame.value)
    assert set(told["task_type"]) == {"翻译"}


def test_names_from_data_are_never_markup(worded):
    assert "<b>en</b>" not in html(page())


@pytest.mark.parametrize(
    "sketches", [ordinary(1), ordinary(9), hostile(), [Sketch([("同样的问题", "同样的答案")])] * 5]
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_reports_without_these_figures_say_why(store, sketches, language):
    write_report(store, "bare", "v1", sketches)
    app = open_page(PAGE, language, dataset="bare", version="v1")
    assert not app.exception, app.exception[0].value
    assert texts(app)
    assert not any(bad in html(app) for bad in HOSTILE[:1])
