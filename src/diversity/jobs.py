"""Analyses that run as processes of their own: started from a page, watched from any, outliving the browser tab and
the server.

A job is a folder `<store>/.jobs/<id>/` with `job.json` (what was asked), `progress.json` (how far it is, replaced
atomically), `log.txt`, and `cancel` once it shall stop; `<id>.lock` beside it is held for as long as its process lives.
A job whose folder is taken away goes on to its report: only `cancel_job` stops one.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson
from pydantic import ValidationError

from diversity import job_lock
from diversity.errors import UsageError
from diversity.job_progress import CANCEL, PROGRESS, JobState, Progress, replace_file, timestamp
from diversity.report import Frozen

JOBS = ".jobs"
REQUEST, LOG = "job.json", "log.txt"
KEPT_JOBS = 50
LOOPBACK = ("127.0.0.1", "localhost", "::1")
READ_PATHS_VARIABLE = "DIVERSITY_READ_PATHS"
_LOG_TAIL = 2000


class Request(Frozen):
    """What was asked for: the arguments of `analyze`, and the job that must end first, if any."""

    args: list[str]
    created_at: str
    after: str | None = None


class Job(Frozen):
    """A job as it stands now."""

    job_id: str
    request: Request
    progress: Progress

    @property
    def state(self) -> JobState:
        return self.progress.state

    @property
    def active(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def dataset(self) -> str:
        return self._option("--dataset")

    @property
    def version(self) -> str:
        return self._option("--version")

    def _option(self, name: str) -> str:
        args = self.request.args
        joined = next((one for one in args if one.startswith(f"{name}=")), None)
        if joined is not None:
            return joined.partition("=")[2]
        return args[args.index(name) + 1] if name in args[:-1] else ""


def serve_environment(store_root: Path, host: str) -> dict[str, str]:
    """The environment of the dashboard's server: its store, and whether pages may read paths of this machine (only
    when nobody else can ask, and never where the variable says 0)."""
    allowed = host in LOOPBACK and os.environ.get(READ_PATHS_VARIABLE) != "0"
    return {**os.environ, "DIVERSITY_STORE": str(store_root), READ_PATHS_VARIABLE: "1" if allowed else "0"}


def start_job(store_root: Path, args: Sequence[str], after: str | None = None) -> str:
    """Starts `diversity analyze *args` on that store in a process and session of its own, and returns the job's id.

    With `after` it waits until that job has ended.
    """
    job_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}"
    folder = _folder(store_root, job_id)
    folder.mkdir(parents=True)
    request = Request(args=list(args), created_at=timestamp(), after=after)
    with job_lock.locked(folder) as lock:
        replace_file(folder / REQUEST, request.model_dump_json().encode())
        process = _started(folder, lock)
    waiting = Progress(state="waiting", started_at=request.created_at, updated_at=timestamp(), pid=process.pid)
    with suppress(FileExistsError):
        _create(folder / PROGRESS, waiting.model_dump_json().encode())
    _prune(store_root)
    return job_id


def _started(folder: Path, lock: int) -> subprocess.Popen[bytes]:
    """The job's process, which holds the lock from its first moment."""
    with (folder / LOG).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "diversity.jobs", str(folder), str(lock)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock],
        )


def job_status(store_root: Path, job_id: str) -> Job:
    """The job as it stands. A process that is gone without saying so counts as failed, or cancelled where that was
    asked; so does a job whose files cannot be read.

    Raises:
        UsageError: there is no such job.
    """
    folder = _folder(store_root, job_id)
    try:
        request = Request.model_validate_json((folder / REQUEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"There is no job {job_id} in {store_root}.") from error
    except (OSError, ValidationError):
        return Job(job_id=job_id, request=_unread(folder), progress=_damaged(folder, REQUEST, _made_at(folder)))
    progress = _read_progress(folder, request)
    if progress.state in ("waiting", "running") and not _lives(folder, progress.pid):
        progress = _ended(folder, _read_progress(folder, request))
    return Job(job_id=job_id, request=request, progress=progress)


def list_jobs(store_root: Path) -> list[Job]:
    """All jobs, newest first."""
    root = store_root / JOBS
    names = (
        sorted((path.name for path in root.iterdir() if os.path.isfile(path / REQUEST)), reverse=True)
        if root.is_dir()
        else []
    )
    found = []
    for name in names:
        # Another page may have removed the job since.
        with suppress(UsageError):
            found.append(job_status(store_root, name))
    return found


def cancel_job(store_root: Path, job_id: str) -> None:
    """Asks a job to stop; nothing when it has ended. Caches stay, no report is written."""
    job = job_status(store_root, job_id)
    if not job.active:
        return
    folder = _folder(store_root, job_id)
    (folder / CANCEL).touch()
    # At once where the number is surely the job's: on another machine it is somebody else's. The file is seen anyway.
    pid = job.progress.pid
    if pid is not None and folder.name.encode() in _command(pid):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGTERM)


