"""Engines on this machine: one after the other, or groups of features and metrics in processes beside this one."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import cast

from diversity.cores import CORES
from diversity.engine.base import Engine, Watch
from diversity.engine.job import TEXTS, Found, Job, Preparation, compute_all, early_groups, groups_of
from diversity.errors import DiversityError
from diversity.features.inputs import FEATURES, Inputs
from diversity.metrics.base import Metric, MetricOutput
from diversity.spare import Process, end, send, take

log = logging.getLogger(__name__)
# Starting a process and reading the vectors back costs about four seconds of a processor; below this many units the
# first one gains less, below the next the second.
WORTH_PROCESSES = (8_000, 30_000)
POLL_SECONDS = 0.2


def choose_engine(inputs: Inputs) -> Engine:
    """Processes beside this one for large sets, as many as there are cores besides its own, else none."""
    worth = min(sum(inputs.corpus.unit_count >= least for least in WORTH_PROCESSES), CORES - 1)
    return LocalProcesses(worth) if worth and inputs.corpus.folder is not None else Inline()


class Inline:
    """Computes every feature here, one after the other, and leaves the metrics to whoever asks."""

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to end."""

    def begin(self, inputs: Inputs, metrics: Sequence[Metric]) -> None:
        """Nothing runs beside this process."""

    def compute(self, inputs: Inputs, metrics: Sequence[Metric], watch: Watch) -> dict[str, MetricOutput]:
        """See `Engine`."""
        make_here(inputs, FEATURES, watch)
        return {}


class LocalProcesses:
    """Computes groups of features and metrics (see `groups_of`) in `count` processes, and the other features here
    meanwhile.

    Each process takes the next group when it is done with one, and so does this one, the last one first. A process is
    told by name what to compute: it maps the corpus and the vectors from their files, so nothing large is sent. What a
    process that fails was asked for is computed here.
    """

    def __init__(self, count: int) -> None:
        self._count = count

    def __enter__(self) -> LocalProcesses:
        self._ended = False
        self._told: set[int] = set()
        self._processes = take(self._count)
        self._idle: SimpleQueue[Process] = SimpleQueue()
        for process in self._processes:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(max_workers=self._count)
        self._submitting = ThreadPoolExecutor(max_workers=1)
        return self

    def __exit__(self, *error: object) -> None:
        # Ended before the threads are waited for, for those wait for the processes; and what took a dead one's place.
        self._ended = True
        end(self._processes)
        self._threads.shutdown(cancel_futures=True)
        self._submitting.shutdown()
        end(self._processes)

    def begin(self, inputs: Inputs, metrics: Sequence[Metric]) -> None:
        """See `Engine`."""
        self._texts = self._threads.submit(self._find_texts, inputs, metrics)

    def _find_texts(self, inputs: Inputs, metrics: Sequence[Metric]) -> Found:
        """The features that need no vectors; then the metrics that need none may begin."""
        found = self._ask(Job.of(inputs, groups_of(metrics)[TEXTS], {}))
        self._early = self._submitted(inputs, metrics, early_groups(metrics), found)
        if inputs.embedder is not None and not inputs.knows_maps:
            for _ in self._processes:
                self._threads.submit(self._tell, Preparation(maps=True))
        return found

    def _tell(self, message: Preparation) -> None:
        """Tells the next idle process, once."""
        process = self._idle.get()
        with suppress(OSError):  # it has ended: whoever asks it next will find out
            if process.pid not in self._told:
                self._told.add(process.pid)
                send(process, message)
        self._idle.put(process)

    def compute(self, inputs: Inputs, metrics: Sequence[Metric], watch: Watch) -> dict[str, MetricOutput]:
        """See `Engine`."""
        from threadpoolctl import threadpool_limits

        groups = groups_of(metrics)
        beside = {name for group in groups.values() for name in group}
        with watch("embed"):
            inputs.share_vectors()
        late = self._submitting.submit(self._submit_late, inputs, metrics)
        # What is made here before the texts' features are awaited asks for none of them.
        # One thread each: threads that wait for a busy core cost more than they bring.
        with threadpool_limits(1):
            make_here(inputs, [name for name in FEATURES if name not in beside], watch)
            found = _awaited(self._texts, inputs)
            for name, value in _features(found).items():
                inputs.adopt(name, value)
            waiting = self._early + late.result()
            for job, answer in reversed(waiting):
                if answer.cancel():  # it has not begun elsewhere
                    inputs.progress("metrics", 0, None)
                    found |= compute_all(inputs, job.names)
        for _, answer in waiting:
            found |= {} if answer.cancelled() else _awaited(answer, inputs)
        if missing := [name for name in FEATURES if name in beside and name not in found]:
            log.warning("No process beside this one found %s; computing it here", ", ".join(missing))
        return _adopted(inputs, found, missing, watch)

    def _submit_late(self, inputs: Inputs, metrics: Sequence[Metric]) -> list[tuple[Job, Future[Found]]]:
        """Asks for what needs the vectors, as soon as what it may look at is found."""
        found, begun = self._texts.result(), {TEXTS, *early_groups(metrics)}
        return self._submitted(inputs, metrics, [name for name in groups_of(metrics) if name not in begun], found)

    def _submitted(
        self, inputs: Inputs, metrics: Sequence[Metric], groups: Sequence[str], found: Found
    ) -> list[tuple[Job, Future[Found]]]:
        every, known = groups_of(metrics), _features(found)
        jobs = [Job.of(inputs, every[group], known) for group in groups]
        return [(job, self._threads.submit(self._ask, job)) for job in jobs]

    def _ask(self, job: Job) -> Found:
        """What an idle process finds; nothing where it ends early, which breaks a pipe or answers with nothing. A new
        one takes its place: a dead one would be idle at once, and get every other job."""
        process = self._idle.get()
        assert process.stdout is not None
        try:
            send(process, job)
            found: Found = pickle.load(process.stdout)
            return found
        except (OSError, EOFError, pickle.UnpicklingError):
            if not self._ended:
                process = take(1)[0]
                self._processes.append(process)
            return {}
        finally:
            self._idle.put(process)


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


def _features(found: Found) -> dict[str, object]:
    return {name: value for name, (value, _) in found.items() if name in FEATURES}


def _awaited(answer: Future[Found], inputs: Inputs) -> Found:
    while not answer.done():
        inputs.progress("beside", 0, None)
        with suppress(TimeoutError):
            answer.result(POLL_SECONDS)
    return answer.result()


def _adopted(inputs: Inputs, found: Found, missing: Sequence[str], watch: Watch) -> dict[str, MetricOutput]:
    """Hands the found features to `inputs`, makes the missing ones here, and returns the metrics' outputs."""
    for name, (value, seconds) in found.items():
        watch.add(name if name in FEATURES else f"metric_{name}", seconds)
        if name in FEATURES:
            inputs.adopt(name, value)
    make_here(inputs, missing, watch)
    return {name: cast(MetricOutput, value) for name, (value, _) in found.items() if name not in FEATURES}
