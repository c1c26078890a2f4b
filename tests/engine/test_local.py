from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pyarrow as pa
import pytest
from helpers import MakeInputs, rows_of

from diversity import analyze, spare
from diversity.engine import Inline, LocalProcesses, choose_engine
from diversity.engine.job import Found, Job, compute_all, early_groups, groups_of
from diversity.errors import Cancelled
from diversity.features.inputs import FEATURES, Inputs
from diversity.measure import Stopwatch
from diversity.metrics import discover
from diversity.metrics.base import Metric
from diversity.neighbors import Duplicates

SAMPLE = Path(__file__).parents[2] / "sample_data" / "v2.jsonl"


@pytest.fixture
def inputs(make_inputs: MakeInputs) -> Inputs:
    prompts = [f"第{n}个问题：{word}怎么做？" for n, word in enumerate(["红烧肉", "清蒸鱼", "番茄汤"] * 4)]
    return make_inputs(
        rows_of(prompts, ["先焯水，再用小火慢炖四十分钟。"] * 5 + [f"做法 {n}：{n * 'x'}" for n in range(7)])
    )


def computed(inputs: Inputs, engine: Inline | LocalProcesses) -> Stopwatch:
    watch = Stopwatch()
    with engine:
        engine.begin(inputs, ())
        engine.compute(inputs, (), watch)
    return watch


@pytest.mark.slow
def test_processes_compute_what_is_computed_here(inputs: Inputs, make_inputs: MakeInputs) -> None:
    watch = computed(inputs, LocalProcesses(2))
    beside = dict(inputs._features)
    assert set(beside) == set(FEATURES)
    assert set(watch.seconds) == {*FEATURES, "embed"}
    inputs._features.clear()
    computed(inputs, Inline())
    for of in ("prompt", "answer"):
        found: Duplicates = beside[f"duplicates_{of}"]
        np.testing.assert_array_equal(found.cluster, inputs.duplicates(of).cluster)
        np.testing.assert_array_equal(found.kind, inputs.duplicates(of).kind)
    np.testing.assert_array_equal(beside["tokens"][2], inputs.context_tokens)
    assert inputs.duplicates("answer").cluster_count == 1


