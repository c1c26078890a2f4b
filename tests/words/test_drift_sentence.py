"""What is said of drift, and of what it is said."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.comparison.drift import Drift
from diversity.comparison.versions import Comparison, RecordCounts
from diversity.words.drift_sentence import drift_sentence


def drift(of: str, size: Any = "none", reason: str | None = None, drawn: int = 200) -> Drift:
    return Drift(
        of=of, kind="classes", size=None if reason else size, reason=reason, effect=0.3, sample_size=drawn, changed=50
    )


def said(*drifts: Drift) -> str:
    records = RecordCounts(added=0, removed=0, edited=50, unchanged=150)
    return drift_sentence(
        Comparison(
            dataset="d", before="v1", after="v2", records=records, metrics=[], checks=[], task_types={},
            drift=list(drifts), regions=[], frames={}, folder="",
        )
    )  # fmt: skip


TURNS = drift("turn_count")
UNCOMPARED = [
    drift("task_type_1", reason="no_labels"),
    drift("task_type_2", reason="no_labels"),
    drift("prompt_length", reason="settings_differ"),
    drift("answer_length", reason="settings_differ"),
    drift("prompt_meaning", reason="no_embedder"),
    drift("answer_meaning", reason="no_embedder"),
]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")


def test_no_drift_names_what_was_compared_and_what_was_not() -> None:
    assert said(TURNS, *UNCOMPARED) == (
        "No drift in turns: distributed as chance would have it. Not compared: task types (no labels), "
        "lengths (measured with different settings), meaning (no embedder)."
    )


def test_the_same_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    assert said(TURNS, *UNCOMPARED) == (
        "没有漂移：轮数的分布变化都在随机范围之内。没有比较：任务类型（没有标签），长度（测量设置不同），语义（没有向量模型）。"
    )


def test_what_was_compared_in_part_is_named_in_part() -> None:
    sentence = said(TURNS, drift("prompt_meaning"), drift("answer_meaning", reason="few_changed"))
    assert sentence.startswith("No drift in turns, meaning of prompts: ")
    assert sentence.endswith(" Not compared: meaning of answers (too few texts changed).")


def test_labels_of_one_level_are_labels() -> None:
    assert said(drift("task_type_1"), drift("task_type_2", reason="no_labels")) == (
        "No drift in task types: distributed as chance would have it."
    )


def test_what_cannot_be_told_is_not_called_the_same() -> None:
    sentence = said(TURNS, drift("answer_length", "unclear"), drift("prompt_length"))
    assert sentence == (
        "No drift in turns, length of prompts: distributed as chance would have it. "
        "Can't tell whether there is drift in length of answers: "
        "the difference is not small, but chance could bring as much."
    )
    assert said(drift("answer_length", "unclear")).startswith("Can't tell")


def test_a_respect_with_few_rows_in_a_large_version_is_no_sameness() -> None:
    sentence = said(TURNS, drift("answer_length", drawn=10), drift("prompt_length"))
    assert sentence == (
        "No drift in turns, length of prompts: distributed as chance would have it. "
        "Too few records to tell: length of answers."
    )


def test_drifts_found_come_first() -> None:
    sentence = said(drift("answer_length", "large"), drift("turn_count", "unclear"), TURNS)
    assert sentence.startswith("What drifted: length of answers (large). Can't tell")
    assert said(drift("answer_length", "tiny"), TURNS).startswith("No drift to speak of")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "reason", ["settings_differ", "measured_differently", "no_embedder", "no_labels", "no_texts", "few_changed"]
)
@pytest.mark.parametrize(
    "of", ["task_type_1", "turn_count", "prompt_language", "answer_length", "prompt_meaning", "table.topic_switch"]
)
def test_every_reason_and_group_has_words(monkeypatch: pytest.MonkeyPatch, language: str, reason: str, of: str) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    for sentence in (said(drift(of), drift("answer_meaning", reason=reason)), said(TURNS, drift(of, reason=reason))):
        assert "drift." not in sentence
        assert reason not in sentence
