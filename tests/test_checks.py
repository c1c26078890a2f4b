from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.checks import require_known_names, require_ordered_thresholds, rows_set_aside, run_checks
from diversity.errors import UsageError
from diversity.metrics import discover
from diversity.metrics.base import CheckSpec, Finding, Metric
from diversity.report import Check, DamagedFile, Intake, MetricResult, Rows
from diversity.settings import Settings, load_settings
from diversity.words.catalogue import catalogue

ORDER = {"fail": 0, "warn": 1, "pass": 2}


def metric(direction: Any, finding: Finding | None = None) -> Metric:
    """A metric whose check looks at its first result's value: passes at 0.8 or 0.2, warns at 0.5."""
    pass_at = 0.8 if direction == "higher" else 0.2
    spec = CheckSpec(
        "c",
        "prompts",
        direction,
        "ratio",
        pass_at,
        0.5,
        lambda results: finding or Finding(results[0].value, {"n": 1}, 4, "t", {"a": 1}, "do"),
    )
    return Metric("m", "prompt", "ratio", direction, compute=cast(Any, None), checks=(spec,))


def held(direction: str, value: float | None, settings: Settings | None = None, **more: Any) -> Check:
    result = MetricResult(metric="m", field="prompt", value=value, **more)
    other = MetricResult(metric="other", field="prompt", value=0.0)
    return run_checks([metric(direction)], [other, result], settings or Settings())[0]


@pytest.mark.parametrize(
    ("direction", "value", "outcome"),
    [
        ("higher", 1.0, "pass"),
        ("higher", 0.8, "pass"),
        ("higher", 0.79, "warn"),
        ("higher", 0.5, "warn"),
        ("higher", 0.49, "fail"),
        ("lower", 0.0, "pass"),
        ("lower", 0.2, "pass"),
        ("lower", 0.21, "warn"),
        ("lower", 0.5, "warn"),
        ("lower", 0.51, "fail"),
        ("lower", None, "not_applicable"),
    ],
)
def test_outcomes_at_and_beside_the_thresholds(direction: str, value: float | None, outcome: str) -> None:
    assert held(direction, value).outcome == outcome


@given(st.sampled_from(["higher", "lower"]), st.floats(0, 1), st.floats(0, 1))
def test_a_better_figure_never_has_a_worse_outcome(direction: str, one: float, other: float) -> None:
    better, worse = sorted((one, other), reverse=direction == "higher")
    assert ORDER[held(direction, better).outcome] >= ORDER[held(direction, worse).outcome]


def test_a_check_carries_what_was_found_and_advice_only_where_needed() -> None:
    failed, passed = held("higher", 0.1), held("higher", 0.9)
    assert (failed.evidence, failed.records, failed.table, failed.where) == ({"n": 1}, 4, "t", {"a": 1})
    assert (failed.advice, passed.advice) == ("do", None)
    assert failed.threshold == {"pass": 0.8, "warn": 0.5}


def test_thresholds_and_exemptions_of_the_settings() -> None:
    own = load_settings({"checks.c": {"pass_at": 0.1, "warn_at": 0.05}})
    assert held("higher", 0.1, own).outcome == "pass"
    assert held("higher", 0.1, own).threshold == {"pass": 0.1, "warn": 0.05}
    # What is left open keeps the check's default.
    assert held("higher", 0.1, load_settings({"checks.c.pass_at": 0.7})).threshold == {"pass": 0.7, "warn": 0.5}
    assert held("higher", 0.1, load_settings({"checks.c.warn_at": 0.1})).outcome == "warn"
    skipped = held("higher", 0.1, load_settings({"skip_checks": ["c"]}))
    assert (skipped.outcome, skipped.reason, skipped.value) == ("skipped", "skipped_by_settings", 0.1)


def test_a_metric_that_failed_says_so() -> None:
    check = held("higher", None, status="failed", reason="metric_failed", info={"error": "ValueError: no"})
    assert (check.outcome, check.reason, check.evidence) == (
        "not_applicable",
        "metric_failed",
        {"error": "ValueError: no"},
    )


def intake(read: int, aside: int) -> Intake:
    return Intake(
        files=[],
        shape="alpaca",
        field_map={},
        rows=Rows(read=read, set_aside=aside),
        records=read - aside,
        units=read,
        reasons={},
        fingerprint="f",
    )


