"""No text of the data and no name that a user chose is read as Markdown, on any page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from comparison.toy import WordEmbedder
from streamlit.testing.v1 import AppTest

from diversity import sampled
from diversity.analysis import analyze
from diversity.comparison import compare
from diversity.store import Store
from pages.apps import ROOT, open_page, texts
from pages.read_as_markdown import read_as_markdown

HOSTILE = ["![x](http://127.0.0.1/x)", "**b**", "<img src=x onerror=alert(1)>", ":material/home:", "$x$"]
# Versions are cut at 40 characters.
DATASET, BEFORE, AFTER = " ".join(HOSTILE), f"{HOSTILE[0]} {HOSTILE[1]}", f"{HOSTILE[3]} {HOSTILE[4]}"
BOATS, SOUP = "harbour sail anchor rope tide hull", "onion broth pepper simmer ladle carrot"
SPLIT_OFF = {
    "report/conversations": [{"section": "topics"}, {"section": "systems"}],
    "report/answer_duplicates": [{"side": "answer"}, {"side": "prompt"}],
    "report/lengths": [{"kept": "broken"}],
}


def rows(words: str) -> list[dict[str, Any]]:
    """Records whose every field is hostile: some with several turns, some asked twice, some with a length."""
    made = []
    for n in range(40):
        bad = HOSTILE[n % len(HOSTILE)]
        later = {"history": [[f"{bad} {words} earlier {n}", f"{bad} then {n}"]]} if n % 4 == 0 else {}
        asked = f"{bad} {words} {n}. Answer in at most 3 words." if n % 5 else f"{bad} {words}"
        made.append(
            {"id": f"{bad}{n}", "system": f"{bad} Answer in English.", "instruction": asked,
             "output": f"{bad} {words} indeed, number {n}", "task_type": f"{bad}-{HOSTILE[n % 3]}", **later}
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("hostile")
    for version, words in ((BEFORE, BOATS), (AFTER, SOUP)):
        file = store / "**b** $x$ :material:.jsonl"
        file.write_text("\n".join([*map(json.dumps, rows(words)), "{broken **b**"]), encoding="utf-8")
        analyze([file], dataset=DATASET, version=version, store=store / "store", settings={"embedder": "none"})
    home = Store(store / "store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampled, "open_embedder", lambda *args, **options: WordEmbedder())
        compare(home.load(DATASET, BEFORE), home.load(DATASET, AFTER))
    return home.root


def hostile_ones(app: AppTest) -> list[str]:
    return [text for text in read_as_markdown(app) if any(bad in text for bad in HOSTILE)]


@pytest.mark.parametrize("path", sorted(str(one.relative_to(ROOT / "pages"))[:-3] for one in ROOT.glob("pages/*/*.py")))
def test_no_page_reads_data_or_names_as_markdown(
    hostile_store: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("DIVERSITY_STORE", str(hostile_store))
    for language in ("en", "zh"):
        for parameters in SPLIT_OFF.get(path, [{}]):
            app = open_page(path, language, dataset=DATASET, version=AFTER, compare=BEFORE, **parameters)
            assert not app.exception, app.exception[0].value
            assert texts(app)
            # The test client formats options outside the app, where the language is Chinese.
            if language == "zh" and app.toggle:
                for toggle in app.toggle:
                    toggle.set_value(True)
                app.run()
                assert not app.exception, app.exception[0].value
            assert hostile_ones(app) == []


def test_the_versions_can_still_be_told_apart(hostile_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_STORE", str(hostile_store))
    app = open_page("compare/versions", dataset=DATASET, version=AFTER, compare=BEFORE)
    assert [app.selectbox(key="whose").options[place] for place in (0, 1)] == [
        f"Most like {AFTER} (new)",
        f"Most like {BEFORE} (old)",
    ]


def careless() -> None:
    import streamlit as st

    bad = "**b**"
    st.segmented_control("one", [bad], key="1")
    st.radio("two", [bad], key="2")
    st.button(bad, key="3")
    st.pills("four", [bad], key="4")
    st.toggle(bad, key="5")
    st.metric(bad, 6)
    st.caption(bad)
    st.error(bad)
    st.button("nine", help=bad, key="9")
    st.selectbox(bad, ["ten"], key="10")
    st.markdown(bad)
    with st.expander(bad), st.popover(bad):
        st.text("unread")
    st.tabs([bad])


def test_the_collector_finds_every_careless_widget() -> None:
    app = AppTest.from_function(careless).run()
    assert not app.exception
    assert len(hostile_ones(app)) >= 14
