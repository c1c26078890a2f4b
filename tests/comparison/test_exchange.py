"""A figure's change and its chance: what two versions share cancels, and chance alone is rarely called a change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from diversity.comparison import exchange
from diversity.comparison.contents import Contents, hashed
from diversity.comparison.exchange import MORE_SHUFFLES, MOST_CHANGED, SHUFFLES, SMALLEST, Moved, exchanged
from diversity.metrics.base import Sample
from diversity.metrics.duplicate_profile import repeat_share


class Stored:
    """A report whose records say what their numbers say; `turns` of each; with `answers` of their own if given."""

    def __init__(self, said: Any, turns: int = 1, answers: Any = None) -> None:
        self.said, self.turns, self.answers = [str(one) for one in said], turns, answers

    def query(self, sql: str, params: Any = None) -> pd.DataFrame:
        record = np.repeat(np.arange(len(self.said)), self.turns)
        said = np.repeat(np.array(self.said, dtype=object), self.turns)
        turn = np.tile(np.arange(self.turns), len(self.said))
        text = [f"{one}-{at}" for one, at in zip(said, turn, strict=True)]
        return pd.DataFrame(
            {
                "record_id": [str(one) for one in record],
                "turn": turn,
                "prompt_key": text,
                "answer_key": text if self.answers is None else [f"answer {one}" for one in self.answers],
                "record_key": said,
            }
        )

    @property
    def rows(self) -> pd.DataFrame:
        return self.query("")[["record_id", "turn"]]


def mean(values: Any) -> float:
    return float(values.mean())


def change(old: tuple[Any, Any], new: tuple[Any, Any], statistic: Any = mean, turns: int = 1, **more: Any) -> Moved:
    """The change of a statistic over the values of records, each (what the records say, their values)."""
    stored = [Stored(said, turns) for said, _ in (old, new)]
    samples = [
        Sample(np.asarray(values), statistic, one.rows, **more)
        for one, (_, values) in zip(stored, (old, new), strict=True)
    ]
    found = exchanged((samples[0], samples[1]), (Contents(stored[0]), Contents(stored[1])), 1)  # type: ignore[arg-type]
    assert found is not None
    return found


def repeats(k: int, size: int = 600) -> Moved:
    """`size` different records and `k` more that repeat one of them, against those without."""
    old = np.arange(size + k), np.r_[np.arange(size), np.arange(k)]
    return change(old, (np.arange(size), np.arange(size)), repeat_share, clusters=True)


def test_what_both_have_cancels_and_nothing_is_left() -> None:
    said = np.arange(300)
    values = np.random.default_rng(0).normal(size=300)
    order = np.random.default_rng(1).permutation(300)
    found = change((said, values), (said[order], values[order]))
    assert (found.changed, found.p, found.interval) == (0, None, (0.0, 0.0))
    assert found.before == found.after


@pytest.mark.parametrize("k", [4, 8, 30])
def test_repeats_that_were_removed_are_seen(k: int) -> None:
    found = repeats(k)
    assert found.p is not None
    assert found.p < 0.05 / 50
    assert found.before == pytest.approx(k / (600 + k), rel=0.35)
    assert (found.after, found.size) == (0, 600)
    assert found.interval[1] < 0


def test_one_repeat_that_went_proves_nothing() -> None:
    found = repeats(1)
    assert found.p is None or found.p > 0.05 / 50


def test_random_records_that_went_are_no_change() -> None:
    """A twentieth of the set has repeats; ten records were removed at random, forty times."""
    low = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        cluster = np.r_[np.arange(570), np.arange(30)]
        kept = np.sort(random.choice(600, 590, replace=False))
        p = change((np.arange(600), cluster), (kept, cluster[kept]), repeat_share, clusters=True).p
        low += p is not None and p <= 0.05
    assert low <= 6


def apart(seed: int, shared: int, size: int = 200) -> float:
    """p of two versions of one population of which `shared` records are in both."""
    random = np.random.default_rng(seed)
    total = 2 * size - shared
    said, values = np.arange(total), random.lognormal(size=total)
    return change((said[:size], values[:size]), (said[-size:], values[-size:])).p or 0.0


@pytest.mark.parametrize("shared", [0, 100, 180])
def test_chance_alone_has_a_p_of_any_size(shared: int) -> None:
    p = np.array([apart(seed, shared) for seed in range(60)])
    assert (p <= 0.05).sum() <= 8
    # Nor is it timid: a test that never says 5% has no power.
    assert (p <= 0.5).sum() >= 18


def test_repeats_within_disjoint_versions_vary_as_counts_do() -> None:
    """Which texts of the one repeat which of the other nobody knows, and a shuffle that took them for different would
    find too little variation."""
    low = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        clusters = [random.integers(0, 8000, 400) for _ in range(2)]
        p = change((np.arange(400), clusters[0]), (np.arange(400, 800), clusters[1]), repeat_share, clusters=True).p
        assert p is not None
        low += p <= 0.05
    assert low <= 8


def test_a_shift_of_a_tenth_of_the_rows_is_seen_because_the_others_cancel() -> None:
    random = np.random.default_rng(3)
    values = random.normal(size=400)
    edited = np.r_[values[:360], values[360:] + 2]
    paired = change((np.arange(400), values), (np.r_[np.arange(360), np.arange(400, 440)], edited))
    strangers = change((np.arange(400), values), (np.arange(400, 800), edited))
    assert (paired.changed, strangers.changed) == (40, 400)
    assert paired.p is not None
    assert paired.p < 0.001
    assert strangers.p is not None
    assert strangers.p > 0.001
    assert paired.after - paired.before == pytest.approx(0.2)


def of_answers(old: tuple[Any, Any], new: tuple[Any, Any], statistic: Any = mean, **more: Any) -> Moved:
    """The change of a statistic over answers, each version (what its prompts say, its answers)."""
    stored = [Stored(prompts, answers=answers) for prompts, answers in (old, new)]
    samples = [
        Sample(np.asarray(answers), statistic, one.rows, "answer", **more)
        for one, (_, answers) in zip(stored, (old, new), strict=True)
    ]
    found = exchanged((samples[0], samples[1]), (Contents(stored[0]), Contents(stored[1])), 1)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize("kinds", [2, 10, 100])
@pytest.mark.parametrize("replaced", [100, 500])
def test_answers_that_are_given_again_and_again_are_not_each_others(kinds: int, replaced: int) -> None:
    """Labels and refusals: if the j-th "Yes." of one version were the j-th of the other, chance would seem small."""
    low = [0, 0]
    for seed in range(30):
        random = np.random.default_rng(seed)
        old = np.arange(500), random.integers(0, kinds, 500)
        new = tuple(one.copy() for one in old)
        gone = random.choice(500, replaced, replace=False)
        new[0][gone], new[1][gone] = 500 + gone, random.integers(0, kinds, replaced)
        for place, more in enumerate(({}, {"statistic": repeat_share, "clusters": True})):
            p = of_answers(old, new, **more).p
            low[place] += p is not None and p <= 0.05
    assert max(low) <= 5


def test_an_answer_whose_prompt_was_edited_is_still_the_same_answer() -> None:
    random = np.random.default_rng(0)
    answers = random.permutation(5_000)[:300]
    edited = np.arange(300) + np.where(np.arange(300) < 150, 1_000, 0)
    later = np.r_[answers[:290], answers[290:] + 9_000]
    assert of_answers((np.arange(300), answers), (edited, later)).changed == 10


def test_turns_of_one_record_change_sides_together() -> None:
    """Sixty records of ten turns that agree are sixty things, not six hundred."""
    low = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        values = np.repeat(random.normal(size=120), 10)
        p = change((np.arange(60), values[:600]), (np.arange(60, 120), values[600:]), turns=10).p
        low += p is not None and p <= 0.05
    assert low <= 7


def test_a_record_under_another_label_is_another_row_and_names_are_matched() -> None:
    said = np.arange(200)
    old, new = (np.array(names, dtype=object) for names in (["a", "b"], ["b", "a"]))
    codes = said % 2
    stored = Stored(said)
    samples = [Sample(values, mean, stored.rows, names=names) for values, names in ((codes, old), (1 - codes, new))]
    contents = Contents(stored), Contents(stored)  # type: ignore[arg-type]
    same = exchanged((samples[0], samples[1]), contents, 1)
    assert same is not None
    assert same.changed == 0
    relabelled = Sample(np.where(said < 50, 0, 1 - codes), mean, stored.rows, names=new)
    other = exchanged((samples[0], relabelled), contents, 1)
    assert other is not None
    assert other.changed == 25


def test_many_shuffles_only_where_few_did_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    calls: list[int] = []

    def counted(values: Any) -> float:
        calls.append(1)
        return mean(values)

    values = random.normal(size=400)
    change((np.arange(200), values[:200]), (np.arange(200, 400), values[200:]), counted)
    assert len(calls) == 2 + 2 * SHUFFLES
    calls.clear()
    change((np.arange(200), values[:200]), (np.arange(200, 400), values[200:] + 3), counted)
    assert len(calls) == 2 + 2 * MORE_SHUFFLES


def test_size_and_too_few() -> None:
    few = Sample(np.ones(SMALLEST - 1), mean)
    enough = Sample(np.ones(SMALLEST), mean)
    contents = Contents(Stored([])), Contents(Stored([]))  # type: ignore[arg-type]
    assert exchanged((few, enough), contents, 1) is None
    many = Sample(np.ones(MOST_CHANGED + 5), mean)
    found = exchanged((many, many), contents, 1)
    assert found is not None
    # Rows that nobody knows the content of are shared with nobody.
    assert (found.size, found.changed) == (MOST_CHANGED, MOST_CHANGED)


def test_a_few_repeats_in_a_large_set_are_all_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were some rows drawn only, hardly any repeat would be there with what it repeats."""
    found = repeats(10, MOST_CHANGED + 2000)
    assert found.size == MOST_CHANGED + 2000
    assert found.p is not None
    assert found.p < 0.05 / 50
    monkeypatch.setattr(exchange, "LARGEST", 1000)
    assert repeats(10, MOST_CHANGED + 2000).size == 1000


