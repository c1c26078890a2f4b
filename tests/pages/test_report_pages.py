"""The report and comparison pages over measured reports in both languages, and over reports with nothing to show."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ui.factory import HOSTILE, Sketch, hostile, ordinary, write_report

from diversity.analysis import analyze
from diversity.report import Report
from diversity.ui import duplicate_view
from diversity.ui.duplicate_data import KINDS, SIDES, count_flagged, flagged_rows
from diversity.ui.view import View
from pages.apps import html, open_page, texts
from pages.measured import DATASET, FACTS, REFUSAL, measure, opened

PAGES = [f"report/{name}" for name in ("task_types", "lengths", "answer_duplicates", "key_information", "map")]
PAGES.append("compare/versions")


@pytest.fixture(scope="session")
def measured_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("measured")
    measure(store)
    return store


@pytest.fixture
def measured(measured_once: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIVERSITY_STORE", str(measured_once))
    return measured_once


def page(name: str, language: str = "en", version: str = "v1", **parameters: str):
    app = open_page(name, language, dataset=DATASET, version=version, **parameters)
    assert not app.exception, app.exception[0].value
    return app


def seeded(folder: Path) -> None:
    """Settings as a measured report has them, as far as a comparison asks."""
    file = folder / "report.json"
    report = Report.model_validate_json(file.read_bytes())
    file.write_text(report.model_copy(update={"settings": {"seed": 7}}).model_dump_json(), encoding="utf-8")


def figures(app) -> int:
    return len(app.get("plotly_chart"))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_draws_in_both_languages(measured, name, language):
    app = page(name, language)
    assert figures(app) >= 1
    assert "dv-banner" in html(app)


@pytest.mark.parametrize(
    "sketches", [ordinary(1), ordinary(9), hostile(), [Sketch([("同样的问题", "同样的答案")])] * 5]
)
@pytest.mark.parametrize("name", PAGES)
def test_reports_without_these_figures_say_why(store, name, sketches):
    for version in ("v1", "v2"):
        seeded(write_report(store, "bare", version, sketches))
    app = open_page(name, dataset="bare", version="v1")
    assert not app.exception, app.exception[0].value
    assert not any(bad in html(app) for bad in HOSTILE[:1])


def test_reports_of_different_releases_are_not_compared(store):
    for version in ("v1", "v2"):
        write_report(store, "old", version, ordinary(3))
    assert "made by an earlier release" in html(open_page("compare/versions", dataset="old", version="v1"))


def test_one_version_alone_says_what_to_do(store):
    write_report(store, "alone", "v1", ordinary(3))
    app = open_page("compare/versions")
    assert "is the only version of this data set" in html(app)


def test_types_can_be_filtered_down_to_the_second_level(measured):
    # The test client formats options outside the app, where the language is Chinese.
    app = page("report/task_types", "zh")
    app.selectbox(key="task_type_1").set_value("type:翻译").run()
    assert app.query_params["task_type_1"] == "type:翻译"
    shown = set(app.dataframe[-1].value["task_type"])
    assert shown == {"翻译 · 中译英", "翻译 · 英译中"}
    app.selectbox(key="task_type_2").set_value("type:中译英").run()
    assert set(app.dataframe[-1].value["task_type"]) == {"翻译 · 中译英"}


def test_a_check_s_link_opens_the_unlabelled_records(measured):
    app = page("report/task_types", task_type_1="None")
    assert app.selectbox(key="task_type_1").value == "None"
    assert set(app.dataframe[-1].value["record_id"]) == {"q0", "q1", "q2", "q3"}


def test_a_check_s_link_opens_one_type(measured):
    app = page("report/task_types", task_type_1="翻译")
    assert app.selectbox(key="task_type_1").value == "type:翻译"


def test_the_longest_prompts_stand_first_when_asked(measured):
    app = page("report/lengths", order="longest")
    tokens = list(app.dataframe[0].value["prompt_tokens"])
    assert tokens == sorted(tokens, reverse=True)
    assert tokens[0] > 256


def test_a_bucket_narrows_the_list(measured):
    app = page("report/lengths", bucket="≤32")
    assert max(app.dataframe[0].value["prompt_tokens"]) <= 32


def test_the_download_says_how_many_rows_it_writes(measured):
    app = page("report/answer_duplicates")
    button = app.get("download_button")[0]
    assert button.proto.label == "Download 8 flagged rows: 7 to drop"


def test_the_download_counts_own_choices(measured):
    view = View(opened(measured))
    rows = flagged_rows(view, SIDES["answer"], KINDS, {})
    dropped = rows[rows["suggestion"] == "drop"].iloc[0]
    unit = (dropped["record_id"], int(dropped["turn"]))
    assert count_flagged(view, SIDES["answer"], KINDS, {}) == (8, 7, 0)
    assert count_flagged(view, SIDES["answer"], KINDS, {unit: "rewrite"}) == (8, 6, 1)


def test_clusters_with_most_to_drop_come_first(store):
    """A frequent label that stays is larger than the text of which two go."""
    labels = [{"prompt": f"第{i}条评论是好评还是差评？", "answer": "差评"} for i in range(6)]
    repeats = [{"prompt": "几点开门？", "answer": REFUSAL}] * 3
    analyze([*labels, *repeats], dataset=DATASET, version="v1", store=store, settings={"embedder": "none"})
    app = page("report/answer_duplicates")
    assert app.dataframe[0].value[["size", "drops"]].to_numpy().tolist() == [[3, 2], [6, 0]]
    assert page("report/answer_duplicates", **{"order-answer": "size"}).dataframe[0].value["size"].tolist() == [6, 3]


def test_the_largest_cluster_is_open_with_keep_and_drop(measured):
    app = page("report/answer_duplicates")
    assert REFUSAL in html(app)
    assert app.dataframe[0].value["size"].iloc[0] == 8
    assert set(app.dataframe[1].value["suggestion"]) == {"keep", "drop"}


def test_own_choices_outlive_another_cluster_and_language(tmp_path, monkeypatch):
    asked = ["请介绍一下你自己。"] * 3 + ["今天是星期几？"] * 2 + [f"{n} 号门几点开？" for n in range(5)]
    rows = [{"prompt": prompt, "answer": f"这是第 {n} 个回答。"} for n, prompt in enumerate(asked)]
    analyze(rows, dataset=DATASET, version="v1", store=tmp_path, settings={"embedder": "none"})
    monkeypatch.setenv("DIVERSITY_STORE", str(tmp_path))
    editor, shows = duplicate_view.st.data_editor, {"cluster": None, "edit": False}

    def edited(frame, **options):
        """The first row's choice turned round, as long as `edit` says that the editor still remembers it."""
        found = editor(frame, **options).copy()
        if shows["edit"]:
            other = next(
                one
                for one in options["column_config"]["suggestion"]["type_config"]["options"]
                if one != frame["suggestion"].iloc[0]
            )
            found.loc[0, "suggestion"] = other
        return found

    def table(frame, key):
        ids = frame["cluster_id"].tolist()
        return ids[0] if shows["cluster"] is None else ids[shows["cluster"]]

    monkeypatch.setattr(duplicate_view.st, "data_editor", edited)
    monkeypatch.setattr(duplicate_view, "cluster_table", table)
    shows["edit"] = True
    app = page("report/answer_duplicates", side="prompt")
    kept = [dict(one) for one in app.session_state["_dup_choices"].values() if one]
    assert [len(one) for one in kept] == [1]
    shows["edit"] = False
    for cluster in (1, 0):
        shows["cluster"] = cluster
        app.run()
        assert not app.exception
        assert [one for one in app.session_state["_dup_choices"].values() if one] == kept
    app.session_state["lang"] = "zh"
    app.run()
    assert [one for one in app.session_state["_dup_choices"].values() if one] == kept
    ((unit, choice),) = kept[0].items()
    flagged = flagged_rows(View(opened(tmp_path)), SIDES["prompt"], KINDS, kept[0])
    row = flagged[(flagged["record_id"] == unit[0]) & (flagged["turn"] == unit[1])].iloc[0]
    assert (row["suggestion"], row["reason"]) == (choice, "chosen_by_hand")


