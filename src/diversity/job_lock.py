"""Whether a job lives: its process holds a lock on a file beside its folder. Unlike a process number the lock means the
same to every user, container and process namespace that shares the store, and ends with the process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SUFFIX = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[int]:
    """A locked file beside the job's folder, as a descriptor to hand to the job's process: the lock stays with whoever
    has it open, through `exec` too."""
    file = os.open(_lock_file(folder), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def is_held(folder: Path) -> bool | None:
    """Whether the job's process lives; None where it has no lock, as jobs of earlier releases, or none that can be
    asked for."""
    try:
        file = os.open(_lock_file(folder), os.O_RDONLY)
    except OSError:
        return None
    try:
        # Shared: two who ask at once must not take each other for the job.
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(file)
    return False


def remove(folder: Path) -> None:
    """Removes the lock's file, after the job's folder."""
    with suppress(OSError):
        _lock_file(folder).unlink()


def _lock_file(folder: Path) -> Path:
    return folder.with_name(folder.name + SUFFIX)
