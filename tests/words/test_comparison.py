"""A comparison in sentences: what it says moved, and what it does not claim."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.checks import ROWS_CHECK
from diversity.comparison.deltas import COUNTED, MetricDelta
from diversity.comparison.drift import Drift
from diversity.comparison.regions import Region
from diversity.comparison.task_types import TypeChanges, TypeCount
from diversity.comparison.turns import CheckChange
from diversity.comparison.versions import Comparison, RecordCounts
from diversity.report import Rows
from diversity.ui.compare_summary import _direction
from diversity.words.comparison import (
    change_sentence,
    delta_name,
    interval_words,
    region_sentences,
    rows_sentence,
    shown_verdict,
    signed,
    turned_checks,
    type_sentences,
    unlabelled,
)
from diversity.words.drift_sentence import drift_sentence
from diversity.words.drift_words import FEWEST, drift_size
from diversity.words.headline import summary


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
    named = "Answers are not repeated (pass → fail)"
    assert summary(found).endswith(f"; 2 checks got worse: {named}, {named}")
    assert _direction(found) == "worse"
    both = compared(MANY, checks=[check("worse")], metrics=[delta("better", (-0.3, -0.1))])
    assert f"; 1 check got worse: {named}; better: " in summary(both)
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
    assert summary(turned).endswith("; v2 has only 1 record, too few to compare figures")
    assert "; 2 checks got worse: " in summary(turned)
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


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ((0.092, 1.49), "+0.09 … +1.49"),
        ((-0.011, 0.00034), "−0.011 … +0.000"),
        ((-9.41, 40.3), "−9.4 … +40.3"),
        ((-25.0, 1.0), "−25.0 … +1.0"),
        ((-150.2, 20.0), "−150 … +20"),
        ((-3.0, -3.0), "−3.00 in every sample"),
        ((0.0, 0.0), "±0.00 in every sample"),
    ],
)
def test_both_ends_of_an_interval_have_the_same_decimals(interval: tuple[float, float], text: str) -> None:
    assert interval_words(delta("same", interval).model_copy(update={"unit": ""})) == text


def test_a_figure_that_lengths_may_have_moved_is_neither_better_nor_worse() -> None:
    one = delta("changed", (0.1, 0.2), "novelsum").model_copy(update={"length_drift": "answer_length"})
    assert shown_verdict(one) == "with_length"
    assert shown_verdict(one.model_copy(update={"after": one.before})) == "same"
    assert _direction(compared(MANY, metrics=[one], checks=[check("worse")])) == "worse"


def test_a_drift_that_is_not_small_is_a_change() -> None:
    assert _direction(compared(MANY, drift=[drift("medium", 100)])) == "changed"
    assert _direction(compared(MANY, drift=[drift("small", 100)])) == "same"
    assert _direction(compared(MANY, drift=[drift("large", 100)], checks=[check("worse")])) == "worse"


def rows(before: int, after: int) -> tuple[Rows, Rows]:
    return Rows(read=1000, set_aside=before), Rows(read=1000, set_aside=after)


def test_rows_set_aside_are_told_where_they_changed_notably() -> None:
    assert rows_sentence(compared(MANY, rows=rows(282, 369))) == (
        "More rows set aside: 28.2% → 36.9% (282 of 1,000 → 369 of 1,000)."
    )
    assert (rows_sentence(compared(MANY, rows=rows(369, 282))) or "").startswith("Fewer rows set aside")
    assert rows_sentence(compared(MANY, rows=rows(282, 290))) is None
    assert rows_sentence(compared(MANY)) is None
    turned = check("worse").model_copy(update={"check": ROWS_CHECK})
    assert rows_sentence(compared(MANY, rows=rows(0, 369), checks=[turned])) is None


def test_where_more_rows_were_set_aside_vanished_types_may_be_among_them() -> None:
    def said(set_aside: int, rows: tuple[Rows, Rows]) -> list[str]:
        gone = TypeCount(levels=("math",), records=75, set_aside=set_aside)
        changes = TypeChanges(vanished=[gone], vanished_total=1)
        return type_sentences(compared(MANY, type_changes=changes, rows=rows))

    assert len(said(0, rows(282, 282))) == 1
    assert said(0, rows(282, 369))[1].startswith("Rows set aside are not counted")
    assert said(9, rows(282, 369)) == [
        "Task types that vanished: math (75 → 0; 9 rows of it set aside in the later version)."
    ]


def test_a_version_without_labels_has_not_lost_its_types() -> None:
    gone = TypeChanges(vanished=[TypeCount(levels=("math",), records=75)], vanished_total=1)
    found = compared(MANY, type_changes=gone).model_copy(update={"task_types": {"math": (75, 0), "code": (9, 0)}})
    assert unlabelled(found) == "v2"
    assert type_sentences(found) == ["v2 has no task types, so they are not compared."]
    half = found.model_copy(update={"task_types": {"math": (75, 0), "code": (9, 1)}})
    assert unlabelled(half) is None
    assert "math (75 → 0)" in type_sentences(half)[0]


def test_a_share_is_not_called_more_records() -> None:
    def said(moved: Any, **only: int) -> list[str]:
        region = Region(
            field="prompt", region=0, name="boats", x=0, y=0, before=0.1, after=0.2, p=0.01, moved=moved, examples=[],
            **only,
        )  # fmt: skip
        return region_sentences(compared(MANY).model_copy(update={"regions": [region]}))

    share = "The region of prompts whose share rose most: boats, 10.0% → 20.0%"
    assert said("gained", only_after=3) == [f"{share}."]
    assert said("gained", only_before=3) == [f"{share}, with no new text of its own."]
    assert said("lost", only_after=3)[0].endswith(", though no text of its own is gone.")
    assert said("lost", only_before=3)[0].endswith("20.0%.")
    assert said("same") == []
