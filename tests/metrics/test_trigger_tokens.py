from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest
from helpers import MakeInputs, rows_of

from diversity.metrics.trigger_tokens import METRIC, TABLE, trigger_tokens

FILLER = ("river", "lamp", "quiet", "stone", "paper", "cloud", "wheel", "garden", "winter", "market", "bread", "violin")
TYPES = ["甲", "乙", "丙", "丁"]
WORDS = dict(zip(TYPES, ("translate", "summarise", "classify", "rewrite"), strict=True))


def rows(planted: str, count: int = 240, types: list[str] = TYPES) -> list[dict[str, Any]]:
    """Prompts of random words, with the type's word in each where `planted` is `one`."""
    drawn = random.Random(3)
    labels = [drawn.choice(types) for _ in range(count)]
    texts = [" ".join(drawn.choices(FILLER, k=8)) for _ in labels]
    if planted == "one":
        texts = [f"{WORDS[label]} {text}" for text, label in zip(texts, labels, strict=True)]
    return rows_of(texts, ["ok"] * count, labels)


def values(make_inputs: MakeInputs, made: list[dict[str, Any]]) -> list[float]:
    return [result.value for result in trigger_tokens(make_inputs(made)).results]


def test_labels_given_by_one_word_are_told_by_one_word(make_inputs: MakeInputs) -> None:
    output = trigger_tokens(make_inputs(rows("one")))
    assert [result.value for result in output.results] == pytest.approx([1, 1, 1, 1])
    tokens = {one["type"]: one["words"][0]["token"] for one in output.results[0].info["tokens"]}
    assert tokens == WORDS
    table = output.tables[TABLE].to_pandas()
    assert table["told_1"].all()
    assert table["token"].tolist() == [WORDS[label] for label in table["task_type"]]
    assert METRIC.checks[0].find(output.results).evidence["inside"] == pytest.approx(1)


def test_labels_given_by_nothing_are_not_told(make_inputs: MakeInputs) -> None:
    assert max(values(make_inputs, rows("nothing"))) < 0.2


def test_less_of_the_word_is_less_told(make_inputs: MakeInputs) -> None:
    one, nothing = rows("one"), rows("nothing")
    found = [values(make_inputs, one[:kept] + nothing[kept:])[0] for kept in (240, 120, 0)]
    assert found == sorted(found, reverse=True)


def test_one_type_cannot_be_told_apart(make_inputs: MakeInputs) -> None:
    result = trigger_tokens(make_inputs(rows("one", types=TYPES[:1]))).results[0]
    assert (result.status, result.reason) == ("not_applicable", "too_few_types")
    assert METRIC.checks[0].find([result]).reason == "too_few_types"


def test_types_of_a_few_records_are_left_out(make_inputs: MakeInputs) -> None:
    made = rows("one", 100, TYPES[:2]) + rows("one", 10, TYPES[2:])
    assert trigger_tokens(make_inputs(made)).results[0].info["types"] == 2


def test_without_types_there_is_no_figure(make_inputs: MakeInputs) -> None:
    made = rows_of(["你好"] * 30, ["好"] * 30)
    assert trigger_tokens(make_inputs(made)).results[0].reason == "no_task_types"


def test_half_samples_start_from_the_figure(make_inputs: MakeInputs) -> None:
    output = trigger_tokens(make_inputs(rows("nothing")[:200] + rows("one")[200:]))
    report = SimpleNamespace(table=lambda name, columns: output.tables[name].to_pandas()[columns])
    for result in output.results:
        sample = METRIC.sample(report, result)
        assert sample.statistic(sample.values) == pytest.approx(result.value)
