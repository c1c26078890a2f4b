from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs, rows_of

from diversity.metrics.at_sizes import shared_size, sizes_of
from diversity.metrics.hill import rarefied
from diversity.metrics.prompt_wording import METRIC, TABLE, prompt_wording
from diversity.metrics.shares import surely

SIDES, THINGS = "东西南北上下", ["白鹭", "渡船", "灯塔", "码头", "集市", "石桥"]
NAMES = [f"{side}岸的{thing}" for side in SIDES for thing in THINGS]
FORMS = [
    "把下面的句子翻译成英文：{}飞过。",
    "请写一首关于{}的短诗，不要押韵。",
    "{}是什么时候建成的？请给出年份和出处。",
]
BEGINNINGS = ["请你帮我", "麻烦仔细地", "作为一名老师，", "根据下面的要求", "在不查资料时"]
ENDS = ["，不要超过一百字。", "，语言要通俗易懂。", "，并说出你的理由。"]


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
    assert (finding.evidence["share"], finding.records, finding.evidence["top"]) == (1.0, 30, "翻译")
    assert finding.value == pytest.approx(surely(30, 30, 2))
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


def some_words(random: np.random.Generator, count: int, length: int) -> list[str]:
    """Random characters, which share no run of three."""
    return ["".join(map(chr, row)) for row in random.integers(0x4E00, 0x9F00, (count, length)).tolist()]


def drawn_prompts(count: int, seed: int) -> list[str]:
    """Prompts of sixty ways of asking that share phrases with each other, around words of their own."""
    tasks = some_words(np.random.default_rng(0), 60, 14)
    random = np.random.default_rng(seed)
    ways = random.integers(0, 60, count).tolist()
    return [
        f"{BEGINNINGS[way % 5]}{tasks[way]}：{words}{ENDS[way % 3]}"
        for way, words in zip(ways, some_words(random, count, 6), strict=True)
    ]


def test_a_set_that_only_grew_is_the_same_at_equal_size(make_inputs: MakeInputs) -> None:
    """The whole set's figure rises, for more prompts tell more wordings apart; versions are not compared by it."""
    small, large = (result_of(make_inputs, drawn_prompts(count, count)) for count in (150, 1500))
    assert large.value > small.value + 0.5
    size = shared_size(small, large)
    assert size == 50
    change = sizes_of(large)[size].minus(sizes_of(small)[size])
    assert change.interval[0] < 0 < change.interval[1]
    assert METRIC.sample is None


@pytest.mark.parametrize("seed", range(4))
def test_equal_size_holds_with_types_of_any_size(make_inputs: MakeInputs, seed: int) -> None:
    """A type that is too small to be judged in the small set counts at equal size as in the large one."""
    found = []
    for count in (130, 1040):
        texts = drawn_prompts(count, 2 * seed + (count > 200))
        types = np.random.default_rng(seed).choice(["甲", "乙", "丙"], count, p=[0.6, 0.3, 0.1]).tolist()
        found.append(result_of(make_inputs, texts, types))
    size = shared_size(*found)
    assert size == 50
    change = sizes_of(found[1])[size].minus(sizes_of(found[0])[size])
    assert change.interval[0] < 0 < change.interval[1]


def test_rewording_shows_at_equal_size(make_inputs: MakeInputs) -> None:
    one = prompts(0, 36) * 4
    alike, varied = result_of(make_inputs, one), result_of(make_inputs, drawn_prompts(1500, 1))
    size = shared_size(alike, varied)
    assert sizes_of(alike)[size].value == pytest.approx(1)
    assert sizes_of(varied)[size].minus(sizes_of(alike)[size]).interval[0] > 0


@pytest.mark.parametrize("types", [1, 20])
def test_many_small_types_do_not_fail_by_chance(make_inputs: MakeInputs, types: int) -> None:
    """In every type a wording has 18% of the ways of asking, below the limit of a quarter; twenty prompts are seen."""
    random = np.random.default_rng(11)
    counts = random.binomial(20, 0.18, types).tolist()
    texts = [text for count in counts for text in [*prompts(0, count), *some_words(random, 20 - count, 8)]]
    result = result_of(make_inputs, texts, [f"类{at}" for at in range(types) for _ in range(20)])
    finding = METRIC.checks[0].find([result])
    assert finding.value < METRIC.checks[0].pass_at
    if types == 20:
        assert max(one["top_share"] for one in result.info["types"]) == max(counts) / 20 > METRIC.checks[0].pass_at


def test_one_type_in_one_wording_is_found_among_many(make_inputs: MakeInputs) -> None:
    random = np.random.default_rng(12)
    texts = some_words(random, 19 * 20, 8) + prompts(0, 20)
    result = result_of(make_inputs, texts, [f"类{at}" for at in range(20) for _ in range(20)])
    finding = METRIC.checks[0].find([result])
    assert finding.value > METRIC.checks[0].warn_at
    assert (finding.evidence["top"], finding.evidence["share"], finding.evidence["types"]) == ("类19", 1.0, 20)


def test_rarefaction_is_the_mean_over_all_draws() -> None:
    counts = np.array([3, 2, 1, 0])
    kinds = np.repeat(np.arange(4), counts)
    for draw in (1, 2, 4, 6):
        brute = np.mean([len(set(kinds[list(chosen)])) for chosen in combinations(range(6), draw)])
        assert rarefied(counts, draw) == pytest.approx(brute)


def test_all_prompts_the_same_is_one_wording(make_inputs: MakeInputs) -> None:
    result = result_of(make_inputs, ["请继续。"] * 25)
    assert result.value == pytest.approx(1)
    assert METRIC.checks[0].find([result]).evidence["top"] is None
