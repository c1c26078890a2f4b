"""The comparison page over two small versions with an embedder that knows words alone, in both languages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from comparison.toy import WordEmbedder
from helpers import rows_of, unsealed
from streamlit.testing.v1 import AppTest

from diversity import sampled
from diversity.analysis import analyze
from diversity.comparison import compare
from diversity.comparison.regions import Region
from diversity.comparison.versions import kept_comparison
from diversity.store import Store
from pages.apps import html, open_page, texts

BOATS, SOUP = "harbour sail anchor rope tide hull", "onion broth pepper simmer ladle carrot"
HOSTILE = "<script>alert(1)</script> **bold** $x$"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half of the boats gave way to soup, one record of which is hostile."""
    store = tmp_path_factory.mktemp("versions")
    boats = [f"{BOATS} {n}" for n in range(60)]
    later = [*boats[:30], HOSTILE, *(f"{SOUP} {n}" for n in range(29))]
    for version, prompts in (("v1", boats), ("v2", later)):
        answers = [f"{prompt} indeed" for prompt in prompts]
        types = [prompt.split()[0] for prompt in prompts]
        data = rows_of(prompts, answers, types)
        analyze(data, dataset="toy", version=version, store=store, settings={"embedder": "none"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampled, "open_embedder", lambda *args, **options: WordEmbedder())
        home = Store(store)
        compare(home.load("toy", "v1"), home.load("toy", "v2"))
    return store


@pytest.fixture
def page(compared: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIVERSITY_STORE", str(compared))

    def opened(language: str = "en", **parameters: str):
        app = open_page("compare/versions", language, dataset="toy", version="v2", compare="v1", **parameters)
        assert not app.exception, app.exception[0].value
        return app

    return opened


@pytest.fixture
def regions(compared: Path) -> list[Region]:
    """All regions, in the order of the page."""
    home = Store(compared)
    kept = kept_comparison(home.load("toy", "v1"), home.load("toy", "v2"))
    assert kept is not None
    return list(kept.regions)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "What drifted",
                "Drift, the largest first",
                "meaning of prompts",
                "Regions whose share rose or fell",
                "large",
            ),
        ),
        ("zh", ("漂移：", "分布漂移，从大到小", "prompt 语义", "占比上升和下降的区域", "大")),
    ],
)
def test_it_says_what_drifted_and_where(page, language, words):
    app = page(language)
    said = html(app)
    assert all(word in said for word in words)
    # Lengths of prompts and answers, task types, the joint map.
    assert len(app.get("plotly_chart")) == 4
    assert "<script>" not in said
    assert "alert(1)" not in said or "&lt;script&gt;" in said


def test_the_largest_drift_stands_first(page):
    table = html(page()).split("Drift, the largest first")[1]
    assert table.index("task types, level 1") < table.index("language of prompts") < table.index("turns in a record")


def frames(app):
    """The tables of regions, of records that tell the versions apart, and of the record diff."""
    found = [frame.value for frame in app.dataframe]
    return {"regions": found[0], "surest": found[-2], "diff": found[-1]}


def test_the_records_responsible_are_those_that_only_one_version_has(page):
    app = page()
    surest = frames(app)["surest"]
    assert "onion" in surest["prompt"].iloc[0]
    assert surest["sure"].is_monotonic_decreasing
    app = page(whose="before")
    assert all("harbour" in prompt for prompt in frames(app)["surest"]["prompt"])
    assert app.query_params["whose"] == ["before"] or app.query_params["whose"] == "before"


def test_a_region_in_the_address_shows_its_texts(page, regions):
    app = page()
    first = next(region for region in regions if region.field == "prompt")
    assert frames(app)["regions"]["name"].iloc[0] == first.name
    opened = page(region=f"prompt.{first.region}")
    assert len(opened.dataframe) == len(app.dataframe) + 1
    assert "the most typical first" in html(opened)


def test_answers_have_a_map_of_their_own(page, regions):
    app = page(drift_field="answer", region="prompt.0")
    assert "region" not in app.query_params
    assert list(frames(app)["regions"]["name"]) == [one.name for one in regions if one.field == "answer"]


def test_a_first_comparison_without_an_embedder_says_why(store):
    for version, start in (("v1", 0), ("v2", 20)):
        prompts = [f"{BOATS} {n}" for n in range(start, start + 30)]
        analyze(
            rows_of(prompts, [f"{p} indeed" for p in prompts]),
            dataset="bare",
            version=version,
            store=store,
            settings={"embedder": "none"},
        )
    app = open_page("compare/versions", dataset="bare", version="v2")
    assert not app.exception, app.exception[0].value
    assert "needs an embedder" in html(app)
    assert len(app.get("plotly_chart")) == 2
    assert "Comparing" not in texts(app)