def test_hashes_are_the_same_on_every_machine() -> None:
    assert hashed(["a", "书"]).tolist() == hashed(["a", "书", "c"]).tolist()[:2]
    assert len({*hashed(["a", "b", "书"]).tolist()}) == 3


def test_unchanged_records_that_are_measured_otherwise_make_no_change() -> None:
    """A fifth of the records lose their point although nobody touched them; exchanging records can't show that."""
    said = [f"r{n}" for n in range(2_000)]
    values = np.tile([1.0, 0.0], 1_000)
    after = np.where(np.arange(2_000) % 5 == 0, 0.0, values)
    blind = change((said, values), (said, after))
    assert (blind.p is not None and blind.p < 0.01, blind.remeasured) == (True, None)
    told = change((said, values), (said, after), relative=True)
    assert told.p == 1
    assert told.remeasured == 200
    assert told.interval[0] < blind.interval[0] < blind.interval[1] < 0 <= told.interval[1]


def test_records_that_changed_still_make_a_change() -> None:
    """The same fall, made by records that were edited; ten others were measured otherwise."""
    said = [f"r{n}" for n in range(2_000)]
    values = np.tile([1.0, 0.0], 1_000)
    edited = np.arange(2_000) % 5 == 0
    after = np.where(edited, 0.0, values)
    after[1:101:10] = 1.0
    moved = change((said, values), ([f"{one}!" if new else one for one, new in zip(said, edited, strict=True)], after),
                   relative=True)  # fmt: skip
    assert moved.p is not None
    assert moved.p < 0.01
    assert moved.remeasured == 10
