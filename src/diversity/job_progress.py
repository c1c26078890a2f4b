"""How far a job is, as its folder says it: `progress.json`, replaced atomically by the run and read by any page."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from diversity.errors import STOPPED, Cancelled, DiversityError
from diversity.report import Frozen
from diversity.text.names import valid_name

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
PROGRESS, CANCEL = "progress.json", "cancel"


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


class JobProgress:
    """Progress of a run, written to its job folder at most every `interval` seconds. Called as
    `diversity.progress.Progress`.

    Raises Cancelled once that was asked, from whatever machine. What cannot be written, as where the folder was taken
    away, is not told; the run goes on.
    """

    def __init__(self, folder: Path, interval: float = 0.25) -> None:
        self._folder = folder
        self._interval = interval
        self._started_at = timestamp()
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
            if (self._folder / CANCEL).exists():
                raise Cancelled(STOPPED)

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
        told = {name: _valid(fact) for name, fact in (facts or {}).items()}
        progress = Progress(
            state=state,
            stage=self._stage,
            done=current.done if current else 0,
            total=current.total if current else None,
            started_at=self._started_at,
            updated_at=timestamp(),
            stages=list(self._stages.values()),
            error=_valid(error),
            error_code=code,
            error_facts=told,
            pid=os.getpid(),
        )
        with suppress(OSError):
            replace_file(self._folder / PROGRESS, progress.model_dump_json().encode())


def timestamp() -> str:
    """The time now, as job folders write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, in place of the one that is there."""
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    beside.write_bytes(content)
    os.replace(beside, path)


def _valid(fact: Any) -> Any:
    """A fact that JSON can hold: names of files may be no Unicode."""
    return valid_name(fact) if isinstance(fact, str) else fact
