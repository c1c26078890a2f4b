from __future__ import annotations

import random
from typing import Any

import pyarrow as pa
import pytest
from helpers import MakeInputs, rows_of

from diversity.metrics.trigger_tokens import METRIC, TABLE, given_away, trigger_tokens

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
    assert trigger_tokens(make_inputs(made)).results[0].reason == "no_task_types_to_tell"


def test_a_type_of_one_prompt_is_left_out(make_inputs: MakeInputs) -> None:
    joke = rows_of(["Tell a joke"] * 30, ["ok"] * 30, ["joke"] * 30)
    found = trigger_tokens(make_inputs([*rows("one"), *joke])).results[0]
    assert (found.status, found.value, found.info["types"], found.info["left_out"]) == ("ok", 1, 4, 1)


def test_every_prompt_the_same(make_inputs: MakeInputs) -> None:
    made = rows_of(["Begin."] * 60, ["ok"] * 60, TYPES[:2] * 30)
    assert trigger_tokens(make_inputs(made)).results[0].reason == "too_few_types"


def test_the_order_of_records_does_not_matter(make_inputs: MakeInputs) -> None:
    made = rows("nothing", 120)[:80] + rows("one", 220)[80:]
    # The same prompt under several types: which copy is drawn must not hang on where it stands.
    made += rows_of([one["prompt"] for one in made[:30]], ["ok"] * 30, TYPES[:2] * 15)
    first, second = (trigger_tokens(make_inputs(some)).results for some in (made, made[::-1]))
    assert [(one.value, one.info["sizes"]) for one in first] == [(one.value, one.info["sizes"]) for one in second]
    assert first[0].info["sizes"]


def test_a_prompt_told_by_having_no_word_is_not_given_away() -> None:
    table = pa.table({"token": ["a", None, "b", None], "told_2": [True, True, False, False]})
    assert given_away(table, 2) == 1