@pytest.mark.parametrize(("aside", "outcome"), [(0, "pass"), (10, "pass"), (11, "warn"), (50, "warn"), (51, "fail")])
def test_rows_set_aside(aside: int, outcome: str) -> None:
    check = rows_set_aside(intake(1000, aside), Settings())
    assert (check.outcome, check.records, check.table) == (outcome, aside, "set_aside")
    assert check.evidence.items() >= {"set_aside": aside, "read": 1000}.items()


def test_a_damaged_file_fails_whatever_the_share_of_rows() -> None:
    cut = DamagedFile(path="a/b.jsonl", reason="truncated_file", detail="line 7 of the file")
    damaged = intake(1000, 0).model_copy(update={"damaged": [cut, cut.model_copy(update={"path": "c"})]})
    check = rows_set_aside(damaged, Settings())
    assert (check.outcome, check.value, check.advice) == ("fail", 0.0, "whole_file")
    assert (
        check.evidence.items() >= {"damaged": 2, "file": "a/b.jsonl", "damage": "truncated_file", "read": 1000}.items()
    )
    lenient = load_settings({"checks.rows_set_aside": {"pass_at": 1, "warn_at": 1}})
    assert rows_set_aside(damaged, lenient).outcome == "fail"
    assert rows_set_aside(damaged, load_settings({"skip_checks": ["rows_set_aside"]})).outcome == "skipped"


def test_unknown_checks_are_refused_and_the_known_ones_named() -> None:
    names = [spec.name for one in discover() for spec in one.checks] + ["rows_set_aside"]
    require_known_names(load_settings({"skip_checks": names}), discover())
    with pytest.raises(UsageError, match=r"answer_lenght.*answer_length"):
        require_known_names(load_settings({"skip_checks": ["answer_lenght"]}), discover())


def test_a_metric_to_skip_must_exist() -> None:
    require_known_names(load_settings({"skip_metrics": "semantic_map"}), discover())
    with pytest.raises(UsageError, match="metrics that do not exist: semantic_mop"):
        require_known_names(load_settings({"skip_metrics": "semantic_mop"}), discover())


@pytest.mark.parametrize(
    ("name", "pass_at", "warn_at", "code"),
    [
        ("answer_duplication", 0.9, 0.01, "thresholds_lower"),
        ("rows_set_aside", 0.2, 0.1, "thresholds_lower"),
        ("task_type_coverage", 0.5, 0.9, "thresholds_higher"),
        ("task_type_coverage", float("nan"), 0.9, "thresholds_higher"),
        ("answer_duplication", 0.1, 0.1, None),
        ("answer_duplication", 0.1, 0.2, None),
        ("task_type_coverage", 0.9, 0.5, None),
    ],
)
def test_thresholds_in_the_wrong_order_are_refused(name: str, pass_at: float, warn_at: float, code: str | None) -> None:
    own = load_settings({f"checks.{name}": {"pass_at": pass_at, "warn_at": warn_at}})
    if code is None:
        require_ordered_thresholds(own, discover())
        return
    with pytest.raises(UsageError, match=f"checks.{name}: pass_at must be") as refused:
        require_ordered_thresholds(own, discover())
    assert refused.value.code == code
    assert f"error.{code}" in catalogue("zh")


def test_one_threshold_is_held_against_the_default_of_the_other() -> None:
    with pytest.raises(UsageError, match=r"must be <= warn_at, not 0.9 and 0.1"):
        require_ordered_thresholds(load_settings({"checks.answer_duplication.pass_at": 0.9}), discover())
    require_ordered_thresholds(load_settings({"checks.answer_duplication.warn_at": 0.9}), discover())


def test_the_commonest_reason_for_rows_set_aside_is_named() -> None:
    named = intake(1000, 60).model_copy(update={"reasons": {"broken_json": 6, "no_answer": 54}})
    evidence = rows_set_aside(named, Settings()).evidence
    assert (evidence["reason"], evidence["reason_count"]) == ("no_answer", 54)


def test_a_fault_of_rows_that_were_used_is_no_reason() -> None:
    named = intake(1000, 6).model_copy(update={"reasons": {"broken_json": 6, "long_label": 900}})
    evidence = rows_set_aside(named, Settings()).evidence
    assert (evidence["reason"], evidence["reason_count"]) == ("broken_json", 6)
