"""Processes that compute beside this one, one of them started before it is known what for: it takes half a second to
get ready, and that passes while this one imports and reads."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from diversity.cores import CORES
from diversity.garbage import collect_seldom

Process: TypeAlias = "subprocess.Popen[bytes]"
# Smaller files seldom hold so many texts that a process beside this one is worth its start.
LEAST_BYTES = 2_000_000
_ready: list[Process] = []


def get_ready(source: object) -> None:
    """Starts a process where `source` names files so large that one will be wanted, unless one is ready."""
    paths = source if isinstance(source, list | tuple) else [source]
    files = [Path(path) for path in paths if isinstance(path, str | Path)]
    if not _ready and CORES > 1 and sum(path.stat().st_size for path in files if path.is_file()) >= LEAST_BYTES:
        _ready.append(start())


def take(count: int) -> list[Process]:
    """`count` processes, the one that is ready among them."""
    return [_ready.pop() if _ready else start() for _ in range(count)]


@contextmanager
def spare_process(source: object, message: object) -> Iterator[None]:
    """`get_ready` at the start, and `message` to what is ready; at the end, what was not taken is ended."""
    get_ready(source)
    for process in _ready:
        with suppress(OSError):  # it has ended: whoever takes it will find out
            send(process, message)
    try:
        yield
    finally:
        end(_ready)
        _ready.clear()


def start() -> Process:
    """A process that answers Jobs (see `engine.worker`)."""
    # A process of our own and not multiprocessing: that would run the user's script again where it lacks a main guard.
    return subprocess.Popen(
        [sys.executable, "-c", "from diversity.spare import answer; answer()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def answer() -> None:
    """What such a process runs."""
    collect_seldom()
    from diversity.engine.worker import main

    main()


def send(process: Process, message: object) -> None:
    """Writes a message for the process to read when it is ready to. Raises OSError where it has ended."""
    assert process.stdin is not None
    pickle.dump(message, process.stdin)
    process.stdin.flush()


def end(processes: Sequence[Process]) -> None:
    """Ends processes at once, whatever they do."""
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()
