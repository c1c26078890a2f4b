"""Adding data: what is recognised, mapping, names, and jobs that others started. No analysis is run here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from ui.factory import HOSTILE, ordinary, write_report

from diversity import jobs
from diversity.cli import build_parser
from diversity.job_progress import PROGRESS, Progress, Stage
from diversity.jobs import Request
from diversity.ui import add_data
from diversity.ui.add_data import default_name, next_version, task_type_map
from diversity.ui.watch import duration, size
from diversity.words.checks import MARKS
from pages.apps import html, open_page

ROWS = [{"instruction": f"问题{i}：{text}", "output": f"答案{i}", "kind": "qa"} for i, text in enumerate(HOSTILE)]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "train data.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    return path


def by_path(path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("DIVERSITY_READ_PATHS", "1")
    app = open_page("act/add_data")
    app.button_group(key="add-way").set_value("path").run()
    return app.text_input[0].set_value(str(path)).run()


def test_what_is_recognised_is_shown(store: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    app = by_path(source, monkeypatch)
    assert not app.exception
    said = html(app)
    assert "jsonl" in said
    assert "utf-8" in said
    assert "Prompt ← instruction" in said
    assert "Not used: kind" in said
    assert app.dataframe[0].value["answer"].tolist() == [row["output"] for row in ROWS]


def test_names_are_suggested_and_the_analysis_starts(store: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    write_report(store, "train data", "v1", ordinary())
    started: list[list[str]] = []
    monkeypatch.setattr(add_data, "start_job", lambda root, args: started.append(args) or "20260101-000000-aaaa")
    app = by_path(source, monkeypatch)
    next(button for button in app.button if button.label == "Analyse").click().run()
    assert started == [[str(source), "--dataset=train data", "--version=v2", "--embedder=default"]]


def test_a_version_that_exists_must_be_replaced_on_purpose(store: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    write_report(store, "train data", "v1", ordinary())
    app = by_path(source, monkeypatch)
    next(field for field in app.text_input if field.label == "Version").set_value("v1").run()
    assert next(button for button in app.button if button.label == "Analyse").disabled
    app.checkbox(key="add-replace").check().run()
    assert not next(button for button in app.button if button.label == "Analyse").disabled


def test_what_cannot_be_read_is_no_failed_check(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "wrong.csv"
    path.write_text("foo,bar\n1,2\n", encoding="utf-8")
    said = html(by_path(path, monkeypatch))
    assert "cannot be read" in said
    assert ">fail<" not in said


def test_a_long_file_says_that_only_its_beginning_was_looked_at(
    store: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert "were looked at" not in html(by_path(source, monkeypatch))
    path = tmp_path / "long.jsonl"
    rows = [{"prompt": f"q{n}", "answer": f"a{n}"} for n in range(add_data.PREVIEW_ROWS + 1)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert "Only the first 20 records were looked at" in html(by_path(path, monkeypatch))


def test_fields_can_be_mapped(store: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    app = by_path(source, monkeypatch)
    app.toggle(key="add-map").set_value(True).run()
    next(box for box in app.selectbox if box.label == "Answer").set_value("kind").run()
    assert not app.exception
    assert set(app.dataframe[0].value["answer"]) == {"qa"}


def test_a_file_that_is_no_data_says_so(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "noise.bin"
    path.write_bytes(bytes(range(256)) * 20)
    app = by_path(path, monkeypatch)
    assert not app.exception
    assert not [button for button in app.button if button.label == "Analyse"]


def test_a_path_that_is_not_there(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    app = by_path(tmp_path / "<b>nothing</b>", monkeypatch)
    assert "&lt;b&gt;nothing" in html(app)


def test_no_paths_when_the_server_listens_wider(store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIVERSITY_READ_PATHS", "0")
    app = open_page("act/add_data")
    assert len(app.button_group) == 1
    assert not app.text_input


def analyse(app: AppTest):
    return next(button for button in app.button if button.label == "Analyse")


def test_a_name_that_looks_like_an_option(store: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    started: list[list[str]] = []
    monkeypatch.setattr(add_data, "start_job", lambda root, args: started.append(args) or "20260101-000000-aaaa")
    app = by_path(source, monkeypatch)
    next(field for field in app.text_input if field.label == "Data set").set_value("-x").run()
    analyse(app).click().run()
    given = build_parser().parse_args(["analyze", *started[0]])
    assert (given.dataset, given.version) == ("-x", "v1")


def test_an_embedder_that_opens_a_folder_is_refused(store: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("diversity.ui.uploads.paths_allowed", lambda: False)
    app = by_path(source, monkeypatch)
    app.text_input(key="add-embedder").set_value("/etc").run()
    assert analyse(app).disabled
    assert "hub name" in html(app)
    app.text_input(key="add-embedder").set_value("BAAI/bge-small-zh-v1.5").run()
    assert not analyse(app).disabled


def test_a_home_of_nobody(store: Path, monkeypatch: pytest.MonkeyPatch):
    app = by_path(Path("~no_such_user_here"), monkeypatch)
    assert not app.exception
    assert "~no_such_user_here" in html(app)


def test_what_cannot_be_read_is_said(store: Path, source: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(*args: object) -> None:
        raise PermissionError(13, "Permission denied", str(source))

    monkeypatch.setattr(add_data, "_preview", refused)
    app = by_path(source, monkeypatch)
    assert not app.exception
    assert "Permission denied" in html(app)


def make_job(store: Path, state: str, **more: object) -> None:
    folder = store / ".jobs" / f"20260101-000000-{state}"
    folder.mkdir(parents=True)
    now = "2026-01-01T00:00:00+00:00"
    request = Request(args=["f", "--dataset", "<b>d</b>", "--version", "v9"], created_at=now)
    (folder / jobs.REQUEST).write_text(request.model_dump_json())
    stages = [Stage(name="read", done=100, total=100, seconds=1), Stage(name="embed", done=50, total=200, seconds=10)]
    progress = Progress(state=state, stage="embed", started_at=now, updated_at=now, stages=stages, **more)  # type: ignore[arg-type]
    (folder / PROGRESS).write_text(progress.model_dump_json())


def test_a_running_job_shows_its_stages_to_whoever_comes(store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "_is_here", lambda pid, folder: True)
    make_job(store, "running", pid=1)
    app = open_page("act/add_data")
    assert not app.exception
    said = html(app)
    assert "50 of 200" in said
    assert "25.0%" in said
    assert "30 s left" in said
    assert "&lt;b&gt;d&lt;/b&gt; / v9" in said
    assert "Cancel" in [button.label for button in app.button]


def test_ended_jobs_say_how(store: Path):
    make_job(store, "failed", error="no good row in <x>")
    make_job(store, "done")
    app = open_page("act/add_data")
    assert "failed" in html(app)
    assert app.code[0].value == "no good row in <x>"
    assert "Open the report" in [button.label for button in app.button]
    next(button for button in app.button if button.label == "Remove from this list").click().run()
    assert len(list((store / ".jobs").iterdir())) == 1


@pytest.mark.parametrize(
    ("file", "name"),
    [("a/b/train.jsonl", "train"), ("x.json.gz", "x"), ("数据.CSV", "数据"), (".jsonl", "data"), ("folder", "folder")],
)
def test_default_name(file: str, name: str):
    assert default_name([Path(file)], file) == name


def test_a_folder_gives_its_name(tmp_path: Path):
    folder = tmp_path / "my set.v2"
    folder.mkdir()
    assert default_name([folder], str(folder / "a.jsonl")) == "my set.v2"
    assert default_name([folder, folder], str(folder / "a.jsonl")) == "a"


def test_a_side_that_is_always_the_same_is_asked_about(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps({"prompt": "无 ", "answer": f"{i}"}) for i in range(5)), encoding="utf-8")
    said = html(by_path(path, monkeypatch))
    assert "Prompt is the same in all of the first 5 rows (“无”): is prompt the right field?" in said
    assert "Answer is the same" not in said


def test_no_usable_row_is_a_failure(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps({"headline": "t", "body": f"{i}"}) for i in range(5)), encoding="utf-8")
    app = by_path(path, monkeypatch)
    assert not app.exception
    assert f"{MARKS['fail']}</span>" in html(app)


@pytest.mark.parametrize(("versions", "name"), [([], "v1"), (["v1", "v10", "final"], "v11"), (["final"], "v1")])
def test_next_version(versions: list[str], name: str):
    assert next_version(versions) == name


def test_task_type_levels_are_mapped_as_a_pair():
    assert task_type_map({"task_type": "a", "task_type_2": "b"}, {}) == {"task_type_1": "a", "task_type_2": "b"}
    assert task_type_map({"task_type": "a", "prompt": "p"}, {}) == {"task_type": "a", "prompt": "p"}
    assert task_type_map({"task_type_2": "b"}, {}) == {"task_type": "b"}


def test_a_level_left_as_recognised_stays():
    pair = {"task_type_1": "x", "task_type_2": "y", "prompt": "q"}
    assert task_type_map({"task_type": "a"}, pair) == {"task_type_1": "a", "task_type_2": "y"}
    assert task_type_map({"task_type_2": "b"}, pair) == {"task_type_1": "x", "task_type_2": "b"}
    assert task_type_map({"task_type_2": "b"}, {"task_type": "x"}) == {"task_type_1": "x", "task_type_2": "b"}
    assert task_type_map({"prompt": "p"}, pair) == {"prompt": "p"}


def test_the_map_says_what_was_recognised(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "levels.csv"
    extra = [f"x{n}" for n in range(14)]
    cells = ",".join("1" for _ in extra)
    path.write_text(f"一级分类,二级分类,问题,回答,{','.join(extra)}\n写作,诗歌,问,答,{cells}\n", encoding="utf-8")
    app = by_path(path, monkeypatch)
    app.toggle(key="add-map").set_value(True).run()
    assert not app.exception
    boxes = {box.label: box.options[0] for box in app.selectbox}
    assert boxes["Task type"] == "as recognised (一级分类)"
    assert boxes["Task type, level 2"] == "as recognised (二级分类)"
    assert "Not used: x0, x1" in html(app)
    assert "x11 and 2 more" in html(app)
    assert app.dataframe[0].value["line"].tolist() == ["2"]


def test_durations_and_sizes():
    assert duration(59.4) in ("59 s", "59 秒")
    assert duration(200) in ("3 min 20 s", "3 分 20 秒")
    assert duration(7500) in ("2 h 5 min", "2 小时 5 分")
    assert [size(n) for n in (5, 1500, 2_500_000, 3e9)] == ["5 B", "2 kB", "2 MB", "3.0 GB"]


def files(app: AppTest):
    return next(box for box in app.selectbox if "3 files" in box.label)


def test_any_of_several_files_can_be_looked_at(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"instruction": "ask", "output": "first"}')
    (folder / "b.json").write_text('[{"Frage": "ask", "Antwort": "second"}]')
    (folder / "c.json").write_text("")
    app = by_path(folder, monkeypatch)
    assert app.dataframe[0].value["answer"].tolist() == ["first"]
    app.toggle(key="add-map").set_value(True).run()
    files(app).set_value(1).run()
    next(box for box in app.selectbox if box.label == "Prompt").set_value("Frage").run()
    next(box for box in app.selectbox if box.label == "Answer").set_value("Antwort").run()
    assert app.dataframe[0].value["answer"].tolist() == ["second"]
    assert next(field for field in app.text_input if field.label == "Data set").value == "two"
    # The map is for all files: it stays where one is looked at that lacks its fields.
    files(app).set_value(0).run()
    assert not app.exception
    assert next(box for box in app.selectbox if box.label == "Answer").value == "Antwort"
    files(app).set_value(2).run()
    assert not app.exception
    assert files(app).options == ["a.jsonl", "b.json", "c.json"]
    assert not [button for button in app.button if button.label == "Analyse"]
