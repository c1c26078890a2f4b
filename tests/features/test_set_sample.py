"""The sample behind the figures on the whole set: drawn by content, cut into groups, estimated with an interval."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from helpers import MakeInputs, rows_of
from hypothesis import given
from hypothesis import strategies as st
from set_samples import Shingles, random_rows, sample_of

from diversity.features.set_sample import (
    GROUPS,
    SIZES,
    Estimate,
    SetSample,
    content_order,
    covariance,
    estimate,
    groups,
    joined,
    set_sample,
)

Texts = list[str]


def column(texts: Texts) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def drawn(make_inputs: MakeInputs, prompts: Texts, answers: Texts, **settings: object) -> SetSample:
    inputs = make_inputs(rows_of(prompts, answers), embedder=Shingles(), **settings)
    found = set_sample(inputs)
    assert isinstance(found, SetSample)
    return found


def some_texts(count: int) -> tuple[Texts, Texts]:
    return [f"问题{n * n}关于{chr(0x4E00 + n * 7)}" for n in range(count)], [f"answer {n * 37}" for n in range(count)]


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.randoms())
def test_the_order_of_rows_changes_nothing_but_which_copy_comes_first(texts: Texts, random) -> None:
    moved = texts.copy()
    random.shuffle(moved)
    first, second = ([some[at] for at in content_order([column(some)])] for some in (texts, moved))
    assert first == second
    assert sorted(first) == sorted(texts)


def test_copies_come_up_as_often_as_by_chance() -> None:
    """Of 4,000 texts that stand twice each, a quarter of all rows holds both copies of a sixteenth: 250."""
    texts = [f"text {n}" for n in range(4000)] * 2
    start = [texts[at] for at in content_order([column(texts)])][:2000]
    assert 2000 - len(set(start)) == pytest.approx(250, abs=60)


def test_shared_records_are_drawn_alike() -> None:
    texts = [f"text {n}" for n in range(1000)]
    both = [{some[at] for at in content_order([column(some)])[:300]} for some in (texts, texts[100:] + ["new"] * 50)]
    assert len(both[0] & both[1]) > 240


def test_only_units_with_both_texts_are_drawn(make_inputs: MakeInputs) -> None:
    prompts, answers = some_texts(60)
    found = drawn(make_inputs, prompts, answers)
    assert len(found) == len(found.order) == 60
    assert found.sizes == (20,)
    assert np.linalg.norm(found.vectors("pair"), axis=1) == pytest.approx(np.ones(60), abs=1e-5)


def test_the_sample_has_the_size_of_the_settings(make_inputs: MakeInputs) -> None:
    found = drawn(make_inputs, *some_texts(150), **{"set_diversity.sample": 100})
    assert (len(found), len(found.order), found.sizes) == (100, 150, (50, 20))


@pytest.mark.parametrize(
    ("count", "embedder", "reason"), [(39, Shingles(), "too_few_for_set"), (60, None, "no_embedder")]
)
def test_no_sample_has_a_reason(make_inputs: MakeInputs, count: int, embedder: object, reason: str) -> None:
    assert set_sample(make_inputs(rows_of(*some_texts(count)), embedder=embedder)) == reason


def test_the_origin_is_the_embedder_s_and_not_the_version_s(make_inputs: MakeInputs) -> None:
    first = drawn(make_inputs, *some_texts(60))
    second = drawn(make_inputs, ["同样的问题"] * 60, ["the same answer"] * 60)
    assert np.array_equal(first.origin, second.origin)
    assert second.cosines("pair") == pytest.approx(np.ones((60, 60)), abs=1e-5)


def test_the_cosine_of_pairs_is_the_mean_of_both_sides() -> None:
    found = sample_of(random_rows(50, seed=1), random_rows(50, seed=2))
    pair = joined(found.prompt, found.answer)
    assert found.cosines("pair") == pytest.approx(pair @ pair.T, abs=1e-6)
    assert found.cosines("pair") == pytest.approx((found.cosines("prompt") + found.cosines("answer")) / 2, abs=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_groups_of_one_cut_share_no_row(size: int) -> None:
    cuts = list(groups(2000, size, seed=7))
    assert sum(len(cut) for cut in cuts) >= GROUPS
    for cut in cuts:
        rows = np.concatenate(cut)
        assert len(rows) == len(set(rows.tolist())) <= 2000
        assert {len(one) for one in cut} == {size}


def test_the_error_of_a_mean_is_the_one_of_the_textbook() -> None:
    """A statistic whose standard error is known: the mean of p numbers has s / sqrt(p)."""
    numbers = np.random.default_rng(5).normal(size=2000)
    for size in (500, 200, 100, 50, 20):
        one = estimate(lambda rows: float(numbers[rows].mean()), 2000, size, seed=7)
        assert one.value == pytest.approx(numbers.mean())
        assert one.error == pytest.approx(numbers.std(ddof=1) / np.sqrt(2000), rel=0.45)


def test_the_difference_of_two_estimates() -> None:
    first, second = Estimate(5.0, 0.3, 10), Estimate(4.0, 0.4, 10)
    change = first.minus(second)
    assert (change.value, change.error) == (1.0, pytest.approx(0.5))
    assert change.degrees == pytest.approx(0.25**2 / (0.09**2 / 10 + 0.16**2 / 10))
    assert Estimate(1.0, 0.0, 3).minus(Estimate(1.0, 0.0, 4)).interval == (0.0, 0.0)


@pytest.mark.parametrize(
    ("unit", "value", "low", "high"),
    [("ratio", 0.05, 0, 0.3682), ("ratio", 0.9, 0.5818, 1), ("score", 0.1, 0, 0.4182), ("nats", -0.1, -0.4182, 0)],
)
def test_the_interval_of_a_figure_stays_within_what_its_unit_allows(
    unit: str, value: float, low: float, high: float
) -> None:
    one = Estimate(value, 0.1, 3)
    assert one.interval_in(unit) == pytest.approx((low, high), abs=0.001)
    assert one.interval == pytest.approx((value - 0.3182, value + 0.3182), abs=0.001)


def test_two_groups_have_no_interval() -> None:
    assert Estimate(0.058, 0.03, 1).interval_in("ratio") is None


def test_the_streamed_covariance_is_the_plain_one(make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diversity.features.set_sample.BLOCK", 16)
    inputs = make_inputs(rows_of(*some_texts(60)), embedder=Shingles(), **{"set_diversity.sample": 50})
    found = set_sample(inputs)
    assert isinstance(found, SetSample)
    whole = drawn(make_inputs, *some_texts(60))
    for of in ("prompt", "answer", "pair"):
        rows = whole.vectors(of).astype(np.float64)
        gram, units = covariance(inputs, found, of)
        assert units == 60
        assert gram == pytest.approx(rows.T @ rows / 60, abs=1e-6)


def test_white_space_at_the_ends_draws_no_other_sample() -> None:
    texts = [f"text {n}" for n in range(200)]
    loose = [f"\n{text} " if n % 3 else text for n, text in enumerate(texts)]
    assert (content_order([column(texts)]) == content_order([column(loose)])).all()
