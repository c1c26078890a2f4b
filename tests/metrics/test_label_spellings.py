from __future__ import annotations

import random

import pytest
from helpers import MakeInputs, rows_of

from diversity.metrics.label_spellings import GROUPS, spellings
from diversity.metrics.task_type_balance import METRIC, task_type_balance


@pytest.mark.parametrize("other", ["code gen", "Code_Gen", "CODEGEN", "code-gen", "Code–Gen"])
def test_case_blanks_and_hyphens_are_spelling(other: str) -> None:
    assert spellings([(None, "Code Gen", 5), (None, other, 2)]) == [[("Code Gen", 5), (other, 2)]]


@pytest.mark.parametrize(
    ("one", "other"),
    [("C", "C++"), ("C", "C#"), ("1-1", "11"), ("翻译", "翻译题"), ("level 1", "level 2"), ("v1.1", "v11"), ("-", "–")],
)
def test_what_is_another_name(one: str, other: str) -> None:
    assert spellings([(None, one, 1), (None, other, 1)]) == []


def test_a_name_below_two_types_is_not_one_type() -> None:
    assert spellings([("写作", "Poem", 1), ("翻译", "poem", 1)]) == []
    assert spellings([("写作", "Poem", 1), ("写作", "poem", 3)]) == [[("poem", 3), ("Poem", 1)]]


def test_the_largest_group_is_first_whatever_the_order() -> None:
    labels = [(None, name, records) for name, records in [("a b", 1), ("AB", 2), ("x", 9), ("X", 9), ("alone", 50)]]
    for seed in range(5):
        random.Random(seed).shuffle(labels)
        assert spellings(labels) == [[("X", 9), ("x", 9)], [("AB", 2), ("a b", 1)]]


def test_groups_are_bounded() -> None:
    labels = [(None, name, 1) for at in range(2 * GROUPS) for name in (f"kind {at} a", f"Kind {at} a")]
    assert len(spellings(labels)) == GROUPS


def test_balance_lists_them_on_both_levels_and_advises_to_unite_them(make_inputs: MakeInputs) -> None:
    types = ["Code/Python"] * 3 + ["Code/python"] + ["code/Python"] * 2 + ["QA"]
    texts = [str(at) for at in range(len(types))]
    results = task_type_balance(make_inputs(rows_of(texts, texts, list(types)))).results
    assert [result.info["spellings"] for result in results] == [[{"Code": 4, "code": 2}], [{"Python": 3, "python": 1}]]
    find = METRIC.checks[0].find
    assert find is not None
    found = find(results)
    assert (found.advice, found.evidence["doubled"]) == ("unite_spellings", 2)
