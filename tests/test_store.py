from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from helpers import unsealed
from small_reports import publish, report

from diversity.errors import DamagedReport, UsageError
from diversity.sealed import is_whole
from diversity.store import Store
from diversity.stored_report import REPORT_FILE


def test_an_existing_version_is_replaced_only_when_asked(tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish(store, "d", "v1", "old")
    with pytest.raises(UsageError, match="--replace"):
        publish(store, "d", "v1", "new")
    assert store.load("d", "v1").table("t")["marker"].tolist() == ["old"]
    publish(store, "d", "v1", "new", replace=True)
    assert store.load("d", "v1").table("t")["marker"].tolist() == ["new"]
    assert not any((tmp_path / ".replaced").iterdir())


def test_a_run_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def run() -> None:
        with store.staging() as folder:
            (folder / "records.parquet").write_text("half")
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        run()
    assert store.list() == []
    assert list((tmp_path / ".staging").iterdir()) == []


def stage_and_wait(root: Path) -> None:
    with Store(root).staging() as folder:
        (folder / REPORT_FILE).write_text("half")
        (root / "ready").touch()
        time.sleep(60)


def test_a_killed_run_leaves_no_report_and_its_leftovers_are_swept(tmp_path: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=stage_and_wait, args=(tmp_path,))
    process.start()
    while not (tmp_path / "ready").exists():
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert Store(tmp_path).list() == []
    publish(Store(tmp_path), "d", "v1")
    assert [one.version for one in Store(tmp_path).list()] == ["v1"]
    assert list((tmp_path / ".staging").iterdir()) == []


def test_a_replacement_cut_between_its_two_renames_is_undone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish(store, "d", "v1", "old")
    waiting = tmp_path / ".replaced"
    waiting.mkdir()
    os.rename(store.path("d", "v1"), waiting / "d~~v1~~abc")
    assert store.load("d", "v1").table("t")["marker"].tolist() == ["old"]


def leftover(root: Path, name: str) -> Path:
    """What a crash leaves between the two renames of a replacement, under `name`."""
    waiting = root / ".replaced"
    waiting.mkdir(exist_ok=True)
    shutil.copytree(root / "d" / "v1", waiting / name)
    return waiting / name


def test_a_leftover_whose_folder_is_gone_is_put_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish(store, "d", "v1", "old")
    leftover(tmp_path, "a~~b~~c")
    assert not store.has("another", "v1")
    assert (tmp_path / "a" / "b" / REPORT_FILE).is_file()
    assert len(store.list()) == 2


@pytest.mark.parametrize("name", ["a~~b~~c~~d", "a~~b", "odd", "..~~b~~c", "a~~..~~c", "~~b~~c"])
def test_a_leftover_of_an_unknown_name_is_left_alone_and_hides_nothing(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    publish(store, "d", "v1")
    left = leftover(tmp_path, name)
    assert [one.version for one in store.list()] == ["v1"]
    assert not store.has("d", "v2")
    assert left.is_dir()


def test_a_leftover_that_cannot_be_put_back_hides_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish(store, "d", "v1")
    left = leftover(tmp_path, "a~~b~~c")
    (tmp_path / "a").write_text("a file where the folder should be")
    assert [one.version for one in store.list()] == ["v1"]
    assert left.is_dir()


def test_a_leftover_is_not_thrown_away_for_a_folder_that_is_no_report(tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish(store, "d", "v1")
    left = leftover(tmp_path, "a~~b~~c")
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "notes.txt").write_text("mine")
    store.list()
    assert left.is_dir()


def publish_many(root: Path, marker: str) -> None:
    for _ in range(10):
        publish(Store(root), "d", "v1", marker, replace=True)


def test_two_runs_of_one_version_do_not_corrupt_each_other(tmp_path: Path) -> None:
    publish(Store(tmp_path), "d", "v1", "a")
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=publish_many, args=(tmp_path, marker)) for marker in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert Store(tmp_path).load("d", "v1").table("t")["marker"].tolist()[0] in ("a", "b")


def test_a_missing_version_names_those_of_its_data_set_first(tmp_path: Path) -> None:
    publish(Store(tmp_path), "d", "v1")
    for number in range(25):
        publish(Store(tmp_path), f"other{number}", "v1")
    with pytest.raises(UsageError, match="Reports: d/v1, other"):
        Store(tmp_path).load("d", "nope")


def test_list_is_newest_first_and_leaves_out_what_is_no_report(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for version, created in (("v1", "2026-01-01"), ("v2", "2026-03-01"), ("v3", "2026-02-01")):
        with store.staging() as folder:
            (folder / REPORT_FILE).write_text(report("d", version, created).model_dump_json())
            store.publish(folder, "d", version, False)
    (tmp_path / "d" / "v9").mkdir()
    (tmp_path / "d" / "v9" / REPORT_FILE).write_text("{}")
    assert [one.version for one in store.list()] == ["v2", "v3", "v1"]


def test_a_missing_report_names_those_there_are(tmp_path: Path) -> None:
    publish(Store(tmp_path), "d", "v1")
    with pytest.raises(UsageError, match="d/v1"):
        Store(tmp_path).load("d", "v2")


def test_the_files_of_a_published_report_are_sealed(tmp_path: Path) -> None:
    folder = publish(Store(tmp_path), "d", "v1")
    assert is_whole(folder, [REPORT_FILE, "records.parquet", "tables/t.parquet"])


@pytest.mark.parametrize("sealed", [True, False])
def test_a_report_json_that_is_a_folder_hides_no_other_and_can_be_replaced(tmp_path: Path, sealed: bool) -> None:
    store = Store(tmp_path)
    publish(store, "数据", "好")
    folder = publish(store, "数据", "坏 1")
    (folder / REPORT_FILE).unlink()
    (folder / REPORT_FILE).mkdir()
    if not sealed:
        unsealed(folder)
    assert {(one.version, one.damaged) for one in store.list()} == {("好", False), ("坏 1", True)}
    assert store.load("数据", "好").report.version == "好"
    with pytest.raises(DamagedReport, match="--replace"):
        store.load("数据", "坏 1")
    publish(store, "数据", "坏 1", replace=True)
    assert store.load("数据", "坏 1").table("t")["marker"].tolist() == ["x"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_report_json_that_may_not_be_read_is_damaged(tmp_path: Path) -> None:
    file = publish(Store(tmp_path), "d", "v1") / REPORT_FILE
    file.chmod(0)
    assert [one.damaged for one in Store(tmp_path).list()] == [True]


@pytest.mark.parametrize("name", ["records.parquet", "tables/t.parquet"])
def test_a_cut_or_missing_table_is_marked_in_the_list(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    publish(store, "d", "v1")
    file = publish(store, "d", "v2") / name
    file.write_bytes(file.read_bytes()[:-9])
    assert {(one.version, one.damaged) for one in store.list()} == {("v1", False), ("v2", True)}
    file.unlink()
    assert {(one.version, one.damaged) for one in store.list()} == {("v1", False), ("v2", True)}
