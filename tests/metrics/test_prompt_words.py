"""Distinct words, repeated phrases and compression, each against a computation of a few plain lines."""

from __future__ import annotations

import gzip
import math
import random

import numpy as np
import pytest
from helpers import MakeInputs, rows_of

from diversity.features.inputs import Inputs
from diversity.features.prompt_sample import blocks, prompt_sample
from diversity.metrics.compression_ratio import compression_ratio
from diversity.metrics.distinct_n import distinct_n
from diversity.metrics.self_repetition import self_repetition
from diversity.text.terms import terms

VOCABULARY = [
    f"{a}{b}" for a in ("ka", "lo", "mi", "nu", "pe", "ra", "so") for b in ("ban", "del", "fir", "gol", "ton")
]


def texts(count: int, seed: int = 5) -> list[str]:
    drawn = random.Random(seed)
    return [" ".join(drawn.choices(VOCABULARY, k=12)) for _ in range(count)]


def inputs_of(make_inputs: MakeInputs, prompts: list[str]) -> Inputs:
    return make_inputs(rows_of(prompts, ["ok"] * len(prompts)))


def test_blocks_do_not_overlap_and_there_are_two_or_none() -> None:
    assert blocks(99, 50) == []
    assert blocks(100, 50) == [(0, 50), (50, 100)]
    assert len(blocks(10_000, 50)) == 8


def test_distinct_n_is_different_over_all(make_inputs: MakeInputs) -> None:
    inputs = inputs_of(make_inputs, texts(200))
    order = prompt_sample(inputs).texts
    words = [(word, place) for place, text in enumerate(order) for word in terms(text)]
    for n, result in zip((1, 2, 3), distinct_n(inputs).results, strict=True):
        shares = []
        for start in (0, 1000):
            block = words[start : start + 1000]
            runs = [
                tuple(word for word, _ in block[at : at + n])
                for at in range(len(block) - n + 1)
                if block[at][1] == block[at + n - 1][1]
            ]
            shares.append(len(set(runs)) / len(runs))
        assert result.info["n"] == 1000
        assert result.value == pytest.approx(np.mean(shares))


def test_self_repetition_is_the_published_sum(make_inputs: MakeInputs) -> None:
    prompts = [f"please translate the following {text}" if n % 2 else text for n, text in enumerate(texts(40))]
    inputs = inputs_of(make_inputs, prompts)
    order = prompt_sample(inputs).texts
    scores = []
    for block in (order[:20], order[20:40]):
        runs = [{tuple(words[at : at + 4]) for at in range(len(words) - 3)} for words in map(terms, block)]
        sums = [sum(sum(run in other for other in runs) - 1 for run in own) for own in runs]
        scores.append(np.mean([math.log(one + 1) for one in sums]))
    result = self_repetition(inputs).results[0]
    assert result.info["n"] == 20
    assert result.value == pytest.approx(np.mean(scores))


def test_compression_is_one_gzip(make_inputs: MakeInputs) -> None:
    inputs = inputs_of(make_inputs, texts(400))
    whole = "\n".join(prompt_sample(inputs).texts).encode()
    ratios = [8192 / len(gzip.compress(whole[start : start + 8192], 9)) for start in range(0, len(whole) - 8191, 8192)]
    assert compression_ratio(inputs).results[0].value == pytest.approx(np.mean(ratios))


def test_chinese_counts_words_and_not_the_gaps_between_them(make_inputs: MakeInputs) -> None:
    prompts = [f"请把第{n}个句子翻译成英文，不要改动其中的人名和地名，语气要正式一些。" for n in range(200)]
    one, two, three = (result.value for result in distinct_n(inputs_of(make_inputs, prompts)).results)
    assert 0 < one < two < three < 0.5


def test_a_planted_opening_is_seen_by_all_three(make_inputs: MakeInputs) -> None:
    plain = texts(400)
    same = [f"please translate the following sentence into french {text}" for text in plain]
    for metric, lower in ((distinct_n, True), (self_repetition, False), (compression_ratio, False)):
        before, after = (metric(inputs_of(make_inputs, some)).results[-1].value for some in (plain, same))
        assert (after < before) == lower


def test_intervals_are_no_wider_than_the_figure_can_be_and_two_blocks_have_none(make_inputs: MakeInputs) -> None:
    two, four = (distinct_n(inputs_of(make_inputs, texts(count))).results for count in (180, 400))
    assert [result.info["blocks"] for result in two] == [2, 2, 2]
    assert [result.interval for result in two] == [None, None, None]
    for result in four:
        assert result.info["blocks"] == 4
        assert 0 <= result.interval[0] <= result.value <= result.interval[1] <= 1


def test_too_little_text_has_no_figure(make_inputs: MakeInputs) -> None:
    inputs = inputs_of(make_inputs, texts(10))
    for metric in (distinct_n, self_repetition, compression_ratio):
        assert {result.reason for result in metric(inputs).results} == {"too_little_text"}


@pytest.mark.parametrize("prompt", ["Say hello", "翻译句子"])
def test_prompts_shorter_than_the_run_give_no_figure_instead_of_the_best_or_worst(
    make_inputs: MakeInputs, prompt: str
) -> None:
    assert len(terms(prompt)) == 2
    inputs = inputs_of(make_inputs, [prompt] * 1200)
    one, two, three = distinct_n(inputs).results
    assert one.value == pytest.approx(2 / 1000)
    assert two.value == pytest.approx(1 / 500)
    for result in (three, *self_repetition(inputs).results):
        assert (result.status, result.value, result.reason) == ("not_applicable", None, "prompts_too_short")


def test_prompts_shorter_than_the_run_are_left_out(make_inputs: MakeInputs) -> None:
    long = [f"please translate the following {text}" for text in texts(160)]
    alone, beside = (inputs_of(make_inputs, prompts) for prompts in (long, long + ["Say hello"] * 300))
    for metric in (self_repetition, distinct_n):
        before, after = (metric(inputs).results[-1] for inputs in (alone, beside))
        assert before.value is not None
        assert before.info["n"] == after.info["n"]
        # The same prompts, drawn into other blocks.
        assert after.value == pytest.approx(before.value, rel=0.1)


def test_only_prompts_of_so_many_words(make_inputs: MakeInputs) -> None:
    sample = prompt_sample(inputs_of(make_inputs, ["one", "one two three", "!!", "four five"]))
    found = sample.of_words(2)
    assert sorted(found.texts) == ["four five", "one two three"]
    assert [found.texts[place].count(" ") + 1 for place in (0, 1)] == np.bincount(found.prompt).tolist()
    assert len(sample.of_words(4).texts) == len(sample.of_words(4).words) == 0
