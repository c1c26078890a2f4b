"""Figures of diversity are not judged where lengths alone may have moved them."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.comparison.by_length import MOVED_BY_LENGTH, beside_lengths
from diversity.comparison.deltas import MetricDelta
from diversity.comparison.drift import Drift
from diversity.metrics import discover


def delta(metric: str, field: str, verdict: Any = "better") -> MetricDelta:
    return MetricDelta(
        metric=metric, field=field, params={}, unit="distance", direction="higher", before=0.8, after=0.9, change=0.1,
        interval=(0.05, 0.15), verdict=verdict,
    )  # fmt: skip


def length(of: str, size: Any) -> Drift:
    return Drift(of=f"{of}_length", kind="lengths", size=size, effect=0.9)


@pytest.mark.parametrize(
    ("field", "of", "size", "verdict"),
    [
        ("answer", "answer", "large", "changed"),
        ("answer", "answer", "medium", "changed"),
        ("answer", "answer", "small", "better"),
        ("answer", "answer", "unclear", "better"),
        ("answer", "prompt", "large", "better"),
        ("prompt", "prompt", "large", "changed"),
        ("pair", "answer", "large", "changed"),
        ("pair", "prompt", "medium", "changed"),
    ],
)
def test_a_figure_is_judged_beside_the_lengths_of_its_own_texts(field: str, of: str, size: Any, verdict: str) -> None:
    (one,) = beside_lengths([delta("novelsum", field)], [length(of, size)])
    assert one.verdict == verdict
    assert one.length_drift == (f"{of}_length" if verdict == "changed" else None)
    assert one.told == (verdict == "better")


def test_what_is_no_diversity_of_texts_and_what_did_not_move_stay() -> None:
    given = [delta("answer_duplication", "answer"), delta("novelsum", "answer", "same")]
    assert beside_lengths(given, [length("answer", "large")]) == given


def test_the_figures_are_there() -> None:
    assert {metric.name for metric in discover()} >= MOVED_BY_LENGTH
