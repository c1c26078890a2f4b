from __future__ import annotations

import numpy as np
import pytest
from helpers import MakeInputs, rows_of
from hypothesis import given
from hypothesis import strategies as st

from diversity.checks import run_checks
from diversity.features.buckets import EDGES, LABELS, bucket, bucket_counts
from diversity.metrics import answer_length as of_answers
from diversity.metrics import prompt_length as of_prompts
from diversity.metrics.answer_length import answer_length
from diversity.metrics.length_checks import RARE, TABLE
from diversity.metrics.length_profile import LEAST_FOR_SHARE, LEAST_FOR_SPREAD, spread
from diversity.metrics.prompt_length import prompt_length
from diversity.words.checks import advice_sentence, check_sentence


def test_bucket_edges_are_inclusive() -> None:
    assert [LABELS[at] for at in bucket(np.array([0, 32, 33, 64, 65, 8192, 8193]))] == [
        "≤32", "≤32", "33-64", "33-64", "65-128", "4k-8k", ">8k",
    ]  # fmt: skip


@given(st.lists(st.integers(0, 100_000), min_size=1))
def test_every_count_falls_into_one_bucket(tokens: list[int]) -> None:
    counts = bucket_counts(np.array(tokens))
    assert counts.sum() == len(tokens)
    assert len(counts) == len(EDGES) + 1


def words(count: int) -> str:
    return " ".join(["hello"] * count)


def test_prompt_lengths_by_hand(make_inputs: MakeInputs) -> None:
    inputs = make_inputs(rows_of([words(10), words(50), words(600)], ["ok", "fine", "yes"], ["a", "a", "b"]))
    output = prompt_length(inputs)
    result, table = output.results[0], output.tables[TABLE]
    assert table["prompt_tokens"].to_pylist() == [10, 50, 600]
    assert result.value == 50
    assert result.info["buckets"]["33-64"] == 1
    assert result.info["long"] == 1
    assert result.info["spread"] == pytest.approx(3)
    assert result.info["empty_buckets"] == ["65-128", "129-256", "257-512"]
    assert result.info["by_task_type"]["a"]["median"] == 30
    assert sum(result.info["histogram"]["counts"]) == 3


def test_context_counts_the_system_and_earlier_turns(make_inputs: MakeInputs) -> None:
    messages = [
        {"role": "system", "content": words(7)},
        {"role": "user", "content": words(3)},
        {"role": "assistant", "content": words(5)},
        {"role": "user", "content": words(2)},
        {"role": "assistant", "content": words(4)},
    ]
    inputs = make_inputs([{"messages": messages}, *rows_of([words(9)], [words(1)])])
    assert inputs.context_tokens.tolist() == [10, 17, 9]
    assert inputs.prompt_tokens.tolist() == [3, 2, 9]


def test_answer_lengths_by_hand(make_inputs: MakeInputs) -> None:
    result = answer_length(make_inputs(rows_of(["a", "b", "c"], [words(1), words(99), words(900)]))).results[0]
    assert result.info["one_token"] == 1
    assert result.info["loss_share"]["513-1k"] == pytest.approx(0.9)
    assert sum(result.info["loss_share"].values()) == pytest.approx(1)


def test_answers_of_no_token_are_not_answers_of_one(make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = make_inputs(rows_of(["a", "b", "c", "d"], ["x"] * 4))
    monkeypatch.setattr(type(inputs), "answer_tokens", np.array([0, 1, 1, 2]))
    info = answer_length(inputs).results[0].info
    assert (info["no_token"], info["one_token"]) == (1, 2)


def test_one_size_only_has_no_spread(make_inputs: MakeInputs) -> None:
    result = prompt_length(make_inputs(rows_of([words(40)] * 9, ["x"] * 9))).results[0]
    assert result.info["spread"] == pytest.approx(1)
    assert result.info["span"] == 0


@pytest.mark.parametrize(
    ("count", "spread", "share"),
    [
        (1, "too_few_lengths", "too_few_for_share"),
        (LEAST_FOR_SPREAD - 1, "too_few_lengths", "too_few_for_share"),
        (LEAST_FOR_SPREAD, None, "too_few_for_share"),
        (LEAST_FOR_SHARE - 1, None, "too_few_for_share"),
        (LEAST_FOR_SHARE, None, None),
    ],
)
def test_a_few_texts_get_no_verdict(make_inputs: MakeInputs, count: int, spread: str | None, share: str | None) -> None:
    """One record is neither a set without long prompts nor one of a single length."""
    inputs = make_inputs(rows_of([words(40)] * count, ["x"] * count))
    for metric in (of_prompts.METRIC, of_answers.METRIC):
        results = metric.compute(inputs).results
        assert results[0].status == "ok"
        checks = run_checks([metric], results, inputs.settings)
        assert [check.reason for check in checks] == [spread, share]
        assert [check.outcome for check in checks] == ["not_applicable" if why else "fail" for why in (spread, share)]


@pytest.mark.parametrize(
    ("lengths", "advice", "fullest"),
    [
        ([3] * 90 + [40] * 5 + [70] * 5, "fill_buckets", "≤32"),
        ([3] * 95 + [2500] * 5, "fill_buckets", "≤32"),
        ([3] * 10 + [40] * 10 + [70] * 10 + [200] * 10 + [300] * 60, "thin_fullest", "257-512"),
    ],
)
def test_narrow_lengths_have_advice_and_name_the_fullest_range(
    make_inputs: MakeInputs, lengths: list[int], advice: str, fullest: str
) -> None:
    inputs = make_inputs(rows_of([words(count) for count in lengths], ["x"] * len(lengths)))
    check = run_checks([of_prompts.METRIC], of_prompts.METRIC.compute(inputs).results, inputs.settings)[0]
    assert check.outcome in ("warn", "fail")
    assert (check.advice, check.evidence["fullest"]) == (advice, fullest)
    assert check.evidence["fullest_share"] == max(map(lengths.count, set(lengths))) / len(lengths)
    assert advice_sentence(check)
    assert check.outcome == "warn" or f"{check.evidence['fullest_share']:.1%}" in check_sentence(check)


@pytest.mark.parametrize(
    ("lengths", "rare"),
    [
        ([3] * 60 + [40] * 36 + [70] * 4, ["129-256", "257-512", "65-128"]),
        ([40] * 100, ["≤32", "65-128", "129-256", "257-512"]),
        ([3] * 93 + [40] * 6 + [300] * 1, ["65-128", "129-256", "257-512", "33-64"]),
    ],
)
def test_the_advice_names_every_rare_length_up_to_the_long_ones(
    make_inputs: MakeInputs, lengths: list[int], rare: list[str]
) -> None:
    inputs = make_inputs(rows_of([words(count) for count in lengths], ["x"] * len(lengths)))
    spread_check, long_check = run_checks(
        [of_prompts.METRIC], of_prompts.METRIC.compute(inputs).results, inputs.settings
    )
    assert spread_check.evidence["rare"] == rare
    assert f"{', '.join(rare)} tokens" in (advice_sentence(spread_check) or "")
    assert long_check.advice == "add_long"


@given(st.lists(st.integers(0, 1000), min_size=len(LABELS), max_size=len(LABELS)))
def test_who_follows_the_advice_on_lengths_passes(counts: list[int]) -> None:
    share = np.array(counts) / max(1, sum(counts)) * (1 - 5 * RARE - 0.01)
    share[:5] += RARE
    share[5] += 0.01
    assert spread((share * 1_000_000).astype(np.int64)) >= of_prompts.METRIC.checks[0].pass_at
