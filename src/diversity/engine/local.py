"""Engines on this machine: one after the other, or groups of features in processes beside this one."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from diversity.engine.base import Engine, Watch
from diversity.engine.job import GROUPS, Job
from diversity.errors import DiversityError
from diversity.features.inputs import Inputs

log = logging.getLogger(__name__)
# Starting a process and reading the vectors back costs about four seconds of a processor; below this many units the
# first one gains less, below the next the second.
WORTH_PROCESSES = (8_000, 30_000)
POLL_SECONDS = 0.2


def choose_engine(inputs: Inputs) -> Engine:
    """Processes beside this one for large sets on a machine with more than one core, else none."""
    worth = sum(inputs.corpus.unit_count >= least for least in WORTH_PROCESSES)
    if not worth or inputs.corpus.folder is None or (os.cpu_count() or 1) == 1:
        return Inline()
    return LocalProcesses(GROUPS[:worth])


@dataclass(frozen=True)
class Inline:
    """Computes every feature here, one after the other."""

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to end."""

    def compute(self, inputs: Inputs, names: Sequence[str], watch: Watch) -> None:
        """See `Engine`."""
        for name in names:
            inputs.progress(name, 0, None)
            with watch(name):
                made(inputs, name)


class LocalProcesses:
    """Computes each of `groups` (see GROUPS) in a process of its own, and the other features here meanwhile.

    A process is told by name what to compute: it opens the corpus from its folder and the vectors from the cache, so
    nothing large is sent. A process that fails leaves its features to be computed here.
    """

    def __init__(self, groups: Sequence[Sequence[str]] = GROUPS) -> None:
        self._groups = groups

    def __enter__(self) -> LocalProcesses:
        self._processes = [_start() for _ in self._groups]
        self._threads = ThreadPoolExecutor(max_workers=len(self._groups))
        return self

    def __exit__(self, *error: object) -> None:
        # Killed before the threads are waited for: those wait for the processes.
        for process in self._processes:
            process.kill()
        self._threads.shutdown()
        for process in self._processes:
            process.wait()

    def compute(self, inputs: Inputs, names: Sequence[str], watch: Watch) -> None:
        """See `Engine`."""
        from threadpoolctl import threadpool_limits

        beside = {name for group in self._groups for name in group}
        jobs = [Job.of(inputs, group) for group in self._groups]
        answers = [self._threads.submit(_ask, *pair) for pair in zip(self._processes, jobs, strict=True)]
        # The processes have their own; holding them here too would cost a quarter of the memory.
        inputs.forget_vectors()
        # One thread each: threads that wait for a busy core cost more than they bring.
        with threadpool_limits(1):
            Inline().compute(inputs, [name for name in names if name not in beside], watch)
        for group, answer in zip(self._groups, answers, strict=True):
            _adopt(inputs, group, answer, watch)


def made(inputs: Inputs, name: str) -> None:
    """Measures a feature. One that fails is left out: the metrics that need it then fail by themselves and say so."""
    try:
        inputs.feature(name)
    except DiversityError:
        raise
    except Exception:
        log.exception("The feature %s failed", name)


def _start() -> subprocess.Popen[bytes]:
    # A process of our own and not multiprocessing: that would run the user's script again where it lacks a main guard.
    return subprocess.Popen(
        [sys.executable, "-m", "diversity.engine.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def _ask(process: subprocess.Popen[bytes], job: Job) -> dict[str, tuple[object, float]]:
    """What the process computed, by name, with seconds; empty when it failed."""
    answer, _ = process.communicate(pickle.dumps(job))
    found: dict[str, tuple[object, float]] = pickle.loads(answer) if process.returncode == 0 else {}
    return found


def _adopt(inputs: Inputs, group: Sequence[str], answer: Future[dict[str, tuple[object, float]]], watch: Watch) -> None:
    while not answer.done():
        inputs.progress(group[0], 0, None)
        time.sleep(POLL_SECONDS)
    found = answer.result()
    missing = [name for name in group if name not in found]
    for name, (value, seconds) in found.items():
        inputs.adopt(name, value)
        watch.add(name, seconds)
    if missing:
        log.warning("A process beside this one ended early; computing %s here", ", ".join(missing))
        Inline().compute(inputs, missing, watch)
