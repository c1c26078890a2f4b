"""An outcome that turned is better or worse only where its figure moved beyond chance."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from reports import report

from diversity.analysis import analyze
from diversity.comparison.deltas import MetricDelta
from diversity.comparison.turns import CheckChange, Shift, check_changes
from diversity.comparison.versions import compare
from diversity.report import Check, MetricResult
from diversity.words.comparison import change_sentence


def check(outcome: Any, value: float, name: str = "m") -> Check:
    return Check(check=name, group="answers", metric="m", outcome=outcome, value=value, direction="lower")


def turned(
    outcomes: tuple[Any, Any], *, name: str = "m", shift: Shift | None = None, delta: MetricDelta | None = None
) -> CheckChange:
    old, new = (
        report(MetricResult(metric="m", field="answer", value=value)).model_copy(
            update={"checks": [check(outcome, value, name)]}
        )
        for outcome, value in zip(outcomes, (0.3, 0.1), strict=True)
    )
    return check_changes(old, new, None, [delta] if delta else [], {name: shift} if shift else {})[0]


@pytest.mark.parametrize(
    ("outcomes", "shift", "verdict"),
    [
        (("fail", "pass"), Shift(-0.2, 0.01), "better"),
        (("pass", "fail"), Shift(0.2, 0.01), "worse"),
        (("fail", "pass"), Shift(-0.2, 0.2), "unclear"),
        (("fail", "pass"), None, "unclear"),
        # The figure fell, which is good, and the outcome is worse: sizes or thresholds made it.
        (("pass", "fail"), Shift(-0.2, 0.01), "unclear"),
        (("warn", "warn"), Shift(-0.2, 0.01), "same"),
        (("not_applicable", "pass"), Shift(-0.2, 0.01), "unknown"),
    ],
)
def test_a_turn_has_the_direction_of_a_figure_that_moved(outcomes: Any, shift: Any, verdict: str) -> None:
    assert turned(outcomes, shift=shift).verdict == verdict


def test_what_is_counted_needs_no_more() -> None:
    assert turned(("pass", "warn"), name="rows_set_aside").verdict == "worse"
    assert turned(("warn", "pass"), name="task_type_coverage").verdict == "better"


@pytest.mark.parametrize(("p", "verdict"), [(0.01, "better"), (0.3, "unclear")])
def test_a_check_on_its_metrics_figure_shares_that_figures_answer(p: float, verdict: str) -> None:
    delta = MetricDelta(
        metric="m", field="answer", params={}, unit="ratio", direction="none", before=0.3, after=0.1, change=-0.2,
        interval=(-0.3, -0.1), p=p, p_adjusted=p, verdict="changed",
    )  # fmt: skip
    assert turned(("fail", "pass"), delta=delta).verdict == verdict
    other = delta.model_copy(update={"field": "prompt"})
    assert turned(("fail", "pass"), delta=other).verdict == "unclear"


def rows(count: int, largest: float, seed: int) -> list[dict[str, Any]]:
    """Records of which a share is of one type, the others of eight."""
    chance = random.Random(seed)
    kinds = ["写作" if chance.random() < largest else f"第{chance.randint(1, 8)}类" for _ in range(count)]
    return [{"prompt": f"{seed}题{n}？", "answer": f"{seed}答{n}。", "task_type": kind} for n, kind in enumerate(kinds)]


def outcome(folder: Path, *versions: list[dict[str, Any]]) -> CheckChange:
    stored = [
        analyze(one, dataset="d", version=f"v{n}", store=folder, settings={"embedder": "none"})
        for n, one in enumerate(versions)
    ]
    return next(one for one in compare(*stored).checks if one.check == "task_type_balance")


def test_the_largest_type_a_hair_over_its_threshold_and_far_over_it(tmp_path: Path) -> None:
    exact = [
        [{**one, "task_type": "写作" if n < at else f"第{n % 8}类"} for n, one in enumerate(rows(200, 0, at))]
        for at in (59, 63)
    ]
    near = outcome(tmp_path / "near", *exact)
    assert (near.before, near.after, near.verdict) == ("pass", "warn", "unclear")
    far = outcome(tmp_path / "far", rows(200, 0.2, 3), rows(200, 0.6, 4))
    assert (far.before, far.verdict) == ("pass", "worse")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "; 3 unchanged records are judged otherwise"), ("zh", "；没有改动的数据里有 3 条因别的数据变了而判断不同")],
)
def test_a_check_that_unchanged_records_may_have_turned_says_so(
    monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    delta = MetricDelta(
        metric="m", field="answer", params={}, unit="ratio", direction="lower", before=0.3, after=0.1, change=-0.2,
        interval=(-0.5, 0.1), p=0.3, p_adjusted=0.4, verdict="same", remeasured=3,
    )  # fmt: skip
    unclear = turned(("fail", "pass"), delta=delta)
    assert (unclear.verdict, unclear.remeasured) == ("unclear", 3)
    assert said in change_sentence(unclear)
    clear = turned(("fail", "pass"), shift=Shift(-0.2, 0.01), delta=delta)
    assert (clear.verdict, clear.remeasured) == ("better", None)
    assert said not in change_sentence(clear)


@pytest.mark.parametrize(
    ("verdicts", "turn"),
    [(("better",), "better"), (("same",), "unclear"), (("worse",), "unclear"), (("better", "worse"), "unclear")],
)
def test_a_check_that_cannot_be_drawn_turns_with_its_metrics_other_figures(verdicts: Any, turn: str) -> None:
    """The worst of many types has no interval; that wordings got more varied on the whole has one."""
    old, new = (
        report(MetricResult(metric="m", field="answer", value=9.0)).model_copy(
            update={"checks": [check(outcome, value)]}
        )
        for outcome, value in (("fail", 0.8), ("pass", 0.1))
    )
    deltas = [
        MetricDelta(
            metric="m", field="answer", params={"at": at}, unit="score", direction="higher", before=9.0, after=9.5,
            change=0.5, interval=(0.3, 0.7), p=0.01, p_adjusted=0.02, verdict=verdict,
        )
        for at, verdict in enumerate(verdicts)
    ]  # fmt: skip
    assert check_changes(old, new, None, deltas, {})[0].verdict == turn
