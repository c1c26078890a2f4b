"""A comparison in sentences: what it says moved, and what it does not claim."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.comparison.deltas import COUNTED, MetricDelta
from diversity.comparison.drift import Drift
from diversity.comparison.turns import CheckChange
from diversity.comparison.versions import Comparison, RecordCounts
from diversity.ui.compare_summary import _direction
from diversity.words.comparison import (
    FEWEST,
    change_sentence,
    delta_name,
    drift_size,
    interval_words,
    signed,
    summary,
    turned_checks,
)
from diversity.words.drift_sentence import drift_sentence


def delta(verdict: Any, interval: tuple[float, float] | None, metric: str = "answer_duplication") -> MetricDelta:
    return MetricDelta(
        metric=metric, field="answer", params={}, unit="ratio", direction="lower", before=0.1, after=0.3, change=0.2,
        interval=interval, verdict=verdict,
    )  # fmt: skip


def check(verdict: Any) -> CheckChange:
    return CheckChange(
        check="answer_duplication", group="answers", unit="ratio", direction="lower", before="pass", after="fail",
        value_before=0.1, value_after=0.3, verdict=verdict,
    )  # fmt: skip


def drift(size: Any, drawn: int, of: str = "prompt_length") -> Drift:
    return Drift(of=of, kind="lengths", size=size, effect=0.3, sample_size=drawn, changed=drawn)


def compared(records: dict[str, int], **more: Any) -> Comparison:
    counts = RecordCounts(**{"added": 0, "removed": 0, "edited": 0, "unchanged": 0} | records)
    given: dict[str, Any] = {"metrics": [], "checks": [], "drift": []} | more
    return Comparison(
        dataset="d", before="v1", after="v2", records=counts, task_types={}, regions=[], frames={}, folder="", **given
    )


MANY = {"removed": 100, "unchanged": 100}
ONE_LEFT = {"removed": 199, "unchanged": 1}


def test_what_has_no_interval_is_no_change_in_the_headline() -> None:
    found = compared(MANY, metrics=[delta("unclear", None)])
    assert summary(found).endswith("no figure got clearly better or worse")
    assert _direction(found) == "same"


def test_checks_that_turned_count_in_the_headline_and_its_colour() -> None:
    found = compared(MANY, checks=[check("worse"), check("worse"), check("same")])
    assert summary(found).endswith("; 2 checks got worse")
    assert _direction(found) == "worse"
    both = compared(MANY, checks=[check("worse")], metrics=[delta("better", (-0.3, -0.1))])
    assert "; better: " in summary(both)
    assert summary(both).endswith("; 1 check got worse")
    assert _direction(both) == "changed"


@pytest.mark.parametrize(("language", "words"), [("en", "which may be chance"), ("zh", "不排除偶然")])
def test_a_check_that_turned_as_chance_may_is_shown_without_a_direction(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    found = compared(MANY, checks=[check("unclear"), check("worse"), check("same")])
    assert [one.verdict for one in turned_checks(found)] == ["worse", "unclear"]
    alone = found.model_copy(update={"checks": [check("unclear")]})
    assert summary(alone).endswith("no figure got clearly better or worse")
    assert _direction(alone) == "same"
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    assert words in change_sentence(check("unclear"))
    assert words not in change_sentence(check("worse"))


def test_what_is_counted_is_named_without_an_interval() -> None:
    labels = delta("worse", None, metric="task_type_coverage").model_copy(update={"reason": COUNTED})
    assert "; worse: records with a task type 10.0% → 30.0%" in summary(compared(MANY, metrics=[labels]))
    assert _direction(compared(MANY, metrics=[labels])) == "worse"
    assert interval_words(labels) == "counted"
    assert interval_words(labels.model_copy(update={"reason": None})) == "no interval"


def test_a_version_of_one_record_is_not_called_the_same() -> None:
    found = compared(ONE_LEFT, metrics=[delta("unclear", None)], drift=[drift("none", 1)])
    assert summary(found).endswith("v2 has only 1 record, too few to compare figures")
    assert drift_sentence(found) == "Too few records to say whether anything drifted: v2 has only 1."
    assert _direction(found) == "unknown"
    turned = found.model_copy(update={"checks": [check("worse")] * 2})
    assert summary(turned).endswith("too few to compare figures; 2 checks got worse")
    assert _direction(turned) == "worse"


def test_few_records_of_which_none_changed_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = compared({"unchanged": 5}, drift=[drift("none", 5).model_copy(update={"changed": 0})])
    assert summary(found).endswith("no figure got clearly better or worse")
    assert drift_sentence(found).startswith("No drift")
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    assert "条数太少" in summary(compared(ONE_LEFT))
    assert "条数太少" in drift_sentence(compared(ONE_LEFT))


def test_a_drift_that_shows_in_few_records_is_told_all_the_same() -> None:
    found = compared({"removed": 20, "added": 20}, drift=[drift("large", 20), drift("none", 20, "answer_length")])
    assert drift_sentence(found) == "What drifted: length of prompts (large)."


def test_no_drift_is_claimed_only_where_one_could_be_seen() -> None:
    assert [drift_size(drift("none", n)) for n in (FEWEST - 1, FEWEST)] == ["unclear", "none"]
    assert drift_size(drift("small", 5)) == "small"


def test_a_figure_without_a_name_of_its_own_goes_by_what_it_is_given() -> None:
    known, unknown = delta("same", None), delta("same", None, metric="brand_new")
    assert delta_name(known, "id") == delta_name(known) == "repeated answers"
    assert (delta_name(unknown, "id"), delta_name(unknown)) == ("id", "brand new")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.25, "", "+0.25"),
        (-3, "", "−3"),
        (0.0, "", "±0.00"),
        (-0.00001, "", "±0.00"),
        (0.0000001, "ratio", "±0.00 pp"),
        (-0.125, "ratio", "−12.5 pp"),
        (None, "ratio", "–"),
    ],
)
def test_a_change_has_a_sign_where_it_can_be_read(
    monkeypatch: pytest.MonkeyPatch, value: float | None, unit: str, text: str
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    assert signed(value, unit) == text
