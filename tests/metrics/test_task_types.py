from __future__ import annotations

import numpy as np
import pytest
from helpers import MakeInputs, rows_of

from diversity.checks import run_checks
from diversity.metrics.task_type_balance import METRIC, task_type_balance
from diversity.metrics.task_type_coverage import TABLE, task_type_coverage
from diversity.words.checks import advice_sentence, check_sentence


def labelled(make_inputs: MakeInputs, types: list[str | None]):
    return make_inputs(rows_of([f"问题{n}" for n in range(len(types))], [f"回答{n}" for n in range(len(types))], types))


def test_coverage_by_hand(make_inputs: MakeInputs) -> None:
    output = task_type_coverage(labelled(make_inputs, ["逻辑推理-常识推理", "翻译", None, ""]))
    result = output.results[0]
    assert result.value == 0.5
    assert (result.info["unlabelled"], result.info["two_levels"]) == (2, 1)
    assert output.tables[TABLE]["task_type"].to_pylist() == ["逻辑推理-常识推理", "翻译", None, None]


def test_balance_by_hand_on_both_levels(make_inputs: MakeInputs) -> None:
    first, second = task_type_balance(labelled(make_inputs, ["写作-诗", "写作-信", "翻译-诗", "翻译-诗", None])).results
    assert first.value == pytest.approx(2)
    assert first.info["counts"] == {"写作": 2, "翻译": 2}
    # Pairs: 写作-诗 1, 写作-信 1, 翻译-诗 2; the same sub-type under two types stays two.
    assert second.info["counts"] == {"翻译-诗": 2, "写作-信": 1, "写作-诗": 1}
    assert second.value == pytest.approx(2**1.5)
    assert second.info["entropy"] == pytest.approx(1.5 * np.log(2))
    assert second.info["thin_count"] == 3


def test_types_whose_joined_names_are_alike_stay_apart(make_inputs: MakeInputs) -> None:
    pairs = [("qa", "open-x")] * 2 + [("qa-open", "x")] + [("qa", None), ("qa-open-x", None), ("qa", "closed")]
    rows = [
        {"prompt": f"p{n}", "answer": f"a{n}", "task_type_1": first, "task_type_2": second}
        for n, (first, second) in enumerate(pairs)
    ]
    inputs = make_inputs(rows)
    _, second_level = task_type_balance(inputs).results
    assert second_level.info["counts"] == {'"qa"-"open-x"': 2, '"qa-open"-"x"': 1, "qa-closed": 1}
    assert task_type_coverage(inputs).tables[TABLE]["task_type"].to_pylist() == [
        '"qa"-"open-x"',
        '"qa"-"open-x"',
        '"qa-open"-"x"',
        "qa",
        "qa-open-x",
        "qa-closed",
    ]


@pytest.mark.parametrize(
    ("types", "advice", "says"),
    [
        (["写作"] * 40 + ["翻译"] * 30, "even_out", "写作"),
        (["写作"] * 40 + ["翻译"] * 3, "collect_thin", "1 type that has"),
        (["写作"] * 40, "even_out", "other types"),
        (["写作"] * 3, "even_out", "other types"),
    ],
)
def test_a_type_that_fills_the_set_has_a_next_step(
    make_inputs: MakeInputs, types: list[str | None], advice: str, says: str
) -> None:
    inputs = labelled(make_inputs, types)
    check = run_checks([METRIC], task_type_balance(inputs).results, inputs.settings)[0]
    assert (check.outcome, check.advice) == ("fail", advice)
    assert says in (advice_sentence(check) or "")
    assert ("the other types" in check_sentence(check)) == (len(set(types)) > 1)


def test_no_labels_at_all_is_not_a_zero(make_inputs: MakeInputs) -> None:
    inputs = labelled(make_inputs, [None, None])
    assert task_type_coverage(inputs).results[0].value == 0
    result = task_type_balance(inputs).results[0]
    assert (result.status, result.value, result.reason) == ("not_applicable", None, "no_task_types")


def test_one_more_of_the_largest_type_lowers_the_effective_number(make_inputs: MakeInputs) -> None:
    few = task_type_balance(labelled(make_inputs, ["a", "a", "b"])).results[0].value
    more = task_type_balance(labelled(make_inputs, ["a", "a", "a", "b"])).results[0].value
    assert few is not None
    assert more is not None
    assert more < few
