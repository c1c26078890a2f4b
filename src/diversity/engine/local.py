"""Engines on this machine: one after the other, or groups of features and metrics in processes beside this one."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import cast

from diversity.engine.base import Engine, Watch
from diversity.engine.job import Found, Job, compute_all, groups_of
from diversity.errors import DiversityError
from diversity.features.inputs import FEATURES, Inputs
from diversity.metrics.base import Metric, MetricOutput

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
    return LocalProcesses(worth)


class Inline:
    """Computes every feature here, one after the other, and leaves the metrics to whoever asks."""

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to end."""

    def compute(self, inputs: Inputs, metrics: Sequence[Metric], watch: Watch) -> dict[str, MetricOutput]:
        """See `Engine`."""
        make_here(inputs, FEATURES, watch)
        return {}


class LocalProcesses:
    """Computes groups of features and metrics (see `groups_of`) in `count` processes, and the other features here
    meanwhile.

    Each process takes the next group when it is done with one; beside a single one, this process takes groups of
    metrics, too. A process is told by name what to compute: it opens the corpus
    from its folder and the vectors from the cache, so nothing large is sent. What a process that fails was asked for is
    computed here.
    """

    def __init__(self, count: int) -> None:
        self._count = count

    def __enter__(self) -> LocalProcesses:
        self._processes = [_start() for _ in range(self._count)]
        self._threads = ThreadPoolExecutor(max_workers=self._count)
        return self

    def __exit__(self, *error: object) -> None:
        # Killed before the threads are waited for: those wait for the processes.
        for process in self._processes:
            process.kill()
        self._threads.shutdown()
        for process in self._processes:
            process.wait()

    def compute(self, inputs: Inputs, metrics: Sequence[Metric], watch: Watch) -> dict[str, MetricOutput]:
        """See `Engine`."""
        from threadpoolctl import threadpool_limits

        groups = groups_of(metrics)
        beside = {name for group in groups for name in group}
        waiting = deque(Job.of(inputs, group) for group in groups)
        answers = [self._threads.submit(_work, process, waiting) for process in self._processes]
        # The processes have their own; holding them here too would cost a quarter of the memory.
        inputs.forget_vectors()
        # One thread each: threads that wait for a busy core cost more than they bring.
        found: Found = {}
        with threadpool_limits(1):
            make_here(inputs, [name for name in FEATURES if name not in beside], watch)
            if self._count == 1:  # a core of its own is left for this process
                found |= _help(inputs, waiting)
        for answer in answers:
            found |= _awaited(answer, inputs)
        if missing := [name for name in FEATURES if name in beside and name not in found]:
            log.warning("A process beside this one ended early; computing %s here", ", ".join(missing))
        return _adopted(inputs, found, missing, watch)


def make_here(inputs: Inputs, names: Sequence[str], watch: Watch) -> None:
    """Measures features. One that fails is left out: the metrics that need it then fail by themselves and say so."""
    for name in names:
        inputs.progress(name, 0, None)
        with watch(name):
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


def _work(process: subprocess.Popen[bytes], waiting: deque[Job]) -> Found:
    """Has the process compute one waiting job after the other; what it computed until then when it fails."""
    found: Found = {}
    assert process.stdin is not None
    assert process.stdout is not None
    # A process that ends early breaks a pipe or answers with nothing; what it was asked for is missing then.
    with suppress(IndexError, BrokenPipeError, EOFError, pickle.UnpicklingError):
        while True:
            pickle.dump(waiting.popleft(), process.stdin)
            process.stdin.flush()
            found |= pickle.load(process.stdout)
    return found


def _help(inputs: Inputs, waiting: deque[Job]) -> Found:
    """Computes groups of metrics here, the last one first, until the process beside has taken what is left."""
    found: Found = {}
    with suppress(IndexError):
        while True:
            job = waiting.pop()
            if any(name in FEATURES for name in job.names):  # features and what needs them stay in one process
                waiting.append(job)
                return found
            inputs.progress("metrics", 0, None)
            found |= compute_all(inputs, job.names)
    return found


def _awaited(answer: Future[Found], inputs: Inputs) -> Found:
    while not answer.done():
        inputs.progress("beside", 0, None)
        time.sleep(POLL_SECONDS)
    return answer.result()


def _adopted(inputs: Inputs, found: Found, missing: Sequence[str], watch: Watch) -> dict[str, MetricOutput]:
    """Hands the found features to `inputs`, makes the missing ones here, and returns the metrics' outputs."""
    for name, (value, seconds) in found.items():
        watch.add(name if name in FEATURES else f"metric_{name}", seconds)
        if name in FEATURES:
            inputs.adopt(name, value)
    make_here(inputs, missing, watch)
    return {name: cast(MetricOutput, value) for name, (value, _) in found.items() if name not in FEATURES}
