"""Jobs as folders: progress, ends, and processes that vanish. No analysis is run here."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from diversity import job_lock, jobs
from diversity.errors import UsageError
from diversity.job_progress import CANCEL, PROGRESS, Progress
from diversity.jobs import JOBS, LOG, REQUEST, Request, cancel_job, forget_job, job_status, list_jobs, start_job

ARGS = ["a.jsonl", "--dataset", "d", "--version", "v1"]


def make_job(store: Path, job_id: str = "20260101-000000-aaaa", state: str = "running", pid: int | None = None) -> Path:
    folder = store / ".jobs" / job_id
    folder.mkdir(parents=True)
    now = "2026-01-01T00:00:00+00:00"
    (folder / REQUEST).write_text(Request(args=ARGS, created_at=now).model_dump_json())
    (folder / PROGRESS).write_text(Progress(state=state, started_at=now, updated_at=now, pid=pid).model_dump_json())  # type: ignore[arg-type]
    return folder


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def state_of(folder: Path) -> str:
    return Progress.model_validate_json((folder / PROGRESS).read_bytes()).state


def wait_until(condition, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_process_that_died_counts_as_failed_with_its_last_words(tmp_path: Path):
    folder = make_job(tmp_path, pid=dead_pid())
    (folder / LOG).write_text("Killed: out of memory")
    job = job_status(tmp_path, folder.name)
    assert job.state == "failed"
    assert job.progress.error == "Killed: out of memory"
    assert (job.dataset, job.version) == ("d", "v1")


def test_a_cancelled_process_that_died_counts_as_cancelled(tmp_path: Path):
    folder = make_job(tmp_path, pid=dead_pid())
    (folder / CANCEL).touch()
    assert job_status(tmp_path, folder.name).state == "cancelled"


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_a_number_taken_over_by_another_process_is_not_the_job(tmp_path: Path):
    folder = make_job(tmp_path, pid=os.getpid())
    assert job_status(tmp_path, folder.name).state == "failed"


def test_jobs_newest_first_and_ended_ones_can_be_forgotten(tmp_path: Path):
    make_job(tmp_path, "20260101-000000-aaaa", "done")
    make_job(tmp_path, "20260102-000000-bbbb", "failed")
    assert [job.job_id for job in list_jobs(tmp_path)] == ["20260102-000000-bbbb", "20260101-000000-aaaa"]
    forget_job(tmp_path, "20260102-000000-bbbb")
    assert len(list_jobs(tmp_path)) == 1
    assert list_jobs(tmp_path / "nowhere") == []


@pytest.mark.parametrize("job_id", ["../../x", "", "a/b", "none-such"])
def test_unknown_jobs_are_refused(tmp_path: Path, job_id: str):
    with pytest.raises(UsageError):
        job_status(tmp_path, job_id)


def test_a_job_runs_by_itself_and_says_why_it_failed(tmp_path: Path):
    job_id = start_job(tmp_path, ["--no-such-option"])
    wait_until(lambda: not job_status(tmp_path, job_id).active)
    job = job_status(tmp_path, job_id)
    assert job.state == "failed"
    assert job.progress.error


def test_a_process_that_is_still_starting_is_not_taken_for_dead():
    folder = Path("jobs/20260101-000000-aaaa")
    assert jobs._is_of(b"python\0jobs/20260101-000000-aaaa\0", "S", folder)
    assert jobs._is_of(b"", "R", folder)
    assert not jobs._is_of(b"", "Z", folder)
    assert not jobs._is_of(b"another\0", "R", folder)


def test_a_waiting_job_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "20260101-000000-aaaa"])
    try:
        make_job(tmp_path, pid=sleeper.pid)
        job_id = start_job(tmp_path, ARGS, after="20260101-000000-aaaa")
        assert job_status(tmp_path, job_id).state == "waiting"
        cancel_job(tmp_path, job_id)
        wait_until(lambda: job_status(tmp_path, job_id).state == "cancelled")
    finally:
        sleeper.kill()
        sleeper.wait()


def test_old_jobs_are_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "KEPT_JOBS", 2)
    for day in range(1, 6):
        make_job(tmp_path, f"2026010{day}-000000-aaaa", "done")
    job_id = start_job(tmp_path, ["--no-such-option"])
    names = [job.job_id for job in list_jobs(tmp_path)]
    assert names == [job_id, "20260105-000000-aaaa"]
    wait_until(lambda: not job_status(tmp_path, job_id).active)


def test_a_job_that_vanishes_while_listing_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make_job(tmp_path, "20260101-000000-aaaa", "done")
    make_job(tmp_path, "20260102-000000-bbbb", "done")

    def racing(root: Path, job_id: str) -> jobs.Job:
        if job_id == "20260102-000000-bbbb":
            (root / jobs.JOBS / job_id / jobs.REQUEST).unlink()
        return job_status(root, job_id)

    monkeypatch.setattr(jobs, "job_status", racing)
    assert [job.job_id for job in list_jobs(tmp_path)] == ["20260101-000000-aaaa"]


@pytest.mark.parametrize("args", [["f", "--dataset", "d", "--version", "v"], ["f", "--dataset=d", "--version=v"]])
def test_names_are_read_in_either_form(args: list[str]):
    now = "2026-01-01T00:00:00+00:00"
    progress = Progress(state="done", started_at=now, updated_at=now)
    job = jobs.Job(job_id="x", request=jobs.Request(args=args, created_at=now), progress=progress)
    assert (job.dataset, job.version) == ("d", "v")


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff\x00"])
@pytest.mark.parametrize("name", [REQUEST, PROGRESS])
def test_a_job_with_an_unreadable_file_failed_and_hides_no_other(tmp_path: Path, name: str, content: bytes):
    make_job(tmp_path, "20260101-000000-aaaa", "done")
    folder = make_job(tmp_path, "20260102-030405-bbbb", "done")
    (folder / name).write_bytes(content)
    damaged, other = list_jobs(tmp_path)
    assert (damaged.job_id, damaged.state, other.state) == (folder.name, "failed", "done")
    assert damaged.progress.error_code == "damaged_job"
    assert damaged.progress.error_facts == {"name": name, "job": folder.name}
    assert name in (damaged.progress.error or "")
    job_id = start_job(tmp_path, ["--no-such-option"])
    wait_until(lambda: not job_status(tmp_path, job_id).active)
    forget_job(tmp_path, folder.name)
    assert [job.job_id for job in list_jobs(tmp_path)] == [job_id, other.job_id]


def test_when_a_job_was_asked_for_is_known_from_its_name(tmp_path: Path):
    folder = make_job(tmp_path, "20260102-030405-bbbb", "done")
    (folder / REQUEST).write_bytes(b"")
    assert job_status(tmp_path, folder.name).request.created_at.startswith("2026-01-02T03:04:05")


def test_a_job_lives_as_long_as_its_lock_is_held_whatever_its_number(tmp_path: Path):
    folder = make_job(tmp_path, pid=dead_pid())
    with job_lock.locked(folder):
        assert job_status(tmp_path, folder.name).state == "running"
        forget_job(tmp_path, folder.name)
        assert (folder / PROGRESS).is_file()
        (folder / PROGRESS).write_bytes(b"")
        assert job_status(tmp_path, folder.name).state == "running"
    assert job_status(tmp_path, folder.name).state == "failed"
    forget_job(tmp_path, folder.name)
    assert list((tmp_path / JOBS).iterdir()) == []


def test_a_living_job_is_not_pruned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "KEPT_JOBS", 1)
    folder = make_job(tmp_path, pid=dead_pid())
    with job_lock.locked(folder):
        job_id = start_job(tmp_path, ["--no-such-option"])
        assert {job.job_id for job in list_jobs(tmp_path)} == {job_id, folder.name}
        wait_until(lambda: not job_status(tmp_path, job_id).active)


def test_the_lock_stays_with_the_process_while_it_waits_and_after_it_became_the_command(tmp_path: Path):
    before = make_job(tmp_path)
    with job_lock.locked(before):
        job_id = start_job(tmp_path, [str(tmp_path / "nothing.jsonl"), *ARGS[1:]], after=before.name)
        folder = tmp_path / JOBS / job_id
        assert job_lock.is_held(folder)
        assert job_status(tmp_path, job_id).state == "waiting"
    seen = set()
    wait_until(lambda: seen.add((job_lock.is_held(folder), state_of(folder))) or not job_lock.is_held(folder))
    # From waiting through `exec` to the end there is no moment at which nobody holds it.
    assert state_of(folder) == "failed"
    assert {state for held, state in seen if not held} <= {"failed"}
    assert not job_status(tmp_path, job_id).active


def test_a_number_of_another_machine_is_not_killed(tmp_path: Path):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        folder = make_job(tmp_path, pid=stranger.pid)
        with job_lock.locked(folder):
            cancel_job(tmp_path, folder.name)
            assert (folder / CANCEL).exists()
            time.sleep(0.1)
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
