"""task_type_suggestions: hidden labels come back, swapped ones are listed, too little to learn from is said."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from helpers import MakeInputs

from diversity.checks import run_checks
from diversity.metrics.base import MetricOutput
from diversity.metrics.task_type_suggestions import METRIC, TABLE, task_type_suggestions
from diversity.report import MetricResult

KINDS = {
    "翻译-中译英": ("请把下面的句子翻译成英文：", "The translation of sentence"),
    "翻译-英译中": ("Translate into Chinese:", "译文如下"),
    "写作-散文": ("写一篇散文，题目是", "那一年的秋天来得很早"),
}


def rows(n: int = 20, hidden: int = 0) -> list[dict[str, Any]]:
    made = []
    for at in range(n):
        for kind, (ask, reply) in KINDS.items():
            row = {"id": f"{kind}{at}", "prompt": f"{ask} 第{at}项 {at * 7}", "answer": f"{reply} {at}"}
            made.append(row | ({"task_type": kind} if at >= hidden else {}))
    return made


def by_id(output: MetricOutput) -> dict[str, dict[str, Any]]:
    return {row["record_id"]: row for row in output.tables[TABLE].to_pylist()}


def test_hidden_labels_come_back_on_both_levels(make_inputs: MakeInputs):
    output = task_type_suggestions(make_inputs(rows(hidden=3)))
    found = by_id(output)
    assert len(found) == 9
    for name, row in found.items():
        assert (row["kind"], row["given"]) == ("unlabelled", None)
        assert row["suggested"].replace(" - ", "-") == name.rstrip("0123456789")
        assert row["suggested_1"] == row["suggested"].split(" - ")[0]
        assert 0.8 <= row["confidence"] <= row["confidence_1"] <= 1
        assert row["agreement"] >= 0.5
        assert row["nearest_id"].startswith(name.rstrip("0123456789"))
    info = output.results[0].info
    assert (info["unlabelled"], info["labelled"], info["classes"], info["classes_1"]) == (9, 51, 3, 2)
    assert [level["suggested"] for level in info["levels"]] == [9, 9]
    assert output.results[0].value == 0


def test_swapped_labels_are_listed_and_counted(make_inputs: MakeInputs):
    swapped = rows()
    for at, other in ((0, "写作-散文"), (32, "翻译-中译英")):
        swapped[at]["task_type"] = other
    output = task_type_suggestions(make_inputs(swapped))
    found = by_id(output)
    assert {name for name, row in found.items() if row["kind"] == "disagrees"} == {swapped[at]["id"] for at in (0, 32)}
    assert output.results[0].value == pytest.approx(2 / 60)
    assert output.results[0].info["doubted"] == 2


def mixed(n: int, types: int, share: float, seed: int = 0) -> list[dict[str, Any]]:
    """Records of clear types; `share` of the labels are drawn at random."""
    rng = np.random.default_rng(seed)
    made = []
    for at in range(n):
        words = " ".join(rng.choice([f"word{k}" for k in range(200)], 6))
        ask, reply = (f"{name} about {words}" for name in (f"verb{at % types}", f"answer{at % types}"))
        kind = rng.integers(types) if rng.uniform() < share else at % types
        made.append({"id": f"r{at}", "prompt": ask, "answer": reply, "task_type": f"type {kind}"})
    return made


@pytest.mark.parametrize("types", [2, 6])
@pytest.mark.parametrize("seed", [0, 1])
def test_doubt_rises_with_labels_at_random(make_inputs: MakeInputs, types: int, seed: int):
    outcomes, values = [], []
    for share in (0.0, 0.05, 0.2, 0.5, 1.0):
        inputs = make_inputs(mixed(400, types, share, seed))
        results = task_type_suggestions(inputs).results
        outcomes.append(run_checks([METRIC], results, inputs.settings)[0].outcome)
        values.append(results[0].value)
    assert values[0] == 0
    assert values[:4] == sorted(values[:4])
    # Of labels at random every `types`-th is right all the same; half of the wrong ones at least are seen.
    assert values[3] >= 0.25 * (1 - 1 / types)
    assert outcomes[:2] == ["pass", "pass"]
    assert outcomes[3] == "fail"
    assert (outcomes[4], results[0].reason) == ("not_applicable", "labels_by_chance")


def test_a_rare_type_that_is_told_is_more_than_chance(make_inputs: MakeInputs):
    """Always naming the largest type would be right in 19 of 20; these guesses are better all the same."""
    uneven = [row for row in mixed(400, 2, 0) if row["task_type"] == "type 0" or int(row["id"][1:]) % 20 == 1]
    assert task_type_suggestions(make_inputs(uneven)).results[0].value == 0


def test_a_set_that_only_grew_is_the_same(make_inputs: MakeInputs):
    small, large = (task_type_suggestions(make_inputs(mixed(n, 4, 0.2, n))).results[0] for n in (100, 800))
    assert METRIC.sample is not None
    samples = [METRIC.sample(Mock(), result) for result in (small, large)]
    drawn = [sample.values for sample in samples if sample is not None]
    error = np.sqrt(sum(values.mean() * (1 - values.mean()) / 100 for values in drawn))
    assert abs(drawn[0].mean() - drawn[1].mean()) < 1.96 * error


def test_the_same_record_many_times_counts_each_time_and_is_learnt_once(make_inputs: MakeInputs):
    twice = rows()
    copies = [{**twice[0], "id": f"copy{n}"} for n in range(30)] + [
        {"id": f"bare{n}", "prompt": twice[0]["prompt"], "answer": twice[0]["answer"]} for n in range(3)
    ]
    output = task_type_suggestions(make_inputs(twice + copies))
    assert output.results[0].info["learnt_from"] == 60
    assert output.results[0].info["labelled"] == 90
    assert [row["suggested"] for row in output.tables[TABLE].to_pylist()] == ["翻译 - 中译英"] * 3


@pytest.mark.parametrize(
    ("labels", "reason"), [((), "no_labels_to_learn"), (("a",), "too_few_labels"), (("a", "b"), "too_few_labels")]
)
def test_too_little_to_learn_from_is_said(make_inputs: MakeInputs, labels: tuple[str, ...], reason: str):
    few = [{"prompt": f"p{n}", "answer": f"a{n}"} for n in range(40)]
    for at in range(28 if labels else 0):
        few[at]["task_type"] = labels[at % len(labels)]
    result = task_type_suggestions(make_inputs(few)).results[0]
    assert (result.status, result.reason) == ("not_applicable", reason)


def test_labels_of_small_types_are_not_doubted(make_inputs: MakeInputs):
    odd = [
        {"id": f"odd{n}", "prompt": f"写一篇散文，题目是 {n}", "answer": "那一年", "task_type": "rare"}
        for n in range(2)
    ]
    output = task_type_suggestions(make_inputs(rows() + odd))
    assert (output.results[0].info["in_small"], output.results[0].info["judged"]) == (2, 60)
    assert not {"odd0", "odd1"} & set(by_id(output))


def test_only_the_largest_types_are_learnt(make_inputs: MakeInputs):
    odd = [{"id": f"odd{n}", "prompt": f"odd {n}", "answer": "so", "task_type": "rare"} for n in range(4)]
    output = task_type_suggestions(make_inputs(rows() + odd, **{"suggestions.most_classes": 3}))
    assert output.results[0].info["not_learnt"] == 4


def test_more_labels_than_are_learnt_from_are_judged_all_the_same(make_inputs: MakeInputs):
    many = rows(60)
    many[1]["task_type"] = "写作-散文"
    inputs = make_inputs(many, **{"suggestions.records": 100})
    output = task_type_suggestions(inputs)
    assert output.results[0].info["learnt_from"] == 100
    assert output.results[0].info["judged"] == 180
    assert many[1]["id"] in by_id(output)


def test_the_sample_has_the_figure():
    result = MetricResult(metric=METRIC.name, field="set", value=0.5, info={"judged": 4, "doubted": 2})
    assert METRIC.sample is not None
    sample = METRIC.sample(Mock(), result)
    assert sample is not None
    assert sample.statistic(sample.values) == 0.5


def test_where_no_type_is_large_enough_no_share_is_said(make_inputs: MakeInputs):
    """Nothing doubted of nothing judged is not the best figure there is; suggestions stay."""
    output = task_type_suggestions(make_inputs(rows(), suggestions={"least": 40}))
    result = output.results[0]
    assert result.info["judged"] == 0
    assert (result.status, result.value, result.reason) == ("not_applicable", None, "only_small_types")
    assert TABLE in output.tables
