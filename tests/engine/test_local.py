from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from helpers import MakeInputs, rows_of

from diversity.engine import Inline, LocalProcesses, choose_engine, local
from diversity.errors import Cancelled
from diversity.features.inputs import FEATURES, Inputs
from diversity.measure import Stopwatch


@pytest.fixture
def inputs(make_inputs: MakeInputs) -> Inputs:
    prompts = [f"第{n}个问题：{word}怎么做？" for n, word in enumerate(["红烧肉", "清蒸鱼", "番茄汤"] * 4)]
    return make_inputs(
        rows_of(prompts, ["先焯水，再用小火慢炖四十分钟。"] * 5 + [f"做法 {n}：{n * 'x'}" for n in range(7)])
    )


def computed(inputs: Inputs, engine: Inline | LocalProcesses) -> Stopwatch:
    watch = Stopwatch()
    with engine:
        engine.compute(inputs, FEATURES, watch)
    return watch


@pytest.mark.slow
def test_processes_compute_what_is_computed_here(inputs: Inputs, make_inputs: MakeInputs) -> None:
    watch = computed(inputs, LocalProcesses())
    beside = dict(inputs._duplicates)
    assert set(watch.seconds) == set(FEATURES)
    inputs._duplicates.clear()
    computed(inputs, Inline())
    for of in ("prompt", "answer"):
        np.testing.assert_array_equal(beside[of].cluster, inputs.duplicates(of).cluster)
        np.testing.assert_array_equal(beside[of].kind, inputs.duplicates(of).kind)
    assert inputs.duplicates("answer").cluster_count == 1


def test_a_process_that_dies_leaves_its_part_to_be_computed_here(
    inputs: Inputs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def dies() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "import sys; sys.stdin.buffer.read(); sys.exit(3)"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(local, "_start", dies)
    computed(inputs, LocalProcesses())
    assert "ended early" in caplog.text
    assert inputs._duplicates["answer"].cluster_count == 1


def test_cancelling_ends_the_processes(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def sleeps() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "import sys, time; sys.stdin.buffer.read(); time.sleep(60)"]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return started[-1]

    def cancelled(stage: str, done: int, total: int | None) -> None:
        raise Cancelled("stopped")

    monkeypatch.setattr(local, "_start", sleeps)
    inputs.progress = cancelled
    with pytest.raises(Cancelled):
        computed(inputs, LocalProcesses())
    assert all(process.poll() is not None for process in started)


def test_small_sets_start_no_processes(inputs: Inputs) -> None:
    assert isinstance(choose_engine(inputs), Inline)