def test_the_first_version_is_held_against_the_one_made_next(compared: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIVERSITY_STORE", str(compared))
    app = open_page("compare/versions", dataset="toy", version="v1")
    assert not app.exception, app.exception[0].value
    assert "v2 against v1" in html(app)


@pytest.fixture
def three(compared: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The two versions and a copy of the first that was made last."""
    store = tmp_path / "store"
    shutil.copytree(compared, store)
    shutil.copytree(store / "toy" / "v1", store / "toy" / "v3")
    report = json.loads((unsealed(store / "toy" / "v3") / "report.json").read_text())
    report |= {"version": "v3", "created_at": "2999-01-01T00:00:00+00:00"}
    (store / "toy" / "v3" / "report.json").write_text(json.dumps(report))
    monkeypatch.setenv("DIVERSITY_STORE", str(store))


def comparing(app: AppTest) -> tuple[str, str | None]:
    """What the sidebar says is compared, and what the address says."""
    picker = app.selectbox(key="compare")
    address = app.query_params.get("compare")
    return picker.options[picker.index], address[0] if isinstance(address, list) else address


def test_the_sidebar_and_the_address_say_what_is_compared_by_default(three: None):
    app = open_page("compare/versions", "zh", dataset="toy", version="v2")
    assert comparing(app) == ("v1（默认）", "v1")
    assert "v2 对比 v1" in html(app)
    app.selectbox(key="version").set_value("v3").run()
    assert comparing(app) == ("v2（默认）", "v2")
    assert "v3 对比 v2" in html(app)


def test_what_is_compared_by_default_is_no_choice_for_other_pages(three: None):
    app = open_page("compare/versions", "en", dataset="toy", version="v3")
    assert comparing(app) == ("v2 (default)", "v2")
    app.switch_page("pages/report/overview.py").run()
    assert comparing(app) == ("not chosen", None)


def test_a_choice_goes_with_the_reader_from_page_to_page(three: None):
    app = open_page("report/overview", "en", dataset="toy", version="v3")
    app.selectbox(key="compare").set_value("v1").run()
    app.switch_page("pages/compare/versions.py").run()
    assert comparing(app) == ("v1", "v1")
    assert "v3 against v1" in html(app)
    app.switch_page("pages/report/overview.py").run()
    assert comparing(app) == ("v1", "v1")


def test_a_link_to_a_comparison_shows_it_whether_or_not_it_was_chosen(three: None):
    assert "v3 against v2" in html(open_page("compare/versions", dataset="toy", version="v3", compare="v2"))
    assert "v3 against v1" in html(open_page("compare/versions", dataset="toy", version="v3", compare="v1"))


def test_the_sidebar_names_the_next_version_for_the_first(three: None):
    app = open_page("compare/versions", "en", dataset="toy", version="v1")
    assert comparing(app) == ("v2 (default)", None)
    assert "v2 against v1" in html(app)


@pytest.fixture
def edited(store: Path) -> None:
    """Of forty records three lost their system and five their label's old name; ten more are gone."""
    before = [
        {"id": f"r{n}", "system": "Be brief.", **row}
        for n, row in enumerate(
            rows_of([f"{BOATS} {n}" for n in range(50)], [f"{SOUP} {n}" for n in range(50)], ["a-b"] * 50)
        )
    ]
    after = [dict(row) for row in before[:40]]
    for row in after[:3]:
        row["system"] = ""
    for row in after[3:8]:
        row["task_type"] = "a-c"
    for version, data in (("v1", before), ("v2", after)):
        analyze(data, dataset="edits", version=version, store=store, settings={"embedder": "none"})


@pytest.mark.parametrize(
    ("language", "options", "changed", "moved"),
    [
        (
            "en",
            ["whatever changed (8)", "system prompt (3)", "task type (5)"],
            "system prompt",
            "a-b → a-c (5 records)",
        ),
        ("zh", ["任何改动（8）", "system（3）", "任务类型（5）"], "system", "a-b → a-c（5 条）"),
    ],
)
def test_edits_say_what_changed_and_are_filtered_by_it(
    edited: None, language: str, options: list[str], changed: str, moved: str
):
    app = open_page("compare/versions", language, dataset="edits", version="v2")
    assert not app.exception, app.exception[0].value
    assert app.selectbox(key="edit").options == options
    assert moved in html(app)
    assert len(app.dataframe[-1].value) == 8
    app.selectbox(key="edit").set_value("system").run()
    assert not app.exception, app.exception[0].value
    assert set(app.dataframe[-1].value["changed"]) == {changed}
    assert len(app.dataframe[-1].value) == 3
    assert "Be brief." in html(app)
    assert app.query_params["edit"] in ("system", ["system"])
    app = open_page("compare/versions", language, dataset="edits", version="v2", status="removed")
    assert not app.exception, app.exception[0].value
    assert "changed" not in app.dataframe[-1].value.columns


def test_the_records_that_tell_versions_apart_open_on_the_side_that_has_some(
    store: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sampled, "open_embedder", lambda *args, **options: WordEmbedder())
    boats = [f"{BOATS} {n}" for n in range(60)]
    soups = [f"{SOUP} {n}" for n in range(40)]
    for version, prompts in (("v1", [*boats, *soups]), ("v2", boats)):
        data = rows_of(prompts, [f"{prompt} indeed" for prompt in prompts])
        analyze(data, dataset="less", version=version, store=store, settings={"embedder": "none"})
    # Not within the page's patience: the joint map compiles first.
    home = Store(store)
    compare(home.load("less", "v1"), home.load("less", "v2"))
    for asked in ({}, {"whose": "after"}):
        app = open_page("compare/versions", dataset="less", version="v2", **asked)
        assert not app.exception, app.exception[0].value
        assert len(app.selectbox(key="whose").options) == 1
        assert app.selectbox(key="whose").value == "before"
        assert all("onion" in prompt for prompt in frames(app)["surest"]["prompt"])