def test_quadrants_filter(measured):
    app = page("report/answer_duplicates")
    button = next(one for one in app.button if one.key == "dup-same_prompt_different_answers")
    assert button.label == "**4** · same prompt, different answers"
    button.click().run()
    assert not app.exception
    assert app.query_params["quadrant"] == "same_prompt_different_answers"
    assert set(app.dataframe[0].value["record_id"]) == {"q0", "q1", "q2", "q3"}


def test_prompts_have_their_own_side(measured):
    app = page("report/answer_duplicates", side="prompt")
    assert app.get("download_button")[0].proto.label.startswith("Download")
    assert any("请介绍一下你自己" in text for text in app.dataframe[0].value["text"])
    # Two dozen long prompts share their form, and each asks about another warehouse.
    assert not any("仓库" in text for text in app.dataframe[0].value["text"])


def test_the_winning_passage_is_marked_and_can_be_stepped_through(measured):
    app = page("report/key_information", "zh", place="any")
    assert '<mark class="dv-hit">' in html(app)
    assert "dv-ruler" in html(app)
    first = html(app)
    next(one for one in app.button if one.key == "key-next").click().run()
    assert html(app) != first
    assert any(text.value.startswith("第 2 条") for text in app.text)


def test_a_click_in_the_list_opens_that_prompt(measured, clicked_rows):
    # The test client formats options outside the app, where the language is Chinese.
    app = page("report/key_information", "zh", place="any")
    app.toggle(key="key-list").set_value(True).run()
    listed = app.dataframe[-1].value
    for row in (len(listed) - 1, 1):
        clicked_rows["key-list"] = row
        app.run()
        assert not app.exception
        assert any(text.value.startswith(f"第 {row + 1} 条") for text in app.text)
        assert listed["answer"].iloc[row] in html(app)


