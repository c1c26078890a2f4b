from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers import MakeInputs, rows_of

from diversity.checks import run_checks
from diversity.metrics.answer_closings import METRIC as CLOSINGS
from diversity.metrics.answer_openings import METRIC
from diversity.metrics.base import MetricOutput
from diversity.metrics.edge_profile import EQUAL, effective_number
from diversity.metrics.prompt_openings import METRIC as PROMPTS

PLACES = ["Paris", "London", "Rome", "Oslo", "Cairo", "Lima", "Quito", "Delhi"]
TIC = "As an AI language model, I have never been to"


def measured(make_inputs: MakeInputs, answers: list[str]) -> MetricOutput:
    return METRIC.compute(make_inputs(rows_of([f"question {n}?" for n in range(len(answers))], answers)))


def by_length(output: MetricOutput, k: int) -> dict[str, Any]:
    found: dict[str, Any] = output.results[0].info["by_length"][k - 1]
    assert found["k"] == k
    return found


def test_openings_and_their_check(make_inputs: MakeInputs) -> None:
    answers = [f"{TIC} {place}, and {n} times at that." for n, place in enumerate(PLACES * 3)]
    output = measured(make_inputs, answers)
    assert output.results[0].info["phrases"][0]["text"] == TIC
    finding = METRIC.checks[0].find(output.results)
    assert finding.value == 1.0
    assert finding.records == 24
    assert finding.evidence == {"phrase": TIC, "count": 24, "texts": 24}


def test_the_check_holds_the_most_frequent_phrase_and_names_its_records(make_inputs: MakeInputs) -> None:
    words = ["Here", "is", "a", "brief", "note", "on", "the", "matter", "of"]
    kept = [20, 20, 20, 16, 13, 11, 9, 7, 6]
    tics = [" ".join(w for w, n in zip(words, kept, strict=True) if at < n) + f" x{at} y" for at in range(20)]
    output = measured(make_inputs, tics + [f"Other{n} goes {n} here" for n in range(30)])
    finding = METRIC.checks[0].find(output.results)
    assert (finding.value, finding.evidence["phrase"], finding.records) == (0.4, "Here is a", 20)
    phrases = output.tables[finding.table].to_pandas()
    behind = phrases[(phrases[list(finding.where)] == pd.Series(finding.where)).all(axis=1)]
    assert len(behind) == finding.records
    assert set(behind["text"]) == {"Here is a"}


def test_closings_by_hand_and_their_check(make_inputs: MakeInputs) -> None:
    polite = "希望对你有帮助！"
    ends = [f"第 {n} 点是{one}。{polite}" for n, one in enumerate("山水花鸟鱼虫云雨风雪日月")]
    ends += [f"第 {n} 点是{one}？{polite}" for n, one in enumerate("星辰春夏")]
    others = [
        f"{one}在第 {n} 处，{two}{one}{two}" for n, (one, two) in enumerate(zip("甲乙丙丁", "子丑寅卯", strict=True))
    ]
    inputs = make_inputs(rows_of([f"question {n}?" for n in range(20)], ends + others))
    output = CLOSINGS.compute(inputs)
    # Sixteen of twenty end in one way, four each in their own: exp(−(0.8 ln 0.8 + 4 × 0.05 ln 0.05)).
    assert output.results[0].value == pytest.approx(2.176, abs=1e-3)
    assert (output.results[0].unit, output.results[0].params) == ("closings", {"k": 3})
    found = CLOSINGS.checks[0].find(output.results)
    assert (found.value, found.records, found.advice) == (0.8, 16, "vary_closings")
    assert found.evidence == {"phrase": polite, "count": 16, "texts": 20}
    assert [one["text"] for one in output.results[0].info["phrases"]].count(polite) == 1
    assert run_checks([CLOSINGS], output.results, inputs.settings)[0].outcome == "fail"