def test_a_process_that_dies_leaves_its_part_to_be_computed_here(
    inputs: Inputs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def dies() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "import sys; sys.stdin.buffer.read(1); sys.exit(3)"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(spare, "start", dies)
    computed(inputs, LocalProcesses(2))
    assert "computing it here" in caplog.text
    assert inputs._features["duplicates_answer"].cluster_count == 1


def test_what_needs_the_model_does_not_wait_for_features_of_texts(
    inputs: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    looked = Event()

    def asked(engine: LocalProcesses, job: Job) -> Found:
        if "tokens" in job.names:
            assert looked.wait(30), "key information waits for the features of texts"
        order.extend(job.names)
        return compute_all(inputs, job.names)

    key_info = Inputs._located

    def located(self: Inputs) -> pa.Table:
        order.append("key_info")
        looked.set()
        return key_info(self)

    monkeypatch.setattr(LocalProcesses, "_ask", asked)
    monkeypatch.setattr(Inputs, "_located", located)
    computed(inputs, LocalProcesses(1))
    assert order[0] == "key_info"
    assert "tokens" in order
    assert set(inputs._features) == set(FEATURES)


@pytest.mark.parametrize("error", [KeyboardInterrupt, Cancelled])
def test_stopping_while_texts_are_under_way_ends_everything(
    inputs: Inputs, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def stopped(self: Inputs) -> pa.Table:
        raise error

    started: list[subprocess.Popen[bytes]] = []

    def sleeps() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "import sys, time; sys.stdin.buffer.read(1); time.sleep(60)"]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return started[-1]

    monkeypatch.setattr(spare, "start", sleeps)
    monkeypatch.setattr(Inputs, "_located", stopped)
    with pytest.raises(error):
        computed(inputs, LocalProcesses(1))
    assert started
    assert all(process.poll() is not None for process in started)


def test_cancelling_ends_the_processes(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def sleeps() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "import sys, time; sys.stdin.buffer.read(1); time.sleep(60)"]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return started[-1]

    def cancelled(stage: str, done: int, total: int | None) -> None:
        raise Cancelled("stopped")

    monkeypatch.setattr(spare, "start", sleeps)
    inputs.progress = cancelled
    with pytest.raises(Cancelled):
        computed(inputs, LocalProcesses(2))
    assert all(process.poll() is not None for process in started)


def test_small_sets_start_no_processes(inputs: Inputs) -> None:
    assert isinstance(choose_engine(inputs), Inline)


def test_a_metric_joins_the_group_that_it_names_or_makes_one_of_its_own() -> None:
    metrics = [
        Metric(name, "set", "score", "none", compute=None, beside=beside)  # type: ignore[arg-type]
        for name, beside in (("first", "map"), ("second", "own"), ("third", None), ("fourth", "own"))
    ]
    assert groups_of(metrics) == {
        "texts": ("tokens", "languages", "repeats_prompt", "repeats_answer"),
        "map": ("map_prompt", "map_answer", "first"),
        "own": ("second", "fourth"),
        "prompt_duplicates": ("duplicates_prompt",),
        "duplicates": ("duplicates_answer",),
    }
    assert list(groups_of(metrics)) == ["texts", "map", "own", "prompt_duplicates", "duplicates"]


def test_groups_of_metrics_that_all_need_no_vectors_may_begin_early() -> None:
    metrics = [
        Metric(name, "set", "score", "none", compute=None, beside=beside, texts_only=texts)  # type: ignore[arg-type]
        for name, beside, texts in (
            ("a", "words", True),
            ("b", "words", True),
            ("c", "mixed", True),
            ("d", "mixed", False),
            ("e", "duplicates", True),
            ("f", None, True),
        )
    ]
    assert early_groups(metrics) == ["words"]


def test_metrics_that_say_so_ask_for_no_vectors(make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = make_inputs([json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()])

    def asked(*_: object) -> None:
        raise AssertionError("asked for vectors")

    monkeypatch.setattr(Inputs, "embedded", property(asked))
    monkeypatch.setattr(Inputs, "vectors", asked)
    early = [metric for metric in discover() if metric.texts_only]
    outputs = [metric.compute(inputs) for metric in early]
    assert len(outputs) > 5
    assert all(result.status == "ok" for output in outputs for result in output.results)


@pytest.mark.slow
def test_processes_compute_the_metrics_that_say_so(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    named = next(metric for metric in discover() if metric.name == "answer_length")
    with LocalProcesses(1) as engine:
        engine.begin(inputs, ())
        outputs = engine.compute(inputs, [replace(named, beside="own")], Stopwatch())
    assert list(outputs) == ["answer_length"]
    assert outputs["answer_length"].results == named.compute(inputs).results


def test_a_metric_of_a_process_that_dies_is_left_to_whoever_asks(
    inputs: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "import sys; sys.stdin.buffer.read(1)"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(spare, "start", dies)
    monkeypatch.setattr(Future, "cancel", lambda job: False)  # every group has begun elsewhere
    named = next(metric for metric in discover() if metric.name == "answer_length")
    with LocalProcesses(2) as engine:
        engine.begin(inputs, ())
        assert engine.compute(inputs, [replace(named, beside="own")], Stopwatch()) == {}


@pytest.mark.slow
def test_beside_one_process_this_one_takes_groups_of_metrics_too(inputs: Inputs) -> None:
    named = [metric for metric in discover() if metric.name in ("answer_length", "prompt_length")]
    metrics = [replace(metric, beside=metric.name) for metric in named]
    watch = Stopwatch()
    with LocalProcesses(1) as engine:
        engine.begin(inputs, metrics)
        outputs = engine.compute(inputs, metrics, watch)
    assert outputs.keys() == {"answer_length", "prompt_length"}
    assert set(watch.seconds) == {*FEATURES, "embed", "metric_answer_length", "metric_prompt_length"}


def test_another_process_takes_the_place_of_one_that_dies(inputs: Inputs, monkeypatch: pytest.MonkeyPatch) -> None:
    real, started = spare.start, []

    def first_dies() -> subprocess.Popen[bytes]:
        started.append(1)
        if len(started) > 1:
            return real()
        return subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(spare, "start", first_dies)
    with LocalProcesses(1) as engine:
        assert engine._ask(Job.of(inputs, ["languages"], {})) == {}
        assert list(engine._ask(Job.of(inputs, ["languages"], {}))) == ["languages"]
        processes = list(engine._processes)
    assert len(started) == 2
    assert all(process.poll() is not None for process in processes)


@pytest.mark.slow
def test_processes_find_what_one_finds_with_vectors_and_leave_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()[:240]
    rows = [json.loads(line) for line in lines]
    alone = analyze(rows, dataset="sample", store=tmp_path / "alone")
    monkeypatch.setattr("diversity.engine.local.WORTH_PROCESSES", (1, 1))
    monkeypatch.setattr("diversity.engine.local.CORES", 3)
    beside = analyze(rows, dataset="sample", store=tmp_path / "beside")
    assert {one.metric for one in beside.report.results} >= {"semantic_map", "vendi_score", "answer_duplication"}
    for here, there in zip(alone.report.results, beside.report.results, strict=True):
        assert here.model_dump_json() == there.model_dump_json()
    assert sorted(path.name for path in beside.path.iterdir()) == sorted(path.name for path in alone.path.iterdir())
    assert "vectors" not in [path.name for path in beside.path.iterdir()]
