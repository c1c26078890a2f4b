from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs, rows_of

from diversity.metrics.hill import rarefied
from diversity.metrics.prompt_wording import METRIC, TABLE, prompt_wording

SIDES, THINGS = "东西南北上下", ["白鹭", "渡船", "灯塔", "码头", "集市", "石桥"]
NAMES = [f"{side}岸的{thing}" for side in SIDES for thing in THINGS]
FORMS = [
    "把下面的句子翻译成英文：{}飞过。",
    "请写一首关于{}的短诗，不要押韵。",
    "{}是什么时候建成的？请给出年份和出处。",
]


def prompts(form: int, count: int) -> list[str]:
    return [FORMS[form].format(name) for name in NAMES[:count]]


def result_of(make_inputs: MakeInputs, texts: list[str], types: list[str | None] | None = None) -> Any:
    return prompt_wording(make_inputs(rows_of(texts, ["好"] * len(texts), types))).results[0]


def test_one_form_is_one_wording(make_inputs: MakeInputs) -> None:
    result = result_of(make_inputs, prompts(0, 30))
    assert result.value == pytest.approx(1)
    (only,) = result.info["types"]
    assert (only["type"], only["prompts"], only["wordings"], only["top_share"]) == (None, 30, 1, 1.0)
    assert only["top"][0]["text"].startswith("把下面的句子翻译成英文：…")


def test_types_are_judged_apart_and_weighted_by_their_prompts(make_inputs: MakeInputs) -> None:
    texts = prompts(0, 30) + prompts(1, 10) + prompts(2, 10)
    result = result_of(make_inputs, texts, ["翻译"] * 30 + ["写作"] * 20)
    # Of ten drawn from 10 + 10, both wordings show up but for 2 in C(20, 10) draws.
    two = 2 - 2 / 184_756
    assert result.value == pytest.approx((30 * 1 + 20 * two) / 50)
    assert [one["type"] for one in result.info["types"]] == ["翻译", "写作"]
    assert result.info["types"][1]["effective"] == pytest.approx(2)
    finding = METRIC.checks[0].find([result])
    assert (finding.value, finding.records, finding.evidence["top"]) == (1.0, 30, "翻译")
    assert finding.where["task_type"] == "翻译"


def test_a_second_level_is_the_type(make_inputs: MakeInputs) -> None:
    texts = prompts(0, 20) + prompts(1, 20)
    result = result_of(make_inputs, texts, ["翻译-中译英"] * 20 + ["翻译-英译中"] * 20)
    assert {one["type"] for one in result.info["types"]} == {"翻译-中译英", "翻译-英译中"}


def test_small_types_are_not_judged(make_inputs: MakeInputs) -> None:
    texts = prompts(0, 25) + prompts(1, 19)
    result = result_of(make_inputs, texts, ["翻译"] * 25 + ["写作"] * 19)
    assert [one["type"] for one in result.info["types"]] == ["翻译"]
    alone = result_of(make_inputs, prompts(0, 12) + prompts(1, 12), ["a"] * 12 + ["b"] * 12)
    assert [one["type"] for one in alone.info["types"]] == [None]


def test_too_few_prompts_are_not_judged(make_inputs: MakeInputs) -> None:
    assert result_of(make_inputs, prompts(0, 19)).reason == "too_few_prompts"


def test_rewording_raises_the_figure(make_inputs: MakeInputs) -> None:
    values = [
        result_of(make_inputs, prompts(0, 30 - changed) + prompts(1, changed // 2) + prompts(2, changed // 2)).value
        for changed in (0, 8, 20)
    ]
    assert values == sorted(values)
    assert values[0] < values[1] < values[2]


def test_the_table_has_one_line_a_prompt_with_its_share(make_inputs: MakeInputs) -> None:
    texts = [*prompts(0, 15), *prompts(1, 5)]
    table = prompt_wording(make_inputs(rows_of(texts, ["好"] * 20, ["t"] * 20))).tables[TABLE].to_pandas()
    assert len(table) == 20
    assert table["frame_share"].round(2).tolist() == [0.75] * 15 + [0.25] * 5
    assert set(table["verb"]) == {"翻译成", "写"}


def test_half_samples_give_the_same_figure_on_the_whole(make_inputs: MakeInputs) -> None:
    texts = prompts(0, 30) + prompts(1, 10) + prompts(2, 10)
    output = prompt_wording(make_inputs(rows_of(texts, ["好"] * 50, ["翻译"] * 30 + ["写作"] * 20)))
    report = SimpleNamespace(table=lambda name, columns: output.tables[name].to_pandas()[columns])
    sample = METRIC.sample(report, output.results[0])
    assert len(sample.values) == 50
    assert sample.statistic(sample.values) == pytest.approx(output.results[0].value)
    drawn = np.random.default_rng(1).permutation(50)[:25]
    assert 1 <= sample.statistic(sample.values[drawn]) <= 2


def test_rarefaction_is_the_mean_over_all_draws() -> None:
    counts = np.array([3, 2, 1, 0])
    kinds = np.repeat(np.arange(4), counts)
    for draw in (1, 2, 4, 6):
        brute = np.mean([len(set(kinds[list(chosen)])) for chosen in combinations(range(6), draw)])
        assert rarefied(counts, draw) == pytest.approx(brute)


def test_all_prompts_the_same_is_one_wording(make_inputs: MakeInputs) -> None:
    assert result_of(make_inputs, ["请继续。"] * 25).value == pytest.approx(1)