def test_positions_filter_and_add_up(measured):
    app = page("report/key_information")
    options = app.get("button_group")
    assert options
    assert str(FACTS) in texts(app)


def test_the_map_lists_clusters_and_marks_matches(measured):
    app = page("report/map")
    assert list(app.dataframe[0].value["name"]) == ["<b>仓库</b>", "river"]
    app.text_input(key="q").set_value("River 3").run()
    assert not app.exception
    assert "points match." in texts(app) or "point matches." in texts(app)
    assert "Write 6 lines about river 3." in set(app.dataframe[0].value["prompt"])


def test_without_a_figure_the_classes_speak_of_every_length(measured):
    result = opened(measured).report.result("key_info_position")
    said = html(page("report/key_information"))
    assert ("of every length, as are" in said) == (result.status != "ok")
    assert ("the figure above" in said) == (result.status == "ok")


def test_a_click_on_a_cluster_lists_its_texts(measured, clicked_rows):
    for row, cluster in ((1, "river"), (0, "<b>仓库</b>")):
        clicked_rows["map-clusters"] = row
        app = page("report/map")
        size = app.dataframe[0].value["size"].iloc[row]
        assert app.dataframe[0].value["name"].iloc[row] == cluster
        assert len(app.dataframe[1].value) == min(size, 50)
        assert list(app.dataframe[1].value["record_id"])[:1] == [["f0"], ["f1"]][row]


def test_the_comparison_says_what_changed_and_marks_it(measured):
    app = page("compare/versions", version="v2", status="edited")
    said = html(app)
    assert "v2 against v1: +" in said
    assert "dv-deltas" in said
    assert "dv-ins" in said or "dv-del" in said


def test_added_and_removed_records_are_listed(measured):
    for status in ("added", "removed"):
        app = page("compare/versions", version="v2", status=status)
        assert len(app.dataframe[-1].value) > 0


def test_a_map_whose_table_is_damaged_says_so(measured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = tmp_path / "store"
    shutil.copytree(measured, store)
    (store / DATASET / "v1" / "tables" / "semantic_map.parquet").write_bytes(b"PAR1")
    monkeypatch.setenv("DIVERSITY_STORE", str(store))
    app = page("report/map")
    assert figures(app) == 0
    assert "semantic_map.parquet" in html(app)
