from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from helpers import MakeInputs, rows_of

from diversity import measure as module
from diversity.comparison import compare
from diversity.errors import Cancelled, UsageError
from diversity.features.inputs import Inputs
from diversity.measure import Stopwatch, measure
from diversity.metrics import discover
from diversity.metrics.base import Metric, MetricOutput

ROWS = rows_of([f"问题{n}？" for n in range(6)], [f"回答{n}。" for n in range(6)], ["甲-一", "甲-二", "乙-一"] * 2)


def breaking(monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException) -> None:
    """Makes one metric raise."""

    def compute(inputs: Inputs) -> MetricOutput:
        raise error

    metrics = tuple(
        Metric(m.name, m.field, m.unit, m.direction, compute, m.checks, m.sample, m.beside) if m.name == name else m
        for m in discover()
    )
    monkeypatch.setattr(module, "discover", lambda: metrics)


def test_a_metric_that_raises_does_not_take_the_others_with_it(
    make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaking(monkeypatch, "prompt_length", ValueError("no such bucket"))
    found = measure(make_inputs(ROWS))
    result = next(one for one in found.results if one.metric == "prompt_length")
    assert (result.status, result.reason, result.value) == ("failed", "metric_failed", None)
    assert result.info["error"] == "ValueError: no such bucket"
    assert {"answer_length", "task_type_balance"} <= {one.metric for one in found.results if one.status == "ok"}
    check = next(one for one in found.checks if one.metric == "prompt_length")
    assert (check.outcome, check.reason) == ("not_applicable", "metric_failed")
    assert "lengths" not in found.tables
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("error", [Cancelled("stop"), UsageError("bad"), KeyboardInterrupt()])
def test_what_the_user_means_or_must_mend_ends_the_run(
    make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    breaking(monkeypatch, "prompt_length", error)
    with pytest.raises(type(error)):
        measure(make_inputs(ROWS))


@pytest.mark.parametrize(
    ("stage", "attribute", "metrics"),
    [
        ("map_prompt", "layout", {"semantic_map", "shortcut_probes"}),
        ("duplicates_answer", "duplicates", {"answer_duplication", "prompt_duplication"}),
    ],
)
def test_a_feature_that_raises_fails_only_the_metrics_that_need_it(
    make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch, stage: str, attribute: str, metrics: set[str]
) -> None:
    logging.getLogger("diversity.metrics.base").setLevel(logging.CRITICAL)

    def fails(self: Inputs, of: str) -> Any:
        raise RuntimeError("numerics")

    monkeypatch.setattr(Inputs, attribute, fails)
    found = measure(make_inputs(ROWS))
    assert {one.metric for one in found.results if one.status == "failed"} == metrics
    assert stage in found.seconds


def test_what_every_metric_needs_ends_the_run(make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Inputs) -> Any:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(Inputs, "embedded", property(fails))
    with pytest.raises(RuntimeError, match="out of memory"):
        measure(make_inputs(ROWS))


def test_reports_with_a_failed_metric_are_compared_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from diversity.analysis import analyze

    logging.getLogger("diversity.metrics.base").setLevel(logging.CRITICAL)
    whole = analyze(ROWS, dataset="d", version="v1", store=tmp_path, settings={"embedder": "none"})
    breaking(monkeypatch, "prompt_length", ValueError("no"))
    settings = {"embedder": "none", "seed": 1}
    broken = analyze(ROWS, dataset="d", version="v2", store=tmp_path, settings=settings)
    delta = next(one for one in compare(whole, broken).metrics if one.metric == "prompt_length")
    assert (delta.change, delta.verdict, delta.reason) == (None, "unknown", "metric_failed")


def test_a_check_counts_the_records_that_its_filter_shows(make_inputs: MakeInputs) -> None:
    """Who follows a check to its table finds as many rows as the check says."""
    facts = "".join(f"第{n}号展柜放着第{n * 7}件陶器。" for n in range(30))
    long = rows_of(
        [f"{facts}第{n}号展柜里是什么？" for n in range(30)], [f"第{n * 7}件陶器" for n in range(30)], ["问答"] * 30
    )
    found = measure(make_inputs([*ROWS, *rows_of(["没有类型？"], ["没有。"]), *long]))
    checked = 0
    for check in found.checks:
        if check.where and check.table and check.outcome != "not_applicable":
            frame = found.tables[check.table].to_pandas()
            for column, value in check.where.items():
                frame = frame[frame[column].isna() if value is None else frame[column] == value]
            assert len(frame) == check.records, check.check
            checked += 1
    assert checked >= 2


def test_the_overview_by_hand(make_inputs: MakeInputs) -> None:
    turns = [{"role": "system", "content": "x"}] + [
        {"role": role, "content": "hello there"} for _ in range(2) for role in ("user", "assistant")
    ]
    found = measure(make_inputs([*ROWS, {"messages": turns}])).overview
    assert (found["records"], found["units"]) == (7, 8)
    assert found["multi_turn_ratio"] == found["system_ratio"] == pytest.approx(1 / 7)
    assert (found["task_types_1"], found["task_types_2"]) == (2, 2)
    assert found["languages"] == {"zh": 6, "en": 2}


def test_the_stopwatch_adds_up_even_when_the_stage_raises() -> None:
    watch = Stopwatch()
    with watch("a"):
        pass
    with pytest.raises(KeyError), watch("b"):
        raise KeyError
    assert set(watch.seconds) == {"a", "b"}
    assert all(seconds >= 0 for seconds in watch.seconds.values())


def test_a_metric_that_the_settings_skip_is_not_measured(make_inputs: MakeInputs) -> None:
    found = measure(make_inputs(ROWS, skip_metrics="answer_length, semantic_map"))
    assert not {"answer_length", "semantic_map"} & {result.metric for result in found.results}
    assert "metric_answer_length" not in found.seconds
    skipped = {check.check for check in found.checks if check.outcome == "skipped"}
    assert skipped == {"answer_length", "long_answers", "semantic_map"}