def test_two_words_before_most_prompts_are_named(make_inputs: MakeInputs) -> None:
    plain = [f"{one}是第 {n} 个{one}字吗？" for n, one in enumerate("山水花鸟鱼虫云雨风雪日月星辰春夏秋冬东西")]
    shares = []
    for asked in (0, 3, 6, 12):
        prompts = [f"请问{text}" if n < asked else text for n, text in enumerate(plain)]
        inputs = make_inputs(rows_of(prompts, [f"答 {n}" for n in range(20)]))
        results = PROMPTS.compute(inputs).results
        found = PROMPTS.checks[0].find(results)
        shares.append(
            (found.value, found.evidence.get("phrase"), run_checks([PROMPTS], results, inputs.settings)[0].outcome)
        )
    assert shares == [(0.0, None, "pass"), (0.0, None, "pass"), (0.3, "请问", "warn"), (0.6, "请问", "fail")]


def test_the_effective_number_by_hand(make_inputs: MakeInputs) -> None:
    answers = [f"Red it is {n} times over" for n in range(30)] + [f"Blue it is {n} times over" for n in range(10)]
    output = measured(make_inputs, answers)
    # Shares 3/4 and 1/4: exp of an entropy of 0.5623 nats.
    assert output.results[0].value == pytest.approx(1.7548, abs=1e-4)
    assert output.results[0].params == {"k": 2}
    first = by_length(output, 1)
    assert (first["top"], first["top_count"], first["top_share"]) == ("Red", 30, 0.75)
    assert (first["texts"], first["at"], first["different"]) == (40, 40, 2)
    assert by_length(output, 4)["effective"] == pytest.approx(40)
    assert by_length(output, 6) == {"k": 6, "texts": 0}


def test_chinese_openings_count_characters(make_inputs: MakeInputs) -> None:
    answers = [f"好的，以下是关于{topic}的介绍。" for topic in "山水花鸟鱼虫云雨风雪日月星辰春夏秋冬东西"]
    output = measured(make_inputs, answers)
    assert by_length(output, 3)["top"] == "好的，"
    assert by_length(output, 3)["top_share"] == 1.0
    assert output.results[0].value == pytest.approx(1.0)


def test_repeated_answers_count_once_and_short_ones_not_at_all(make_inputs: MakeInputs) -> None:
    answers = ["Yes"] * 30 + [f"Word{n} goes here first" for n in range(20)]
    output = measured(make_inputs, answers)
    assert by_length(output, 1)["texts"] == 20
    assert output.results[0].info["texts"] == 21
    assert output.tables["answer_openings"].num_rows == 50


def test_larger_sets_are_looked_at_through_as_many_answers() -> None:
    even = np.full(200, 30)
    assert effective_number(even[:10]) == pytest.approx(10)
    assert 170 < effective_number(even) < 200
    assert effective_number(np.arange(1, 101)) == pytest.approx(effective_number(np.arange(100, 0, -1)))
    assert effective_number(np.ones(5 * EQUAL, np.int64)) == pytest.approx(EQUAL)


def test_one_opening_for_more_answers_lowers_the_number(make_inputs: MakeInputs) -> None:
    different = [f"Start{n} of answer number {n} here" for n in range(60)]
    values = []
    for shared in (0, 20, 40):
        answers = [f"Sure thing, answer {n} it is" if n < shared else text for n, text in enumerate(different)]
        values.append(measured(make_inputs, answers).results[0].value)
    assert values[0] > values[1] > values[2]


def test_too_few_answers_still_list_their_phrases(make_inputs: MakeInputs) -> None:
    result = measured(make_inputs, [f"{TIC} {place}, sadly." for place in PLACES]).results[0]
    assert (result.status, result.reason, result.value) == ("not_applicable", "too_few_openings", None)
    assert result.info["phrases"]


@pytest.mark.parametrize("answers", [["Red it is here"] * 300, ["Red it is here"], ["Yes"] * 40], ids=len)
def test_what_has_no_figure_has_no_verdict(make_inputs: MakeInputs, answers: list[str]) -> None:
    inputs = make_inputs(rows_of([f"question {n}?" for n in range(len(answers))], answers))
    results = METRIC.compute(inputs).results
    check = run_checks([METRIC], results, inputs.settings)[0]
    assert (results[0].status, check.outcome, check.reason) == ("not_applicable", "not_applicable", "too_few_openings")


def test_nothing_shared_passes(make_inputs: MakeInputs) -> None:
    output = measured(make_inputs, [f"Word{n} goes {n} first" for n in range(20)])
    finding = METRIC.checks[0].find(output.results)
    assert (finding.value, finding.records) == (0.0, 0)
    assert output.tables["answer_openings_records"].num_rows == 0