def forget_job(store_root: Path, job_id: str) -> None:
    """Removes an ended job from the list; a running one stays."""
    folder = _folder(store_root, job_id)
    if not job_status(store_root, job_id).active and not job_lock.is_held(folder):
        shutil.rmtree(folder, ignore_errors=True)
        job_lock.remove(folder)


def _folder(store_root: Path, job_id: str) -> Path:
    if not job_id.replace("-", "").isalnum():
        raise UsageError(f"{job_id!r} is not the id of a job.")
    return store_root / JOBS / job_id


def _read_progress(folder: Path, request: Request) -> Progress:
    """What progress.json says. One that cannot be read is a failed job's, or tells nothing of one that lives."""
    unsaid = Progress(state="waiting", started_at=request.created_at, updated_at=request.created_at)
    try:
        return Progress.model_validate_json((folder / PROGRESS).read_bytes())
    except FileNotFoundError:
        return unsaid
    except (OSError, ValidationError):
        alive = job_lock.is_held(folder)
        return (
            unsaid.model_copy(update={"state": "running"}) if alive else _damaged(folder, PROGRESS, request.created_at)
        )


def _damaged(folder: Path, name: str, created_at: str) -> Progress:
    """A job that failed because a file of its own cannot be read."""
    return Progress(
        state="failed",
        started_at=created_at,
        updated_at=created_at,
        error=f"{name} of the job {folder.name} cannot be read, so what became of it is not known. Start it again.",
        error_code="damaged_job",
        error_facts={"name": name, "job": folder.name},
    )


def _unread(folder: Path) -> Request:
    """What stands for a request that cannot be read."""
    return Request(args=[], created_at=_made_at(folder))


def _made_at(folder: Path) -> str:
    """When a job was asked for, by its name."""
    try:
        moment = datetime.strptime(folder.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        moment = datetime.fromtimestamp(0, UTC)
    return moment.isoformat(timespec="milliseconds")


def _ended(folder: Path, progress: Progress) -> Progress:
    """What became of a job whose process is gone."""
    if progress.state not in ("waiting", "running"):
        return progress
    if (folder / CANCEL).exists():
        return progress.model_copy(update={"state": "cancelled"})
    log = (folder / LOG).read_text(encoding="utf-8", errors="replace") if (folder / LOG).exists() else ""
    return progress.model_copy(
        update={"state": "failed", "error": log[-_LOG_TAIL:].strip() or "The process ended without a word."}
    )


def _lives(folder: Path, pid: int | None) -> bool:
    """Whether the job's process lives: by its lock, or its number for one of an earlier release, which has no lock."""
    held = job_lock.is_held(folder)
    return held if held is not None else pid is not None and _is_here(pid, folder)


def _is_here(pid: int, folder: Path) -> bool:
    """Whether the job's process is one of this machine, by its number: a zombie is reaped, and another process that has
    the number is told apart where /proc can."""
    with suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return _is_of(command, state, folder)


def _command(pid: int) -> bytes:
    """A process's command line, empty where it cannot be told."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _is_of(command: bytes, state: str, folder: Path) -> bool:
    """Whether a process with that command line and state (a letter, see proc(5)) is the job's. The line is empty for a
    moment while a process starts, and for a zombie."""
    return folder.name.encode() in command if command else state not in ("Z", "X")


def _prune(store_root: Path) -> None:
    for job in list_jobs(store_root)[KEPT_JOBS:]:
        # Another page may have removed the job since.
        with suppress(UsageError):
            forget_job(store_root, job.job_id)


def _create(path: Path, content: bytes) -> None:
    """Writes a file whole, and only where there is none yet."""
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    beside.write_bytes(content)
    try:
        os.link(beside, path)
    finally:
        beside.unlink()


def _wait_for(store_root: Path, job_id: str, cancel: Path) -> None:
    """Waits until that job has ended, or `cancel` is there."""
    with suppress(UsageError):
        while job_status(store_root, job_id).active and not cancel.exists():
            time.sleep(0.5)


def main() -> None:
    """What the new process runs first: waits for the job before it, then becomes the command line's `analyze`, with the
    lock that it was given."""
    folder = Path(sys.argv[1])
    store_root = folder.parents[1]
    request = Request.model_validate(orjson.loads((folder / REQUEST).read_bytes()))
    if request.after is not None:
        _wait_for(store_root, request.after, folder / CANCEL)
        if (folder / CANCEL).exists():
            return
    os.set_inheritable(int(sys.argv[2]), True)
    command = ["-m", "diversity.cli", "analyze", *request.args, "--store", str(store_root), "--job", str(folder)]
    os.execv(sys.executable, [sys.executable, *command])


if __name__ == "__main__":
    main()
