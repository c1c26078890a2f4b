"""Analyses that run as processes of their own: started from a page, watched from any, outliving the browser tab and
the server.

A job is a folder `<store>/.jobs/<id>/` with `job.json` (what was asked), `progress.json` (how far it is, replaced
atomically) and `log.txt`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import Field, ValidationError

from diversity.errors import Cancelled, DiversityError, UsageError
from diversity.report import Frozen

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
JOBS = ".jobs"
REQUEST, PROGRESS, LOG, CANCEL = "job.json", "progress.json", "log.txt", "cancel"
KEPT_JOBS = 50
LOOPBACK = ("127.0.0.1", "localhost", "::1")
READ_PATHS_VARIABLE = "DIVERSITY_READ_PATHS"
_LOG_TAIL = 2000


class Request(Frozen):
    """What was asked for: the arguments of `analyze`, and the job that must end first, if any."""

    args: list[str]
    created_at: str
    after: str | None = None


class Stage(Frozen):
    """One stage of a run. `total` is None while unknown; `seconds` is the time spent in it so far."""

    name: str
    done: int
    total: int | None
    seconds: float

    @property
    def rate(self) -> float | None:
        """Items a second, None before the first."""
        return self.done / self.seconds if self.done and self.seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """At the present rate, None where that cannot be said."""
        if self.rate is None or self.total is None:
            return None
        return max(self.total - self.done, 0) / self.rate


class Progress(Frozen):
    """progress.json."""

    state: JobState
    stage: str | None = None
    done: int = 0
    total: int | None = None
    started_at: str
    updated_at: str
    stages: list[Stage] = Field(default_factory=list)
    error: str | None = None
    error_code: str | None = None
    error_facts: dict[str, Any] = Field(default_factory=dict)
    pid: int | None = None


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


class JobProgress:
    """Progress of a run, written to its job folder at most every `interval` seconds. Called as
    `diversity.progress.Progress`."""

    def __init__(self, folder: Path, interval: float = 0.25) -> None:
        self._folder = folder
        self._interval = interval
        self._started_at = _now()
        self._stages: dict[str, Stage] = {}
        self._entered: dict[str, float] = {}
        self._stage: str | None = None
        self._written = 0.0
        self._write("running")

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Notes how far `stage` is."""
        now = time.monotonic()
        fresh = stage not in self._entered
        if fresh and self._stage is not None:
            self._leave(self._stage, now)
        self._entered.setdefault(stage, now)
        self._stages[stage] = Stage(name=stage, done=done, total=total, seconds=now - self._entered[stage])
        self._stage = stage
        if fresh or done == total or now - self._written >= self._interval:
            self._written = now
            self._write("running")

    def finish(self, error: BaseException | None) -> None:
        """Writes how the run ended: done, cancelled or failed with the error's message."""
        if error is None:
            self._write("done")
        elif isinstance(error, Cancelled | KeyboardInterrupt):
            self._write("cancelled", str(error))
        elif isinstance(error, DiversityError):
            self._write("failed", str(error), error.code, error.facts)
        else:
            self._write("failed", f"{type(error).__name__}: {error}")

    def _leave(self, stage: str, now: float) -> None:
        """Closes the time of a stage when the next one begins."""
        self._stages[stage] = self._stages[stage].model_copy(update={"seconds": now - self._entered[stage]})

    def _write(
        self,
        state: JobState,
        error: str | None = None,
        code: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        current = self._stages.get(self._stage or "")
        progress = Progress(
            state=state,
            stage=self._stage,
            done=current.done if current else 0,
            total=current.total if current else None,
            started_at=self._started_at,
            updated_at=_now(),
            stages=list(self._stages.values()),
            error=error,
            error_code=code,
            error_facts=dict(facts or {}),
            pid=os.getpid(),
        )
        _replace(self._folder / PROGRESS, progress.model_dump_json().encode())


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
    request = Request(args=list(args), created_at=_now(), after=after)
    _replace(folder / REQUEST, request.model_dump_json().encode())
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "diversity.jobs", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    waiting = Progress(state="waiting", started_at=request.created_at, updated_at=_now(), pid=process.pid)
    with suppress(FileExistsError):
        _create(folder / PROGRESS, waiting.model_dump_json().encode())
    _prune(store_root)
    return job_id


def job_status(store_root: Path, job_id: str) -> Job:
    """The job as it stands. A process that is gone without saying so counts as failed, or cancelled where that was
    asked.

    Raises:
        UsageError: there is no such job.
    """
    folder = _folder(store_root, job_id)
    try:
        request = Request.model_validate_json((folder / REQUEST).read_bytes())
    except (FileNotFoundError, ValidationError) as error:
        raise UsageError(f"There is no job {job_id} in {store_root}.") from error
    progress = _read_progress(folder, request)
    if progress.state in ("waiting", "running") and not _alive(progress.pid, folder):
        progress = _ended(folder, _read_progress(folder, request))
    return Job(job_id=job_id, request=request, progress=progress)


def list_jobs(store_root: Path) -> list[Job]:
    """All jobs, newest first."""
    root = store_root / JOBS
    names = (
        sorted((path.name for path in root.iterdir() if (path / REQUEST).is_file()), reverse=True)
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
    if not job.active or job.progress.pid is None:
        return
    (_folder(store_root, job_id) / CANCEL).touch()
    with suppress(ProcessLookupError):
        os.kill(job.progress.pid, signal.SIGTERM)


def forget_job(store_root: Path, job_id: str) -> None:
    """Removes an ended job from the list; a running one stays."""
    if not job_status(store_root, job_id).active:
        shutil.rmtree(_folder(store_root, job_id), ignore_errors=True)


def _folder(store_root: Path, job_id: str) -> Path:
    if not job_id.replace("-", "").isalnum():
        raise UsageError(f"{job_id!r} is not the id of a job.")
    return store_root / JOBS / job_id


def _read_progress(folder: Path, request: Request) -> Progress:
    try:
        return Progress.model_validate_json((folder / PROGRESS).read_bytes())
    except FileNotFoundError:
        return Progress(state="waiting", started_at=request.created_at, updated_at=request.created_at)


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


def _alive(pid: int | None, folder: Path) -> bool:
    """Whether the job's process lives: a zombie is reaped, and another process that took over the number is told
    apart where /proc can."""
    if pid is None:
        return False
    with suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return _is_of(command, state, folder)


def _is_of(command: bytes, state: str, folder: Path) -> bool:
    """Whether a process with that command line and state (a letter, see proc(5)) is the job's. The line is empty for a
    moment while a process starts, and for a zombie."""
    return folder.name.encode() in command if command else state not in ("Z", "X")


def _prune(store_root: Path) -> None:
    for job in list_jobs(store_root)[KEPT_JOBS:]:
        forget_job(store_root, job.job_id)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    beside.write_bytes(content)
    os.replace(beside, path)


def _create(path: Path, content: bytes) -> None:
    """Writes a file whole, and only where there is none yet."""
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    beside.write_bytes(content)
    try:
        os.link(beside, path)
    finally:
        beside.unlink()


def _wait_for(store_root: Path, job_id: str) -> None:
    with suppress(UsageError):
        while job_status(store_root, job_id).active:
            time.sleep(0.5)


def main() -> None:
    """What the new process runs first: waits for the job before it, then becomes the command line's `analyze`."""
    folder = Path(sys.argv[1])
    store_root = folder.parents[1]
    request = Request.model_validate(orjson.loads((folder / REQUEST).read_bytes()))
    if request.after is not None:
        _wait_for(store_root, request.after)
    command = ["-m", "diversity.cli", "analyze", *request.args, "--store", str(store_root), "--job", str(folder)]
    os.execv(sys.executable, [sys.executable, *command])


if __name__ == "__main__":
    main()
