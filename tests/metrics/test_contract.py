"""One contract over every discovered metric: nothing is registered twice, so nothing can be forgotten in one place."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs, rows_of

from diversity.checks import run_checks
from diversity.features.inputs import Inputs
from diversity.metrics import discover
from diversity.metrics.base import Metric
from diversity.report import Check, MetricResult

METRICS = discover()
by_name = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


def varied_rows() -> list[dict[str, Any]]:
    """Forty-eight records of two types, some answers repeated, prompts short and long, in both languages."""
    facts = [f"第{n}号仓库在{street}，存放{n * 7}箱货物。" for n, street in enumerate("甲乙丙丁戊己庚辛" * 6)]
    prompts = [
        "".join(facts[n : n + 12 + n]) + f"\n第{n + 3}号仓库有多少箱货物？" if n % 3 else f"What is {n} times seven?"
        for n in range(48)
    ]
    answers = [f"{(n + 3) * 7}箱" if n % 3 else "I am not able to help with that request today." for n in range(48)]
    types = [None if n % 9 == 0 else ("问答-抽取" if n % 3 else "math-times") for n in range(48)]
    return rows_of(prompts, answers, types)


@pytest.fixture
def inputs(make_inputs: MakeInputs) -> Inputs:
    return make_inputs(varied_rows())


def test_every_metric_of_the_first_release_is_there() -> None:
    assert {metric.name for metric in METRICS} >= {
        "task_type_coverage", "task_type_balance", "prompt_length", "answer_length", "answer_duplication",
        "prompt_duplication", "key_info_position", "instruction_position", "semantic_map",
    }  # fmt: skip


@by_name
def test_a_metric_lives_in_the_module_of_its_name(metric: Metric) -> None:
    assert metric.compute.__module__ == f"diversity.metrics.{metric.name}"


@by_name
def test_results_are_typed_json_and_say_why_when_there_is_no_figure(metric: Metric, inputs: Inputs) -> None:
    output = metric.compute(inputs)
    assert output.results
    for result in output.results:
        assert result.metric == metric.name
        assert MetricResult.model_validate_json(result.model_dump_json()) == result
        assert (result.value is not None) == (result.status == "ok")
        assert (result.reason is None) == (result.status == "ok")
        if result.unit == "ratio" and result.value is not None:
            assert 0 <= result.value <= 1
    json.dumps([result.info for result in output.results], allow_nan=False)


@by_name
def test_tables_name_real_records(metric: Metric, inputs: Inputs) -> None:
    known = set(inputs.corpus.record_ids.to_pylist())
    for table in metric.compute(inputs).tables.values():
        if "record_id" in table.column_names:
            assert set(table["record_id"].to_pylist()) <= known


@by_name
def test_one_record_is_enough_not_to_fail(metric: Metric, make_inputs: MakeInputs) -> None:
    single = make_inputs(rows_of(["你好"], ["你好，请问有什么可以帮您？"]))
    assert all(result.status in ("ok", "not_applicable") for result in metric.compute(single).results)


@by_name
def test_the_order_of_records_does_not_matter(metric: Metric, make_inputs: MakeInputs) -> None:
    rows = varied_rows()
    shuffled = [rows[at] for at in np.random.default_rng(5).permutation(len(rows))]
    values = [[r.value for r in metric.compute(make_inputs(some)).results] for some in (rows, shuffled)]
    assert values[0] == pytest.approx(values[1])


def test_checks_are_complete_and_their_names_are_unique(inputs: Inputs) -> None:
    results = [result for metric in METRICS for result in metric.compute(inputs).results]
    checks = run_checks(METRICS, results, inputs.settings)
    assert len({check.check for check in checks}) == len(checks)
    assert {check.metric for check in checks} == {metric.name for metric in METRICS if metric.checks}
    for check in checks:
        assert Check.model_validate_json(check.model_dump_json()) == check
        assert (check.reason is not None) == (check.outcome in ("not_applicable", "skipped"))


def test_a_threshold_of_the_settings_decides(make_inputs: MakeInputs) -> None:
    rows = varied_rows()
    outcomes = {}
    for pass_at, warn_at in ((0.5, 0.4), (0.95, 0.8), (1.0, 0.99)):
        own = make_inputs(rows, **{"checks": {"task_type_coverage": {"pass_at": pass_at, "warn_at": warn_at}}})
        metric = next(metric for metric in METRICS if metric.name == "task_type_coverage")
        check = run_checks([metric], metric.compute(own).results, own.settings)[0]
        outcomes[pass_at] = check.outcome
    assert outcomes == {0.5: "pass", 0.95: "warn", 1.0: "fail"}


def test_a_skipped_check_says_so(make_inputs: MakeInputs) -> None:
    own = make_inputs(varied_rows(), skip_checks=["task_type_coverage"])
    metric = next(metric for metric in METRICS if metric.name == "task_type_coverage")
    check = run_checks([metric], metric.compute(own).results, own.settings)[0]
    assert (check.outcome, check.reason) == ("skipped", "skipped_by_settings")
