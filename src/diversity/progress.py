"""How long work says where it is, and hears that it should stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TextIO


class Progress(Protocol):
    """Called with a stage's name and how much of it is done. Raises `Cancelled` when the user has asked to stop."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def within(progress: Progress, stage: str) -> Callable[[int, int | None], None]:
    """The same progress, bound to one stage: what a step that does not know its own name is given."""

    def report(done: int, total: int | None) -> None:
        progress(stage, done, total)

    return report


class Terminal:
    """Progress as one line a stage on a terminal, rewritten in place; plain lines where the stream is no terminal."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream = stream
        self.clock = clock
        self.stage: str | None = None
        self.started = 0.0
        self.drawn = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = self.clock()
        if stage != self.stage:
            self._close(now)
            self.stage, self.started, self.drawn = stage, now, 0.0
        if self.stream.isatty() and now - self.drawn > 0.2:
            self.drawn = now
            share = f"{done / total:.0%}" if total else f"{done:,}"
            self.stream.write(f"\r{stage:<20} {share:>8} {now - self.started:7.1f} s\033[K")
            self.stream.flush()

    def finish(self, error: BaseException | None) -> None:
        """Ends the last line."""
        self._close(self.clock())
        self.stage = None

    def _close(self, now: float) -> None:
        if self.stage is not None:
            start = "\r" if self.stream.isatty() else ""
            self.stream.write(f"{start}{self.stage:<20} {now - self.started:7.1f} s{chr(27) + '[K' if start else ''}\n")
            self.stream.flush()
