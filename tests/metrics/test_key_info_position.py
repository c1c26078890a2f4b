from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from helpers import MakeInputs, rows_of

from diversity.features.inputs import Inputs
from diversity.metrics.instruction_position import instruction_position
from diversity.metrics.key_info_position import TABLE, key_info_position


def placed(make_inputs: MakeInputs, positions: list[float], sides: list[str] | None = None) -> Inputs:
    """Inputs whose key information is said to lie at `positions` (NaN: too short to have one)."""
    inputs = make_inputs(rows_of([f"问题 {n} " + "词 " * 200 for n in range(len(positions))], ["答"] * len(positions)))
    count = len(positions)
    classes = ["short" if np.isnan(position) else "localised" for position in positions]
    table = pa.table(
        {
            "class": classes,
            "position": np.array(positions),
            **{name: np.zeros(count) for name in ("head", "middle", "tail", "score")},
            **{name: np.zeros(count, dtype=np.int64) for name in ("span_start", "span_end")},
            "instruction_position": sides or ["before"] * count,
        }
    )
    inputs.adopt("key_info", table)
    return inputs


def test_always_at_the_head_is_the_largest_effect(make_inputs: MakeInputs) -> None:
    output = key_info_position(placed(make_inputs, [0.1] * 30))
    result = output.results[0]
    # Shares (1, 0, 0) against thirds: w² = 3 ((2/3)² + 2 (1/3)²) = 2.
    assert result.value == pytest.approx(np.sqrt(2))
    assert result.info["shares"] == {"head": 1.0, "middle": 0.0, "tail": 0.0}
    assert result.info["p_value"] < 1e-10
    assert np.sum(result.info["heat"]) == 30
    assert output.tables[TABLE].num_rows == 30


def test_an_even_spread_has_no_effect(make_inputs: MakeInputs) -> None:
    result = key_info_position(placed(make_inputs, [0.1, 0.5, 0.9] * 10)).results[0]
    assert result.value == pytest.approx(0)
    assert result.info["p_value"] == pytest.approx(1)
    assert result.info["smallest_share"] == pytest.approx(1 / 3)


def test_moving_prompts_from_the_head_to_the_tail_lowers_the_effect(make_inputs: MakeInputs) -> None:
    values = [
        key_info_position(placed(make_inputs, [0.1] * (30 - moved) + [0.9] * moved)).results[0].value
        for moved in (0, 5, 10)
    ]
    assert values == sorted(values, reverse=True)


def test_too_few_prompts_are_not_judged(make_inputs: MakeInputs) -> None:
    result = key_info_position(placed(make_inputs, [0.1] * 5)).results[0]
    assert (result.status, result.reason) == ("not_applicable", "too_few_long_prompts")
    result = key_info_position(placed(make_inputs, [float("nan")] * 40)).results[0]
    assert (result.status, result.reason) == ("not_applicable", "no_long_prompts")


def test_the_side_of_the_request(make_inputs: MakeInputs) -> None:
    sides = ["before"] * 15 + ["after"] * 5 + ["only"] * 5
    result = instruction_position(placed(make_inputs, [0.5] * 25, sides)).results[0]
    assert result.value == pytest.approx(0.75)
    assert result.info["counts"]["after"] == 5


def test_an_answer_that_follows_a_tool_is_not_counted(make_inputs: MakeInputs) -> None:
    inputs = placed(make_inputs, [0.1, 0.5, 0.9] * 10)
    flags = np.zeros(30, dtype=np.bool_)
    flags[::3] = True
    units = inputs.corpus.units.drop_columns(["after_tool"]).append_column("after_tool", pa.array(flags))
    object.__setattr__(inputs.corpus, "units", units)
    output = key_info_position(inputs)
    result = output.results[0]
    assert result.info["classes"] == {"localised": 20, "diffuse": 0, "none": 0, "short": 0, "tool": 10}
    assert result.info["counts"] == {"head": 0, "middle": 10, "tail": 10}
    assert output.tables[TABLE]["class"].to_pylist()[:3] == ["tool", "localised", "localised"]


def test_without_tools_there_is_no_class_for_them(make_inputs: MakeInputs) -> None:
    assert "tool" not in key_info_position(placed(make_inputs, [0.1] * 30)).results[0].info["classes"]


def test_what_all_prompts_begin_with_is_no_key_information(make_inputs: MakeInputs) -> None:
    preamble = "tools: enabled\nweather tells the weather of a place.\nweather(place)\n"
    prompts = [
        f"{preamble}Tell me about town {n} and its port.\n\nThe port has {n} ships and no cranes." for n in range(30)
    ]
    inputs = make_inputs(rows_of(prompts, [f"weather('the weather of town {n}')" for n in range(30)]))
    found = inputs.key_info
    assert min(found["span_start"].to_pylist()) >= len(preamble)
    assert set(found["instruction_position"].to_pylist()) == {"before"}
