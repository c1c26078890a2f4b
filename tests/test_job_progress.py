"""Progress as a run writes it into its job folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from diversity.errors import Cancelled, InputError
from diversity.job_progress import CANCEL, PROGRESS, JobProgress, Progress, Stage


def read(folder: Path) -> Progress:
    return Progress.model_validate_json((folder / PROGRESS).read_bytes())


def test_progress_is_written_by_stage(tmp_path: Path):
    progress = JobProgress(tmp_path, interval=0)
    progress("read", 5, 10)
    progress("read", 10, 10)
    progress("embed", 1, None)
    found = read(tmp_path)
    assert (found.state, found.stage, found.done, found.total) == ("running", "embed", 1, None)
    assert [(stage.name, stage.done, stage.total) for stage in found.stages] == [("read", 10, 10), ("embed", 1, None)]
    assert found.pid == os.getpid()


def test_progress_is_throttled_but_never_misses_an_end(tmp_path: Path):
    progress = JobProgress(tmp_path, interval=1000)
    progress("read", 0, 100)
    progress("read", 50, 100)
    assert read(tmp_path).done == 0
    progress("read", 100, 100)
    assert read(tmp_path).done == 100


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        (None, "done", None),
        (Cancelled("stopped"), "cancelled", "stopped"),
        (KeyboardInterrupt(), "cancelled", ""),
        (InputError("no good row"), "failed", "no good row"),
        (ValueError("odd"), "failed", "ValueError: odd"),
    ],
)
def test_how_it_ended(tmp_path: Path, error: BaseException | None, state: str, message: str | None):
    JobProgress(tmp_path).finish(error)
    assert (read(tmp_path).state, read(tmp_path).error) == (state, message)
    assert not list(tmp_path.glob("progress.json.*"))


def test_rate_and_time_left():
    stage = Stage(name="x", done=50, total=200, seconds=10)
    assert stage.rate == 5
    assert stage.seconds_left == 30
    assert Stage(name="x", done=0, total=200, seconds=10).seconds_left is None
    assert Stage(name="x", done=5, total=None, seconds=10).seconds_left is None


def test_progress_hears_that_the_run_shall_stop(tmp_path: Path):
    progress = JobProgress(tmp_path, interval=0)
    progress("read", 1, 10)
    (tmp_path / CANCEL).touch()
    with pytest.raises(Cancelled):
        progress("read", 2, 10)


def test_a_run_whose_folder_was_taken_away_goes_on(tmp_path: Path):
    folder = tmp_path / "job"
    folder.mkdir()
    progress = JobProgress(folder, interval=0)
    (folder / PROGRESS).unlink()
    folder.rmdir()
    progress("read", 1, 10)
    progress.finish(None)
    assert not folder.exists()


def test_an_error_about_a_name_that_is_no_unicode_is_told(tmp_path: Path):
    name = os.fsdecode("数据集.jsonl".encode("gbk"))
    JobProgress(tmp_path).finish(InputError(f"{name}: empty", "empty_file", path=name))
    assert read(tmp_path).error == "数据集.jsonl: empty"
    assert read(tmp_path).error_facts == {"path": "数据集.jsonl"}
