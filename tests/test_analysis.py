from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers import rows_of

from diversity import analysis
from diversity.analysis import analyze
from diversity.errors import Cancelled, InputError, UsageError
from diversity.measure import Measured
from diversity.store import Store

ROWS = rows_of([f"第{n}个问题是什么？" for n in range(12)], [f"第{n * 7}个回答。" for n in range(12)], ["问答-短"] * 12)
PLAIN = {"embedder": "none"}

# Runs an analysis with a stand-in for the model that notes what it embeds, and kills itself in `stage`.
DRIVER = """
import json, os, signal, sys
import numpy as np
from diversity import analysis

asked = json.loads(sys.argv[1])

class Fake:
    name = key = "fake"
    dimension = 8
    def encode(self, texts):
        with open(asked["log"], "a", encoding="utf-8") as log:
            log.writelines(text + "\\n" for text in texts)
        rows = np.array([np.random.default_rng(list(text.encode())).normal(size=8) for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

def progress(stage, done, total):
    if stage == asked["stage"]:
        os.kill(os.getpid(), signal.SIGKILL)

analysis.open_embedder = lambda *names, **options: Fake()
analysis.analyze(asked["data"], dataset="d", version="v1", store=asked["store"], replace=True, progress=progress,
                 settings={"semantic_map.minimum_points": 10**6})
"""


def data(folder: Path) -> Path:
    path = folder / "data.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    return path


def driven(folder: Path, stage: str | None) -> tuple[int, list[str]]:
    """Exit code and embedded texts of one run that is killed in `stage`."""
    log = folder / f"{time.monotonic_ns()}.log"
    log.touch()
    asked = {"data": str(data(folder)), "store": str(folder / "store"), "stage": stage, "log": str(log)}
    done = subprocess.run([sys.executable, "-c", DRIVER, json.dumps(asked)], capture_output=True, check=False)
    return done.returncode, log.read_text("utf-8").splitlines()


@pytest.mark.slow
def test_a_run_killed_at_any_stage_leaves_no_report_and_loses_no_vector(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    embedded: list[str] = []
    for stage in ("read", "duplicates_prompt", "metrics", "write"):
        code, texts = driven(tmp_path, stage)
        assert code == -signal.SIGKILL, stage
        embedded += texts
        assert store.list() == []
        assert not store.has("d", "v1")
    # Each text of the data once in four runs.
    own = {row[name] for row in ROWS for name in ("prompt", "answer")}
    assert sorted(text for text in embedded if text in own) == sorted(own)
    code, texts = driven(tmp_path, None)
    assert code == 0
    assert not own & set(texts)
    assert [one.version for one in store.list()] == ["v1"]
    assert store.load("d", "v1").report.intake.records == 12
    assert not [path for path in (tmp_path / "store" / ".staging").iterdir() if path.is_dir()]


@pytest.mark.slow
def test_a_killed_replacement_leaves_the_old_report(tmp_path: Path) -> None:
    old = analyze(ROWS[:5], dataset="d", version="v1", store=tmp_path / "store", settings=PLAIN)
    assert driven(tmp_path, "write")[0] == -signal.SIGKILL
    assert Store(tmp_path / "store").load("d", "v1").report == old.report


TERMINATED = """
import sys, time
from diversity import analysis, cli
def wait(inputs):
    open(sys.argv[1], "w").close()
    time.sleep(60)
analysis.measure = wait
sys.exit(cli.main(sys.argv[2:]))
"""


def test_a_terminated_run_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    arguments = [
        "analyze",
        data(tmp_path),
        "--dataset",
        "d",
        "--version",
        "v1",
        "--embedder",
        "none",
        "--store",
        tmp_path / "store",
        "--job",
        tmp_path / "job",
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", TERMINATED, str(tmp_path / "ready"), *map(str, arguments)], stderr=subprocess.PIPE
    )
    wait_until((tmp_path / "ready").exists)
    process.send_signal(signal.SIGTERM)
    said = process.communicate()[1].decode()
    assert process.returncode == 130
    assert said == "diversity: stopped; what was embedded so far is kept\n"
    assert Store(tmp_path / "store").list() == []
    assert list((tmp_path / "store" / ".staging").iterdir()) == []
    assert json.loads((tmp_path / "job" / "progress.json").read_text())["state"] == "cancelled"


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.mark.parametrize("stage", ["read", "tokens", "metrics", "write"])
def test_a_cancelled_run_leaves_nothing(tmp_path: Path, stage: str) -> None:
    def progress(name: str, done: int, total: int | None) -> None:
        if name == stage:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        analyze(ROWS, dataset="d", store=tmp_path, settings=PLAIN, progress=progress)
    assert Store(tmp_path).list() == []
    assert list((tmp_path / ".staging").iterdir()) == []


def overtaken(monkeypatch: pytest.MonkeyPatch, store: Path, replace: bool) -> Any:
    """Runs an analysis of version 1, and while it measures a whole second one of the same version."""
    real = analysis.measure

    def meanwhile(inputs: Any) -> Measured:
        monkeypatch.setattr(analysis, "measure", real)
        analyze(ROWS[:7], dataset="d", version="v1", store=store, settings=PLAIN)
        return real(inputs)

    monkeypatch.setattr(analysis, "measure", meanwhile)
    return analyze(ROWS, dataset="d", version="v1", store=store, settings=PLAIN, replace=replace)


def test_of_two_runs_of_one_version_the_later_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="already"):
        overtaken(monkeypatch, tmp_path, replace=False)
    assert Store(tmp_path).load("d", "v1").report.intake.records == 7
    assert list((tmp_path / ".staging").iterdir()) == []


