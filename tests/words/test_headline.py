"""The first sentence of a comparison: what matters most stands first, and nothing is praised that lengths did."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.comparison.deltas import MetricDelta
from diversity.comparison.drift import Drift
from diversity.comparison.turns import CheckChange
from diversity.comparison.versions import Comparison, RecordCounts
from diversity.words.headline import summary

HEAD = "v2 against v1: +0 −75 ~455 records"


def delta(verdict: Any, metric: str = "novelsum", after: float = 0.254, length: str | None = None) -> MetricDelta:
    return MetricDelta(
        metric=metric, field="answer", params={}, unit="distance", direction="higher", before=0.24, after=after,
        change=after - 0.24, interval=(0.01, 0.02), verdict=verdict, length_drift=length,
    )  # fmt: skip


def check(name: str, verdict: Any = "worse", before: Any = "pass", after: Any = "fail") -> CheckChange:
    return CheckChange(
        check=name, group="answers", unit="buckets", direction="higher", before=before, after=after, value_before=5,
        value_after=1, verdict=verdict,
    )  # fmt: skip


def lengths(size: Any, **medians: float) -> Drift:
    info = {f"median_{side}": value for side, value in medians.items()}
    return Drift(of="answer_length", kind="lengths", size=size, effect=2.41, sample_size=500, changed=90, info=info)


def said(**more: Any) -> str:
    records = RecordCounts(added=0, removed=75, edited=455, unchanged=101)
    given: dict[str, Any] = {"metrics": [], "checks": [], "drift": [], "records": records} | more
    found = Comparison(dataset="d", before="v1", after="v2", task_types={}, regions=[], frames={}, folder="", **given)
    sentence = summary(found)
    assert sentence.startswith(HEAD) or "对比" in sentence or "records" in more
    return sentence.removeprefix(HEAD)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")


CUT: dict[str, Any] = {
    "checks": [check("answer_length"), check("novelsum", "unclear")],
    "drift": [lengths("large", before=109.0, after=22.0)],
    "metrics": [
        *[delta("changed", length="answer_length")] * 2,
        delta("worse", "task_type_balance", 0.1),
        delta("worse", "answer_duplication", 0.1),
    ],
}


def test_answers_cut_to_pieces_are_called_no_improvement() -> None:
    assert said(**CUT) == (
        "; 1 check got worse: Short and long answers (pass → fail)"
        "; largest drift: length of answers (large, median 109 → 22 tokens)"
        "; worse: effective number of types 0.240 → 0.100"
        "; 2 figures of diversity moved as well, but so they do when only lengths change"
    )


def test_the_same_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    assert said(**CUT) == (
        "v2 对比 v1：新增 0 条，删除 75 条，修改 455 条；1 项检查的结果变差：答案有长有短（通过 → 不通过）"
        "；最大的漂移：答案长度（大，中位数 109 → 22 token）；变差：有效类型数 0.240 → 0.100"
        "；另有 2 项多样性指标有变动，但单是长度变了也会这样"
    )


def test_two_checks_are_named_and_the_rest_counted() -> None:
    checks = [check("answer_length"), check("answer_length", after="warn"), check("a"), check("b", "better")]
    assert said(checks=checks) == (
        "; 3 checks got worse: Short and long answers (pass → fail), Short and long answers (pass → warning) and 1 more"
        "; 1 check improved"
    )


@pytest.mark.parametrize("size", ["small", "tiny", "none", "unclear"])
def test_a_lesser_drift_does_not_lead(size: Any) -> None:
    figures = [delta("better"), delta("better", "vendi_score")]
    assert said(drift=[lengths(size, before=109.0, after=90.0)], metrics=figures) == said(metrics=figures)
    assert said(metrics=figures).count("→") == 2


def test_what_drifted_most_is_named_by_what_moved() -> None:
    moved = [["math", 0.12, 0.0], ["code", 0.2, 0.3]]
    types = Drift(of="task_type_1", kind="classes", size="medium", effect=0.5, info={"moved": moved})
    told = said(drift=[types, lengths("medium", before=1.0, after=2.0)], metrics=[delta("better")] * 2)
    assert told.startswith("; largest drift: task types, level 1 (medium, math 12.0% → 0.0%); better: ")
    assert told.count("0.254") == 1
    meaning = Drift(of="answer_meaning", kind="meaning", size="large", effect=0.9)
    assert said(drift=[meaning]) == "; largest drift: meaning of answers (large); no figure got clearly better or worse"
    assert "(large);" in said(drift=[lengths("large", before=9.0, after=9.0)])


def test_two_versions_that_share_nothing_are_two_batches() -> None:
    assert "no record is in both" in said(records=RecordCounts(added=40, removed=75, edited=0, unchanged=0))
    for counts in ((40, 75, 1, 0), (40, 75, 0, 1), (40, 0, 0, 0), (0, 75, 0, 0)):
        names = ("added", "removed", "edited", "unchanged")
        assert "no record" not in said(records=RecordCounts(**dict(zip(names, counts, strict=True))))
