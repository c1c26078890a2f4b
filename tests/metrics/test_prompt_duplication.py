from __future__ import annotations

from typing import Any

import pytest
from helpers import rows_of

from diversity.metrics.prompt_duplication import METRIC

ASKED = "Please name one of the large rivers that flow through the middle of Europe into the Black Sea."


def test_repeats_with_the_same_answer_go_and_others_stay(make_inputs: Any) -> None:
    prompts = [ASKED, ASKED, ASKED, ASKED.replace("large", "great"), "Who wrote it?"]
    answers = ["The Danube", "the Danube.", "The Dniester, then", "The Dnieper", "Nobody did"]
    output = METRIC.compute(make_inputs(rows_of(prompts, answers)))
    result = output.results[0]
    assert result.value == pytest.approx(3 / 5)
    assert result.info["drop"] == 1
    rows = output.tables["prompt_duplicates"].to_pydict()
    assert rows["reason"] == [
        "representative",
        "exact_repeat_same_answer",
        "exact_repeat_other_answer",
        "near_repeat_other_answer",
    ]
    assert rows["suggestion"] == ["keep", "drop", "keep", "keep"]


def test_check_value_and_evidence(make_inputs: Any) -> None:
    output = METRIC.compute(make_inputs(rows_of([ASKED, ASKED, "Why?"], ["a", "b", "c"])))
    finding = METRIC.checks[0].find(output.results)
    assert finding.value == pytest.approx(1 / 3)
    assert finding.evidence["top_size"] == 2
    assert finding.table == "prompt_duplicates"