def test_of_two_runs_of_one_version_the_later_replaces_when_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stored = overtaken(monkeypatch, tmp_path, replace=True)
    assert stored.report.intake.records == 12
    assert len(stored.table("lengths")) == 12
    assert len(Store(tmp_path).list()) == 1


def test_the_leftovers_of_a_living_run_are_not_swept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.staging() as first:
        analyze(ROWS, dataset="d", store=store, settings=PLAIN)
        assert first.is_dir()


def test_leftovers_with_any_name_are_swept(tmp_path: Path) -> None:
    for name in ("1-abc", "notes", ".hidden"):
        (tmp_path / ".staging" / name).mkdir(parents=True)
    (tmp_path / ".staging" / "file.txt").write_text("")
    analyze(ROWS, dataset="d", store=tmp_path, settings=PLAIN)
    assert [path.name for path in (tmp_path / ".staging").iterdir()] == ["file.txt"]


def test_a_frame_a_list_a_generator_and_a_file_are_the_same(tmp_path: Path) -> None:
    sources = [pd.DataFrame(ROWS), ROWS, (row for row in ROWS), data(tmp_path), [str(data(tmp_path))]]
    reports = [
        analyze(source, dataset="d", version=f"v{n}", store=tmp_path / "s", settings=PLAIN).report
        for n, source in enumerate(sources)
    ]
    assert len({report.intake.fingerprint for report in reports}) == 1
    assert all(report.results == reports[0].results for report in reports)


def test_the_data_set_is_named_after_its_first_file(tmp_path: Path) -> None:
    assert analyze(data(tmp_path), store=tmp_path / "s", settings=PLAIN).report.dataset == "data"
    assert analyze((data(tmp_path),), version="v2", store=tmp_path / "s", settings=PLAIN).report.dataset == "data"
    assert analyze(ROWS, store=tmp_path / "s", settings=PLAIN).report.dataset == "records"


def test_what_is_no_source_is_refused(tmp_path: Path) -> None:
    for source, error in ((5, UsageError), ([], InputError), ({"prompt": "a", "answer": "b"}, InputError)):
        with pytest.raises(error):
            analyze(source, store=tmp_path, settings=PLAIN)  # type: ignore[arg-type]
    assert Store(tmp_path).list() == []


def test_a_typo_in_a_check_is_refused_before_reading(tmp_path: Path) -> None:
    for settings in ({"skip_checks": ["nope"]}, {"checks.nope": {"pass_at": 1, "warn_at": 2}}):
        with pytest.raises(UsageError, match="nope"):
            analyze(tmp_path / "missing.jsonl", store=tmp_path, settings={**PLAIN, **settings})


def test_the_report_says_how_it_was_made(tmp_path: Path) -> None:
    report = analyze(ROWS, dataset="d", store=tmp_path, settings={**PLAIN, "seed": 3}).report
    assert report.settings["seed"] == 3
    assert report.embedder == "none"
    assert report.packages["numpy"][0].isdigit()
    assert {"read", "tokens", "metric_answer_length"} <= set(report.seconds)
    assert report.check("rows_set_aside") is not None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_may_not_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir(mode=0o500)
    with pytest.raises(PermissionError):
        analyze(ROWS, dataset="d", store=tmp_path / "s", settings=PLAIN)


def test_a_measurement_that_failed_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from diversity import analysis
    from diversity.measure import measure as real

    def fails_once(inputs: Any) -> Any:
        measured = real(inputs)
        broken = measured.results[0].model_copy(update={"status": "failed", "value": None, "reason": "metric_failed"})
        return dataclasses.replace(measured, results=[broken, *measured.results[1:]])

    rows = [{"prompt": f"问题{n}", "answer": f"回答{n}"} for n in range(5)]
    monkeypatch.setattr(analysis, "measure", fails_once)
    first = analysis.analyze(rows, dataset="d", version="v1", store=tmp_path, settings={"embedder": "none"})
    assert any(result.status == "failed" for result in first.report.results)
    monkeypatch.setattr(analysis, "measure", real)
    second = analysis.analyze(rows, dataset="d", version="v2", store=tmp_path, settings={"embedder": "none"})
    assert all(result.status != "failed" for result in second.report.results)
