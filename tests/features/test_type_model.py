"""Labels learnt from cues: leave-one-out in closed form, confidences, doubt."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from diversity.features.type_cues import SKETCH, WIDTH, Cues, Texts, cues, rarity
from diversity.features.type_model import LAG, above_chance, learn, neighborhood, platt, shares

RNG = np.random.default_rng(3)


def some_cues(rows: int, classes: int, seed: int = 3) -> tuple[Cues, np.ndarray]:
    """Rows around a centre for each class."""
    rng, label = np.random.default_rng(seed), np.arange(rows) % classes
    dense = (np.eye(classes, 8)[label] + 0.4 * rng.normal(size=(rows, 8))).astype(np.float32)
    words = csr_matrix((np.ones(rows, np.float32), (np.arange(rows), rng.integers(0, 50, rows))), shape=(rows, WIDTH))
    return Cues(dense, words), label


def no_copies(label: np.ndarray) -> np.ndarray:
    """No row has a copy."""
    return np.full(len(label), -1)


def only(rows: Cues, kept: np.ndarray) -> Cues:
    return rows.of(np.flatnonzero(kept))


def test_left_out_is_what_a_machine_without_the_row_says():
    rows, label = some_cues(40, 3)
    parent = np.array([0, 0, 1])
    whole = learn(rows, label, parent, no_copies(label))
    for at in (0, 7, 39):
        kept = np.arange(40) != at
        without = learn(only(rows, kept), label[kept], parent, no_copies(label[kept]))
        said = without.guess(only(rows, ~kept), label[[at]])
        assert said.label[0] == whole.held_out.label[at]
        assert said.margin[0] == pytest.approx(whole.held_out.margin[at], abs=1e-4)
        assert said.given[0] == pytest.approx(whole.held_out.given[at], abs=1e-4)


def test_copies_are_left_out_together():
    rows, label = some_cues(40, 3)
    parent, copies = np.array([0, 0, 1]), np.array([2, 9, 30])
    group = no_copies(label)
    group[copies] = 4
    whole = learn(rows, label, parent, group)
    kept = ~np.isin(np.arange(40), copies)
    without = learn(only(rows, kept), label[kept], parent, no_copies(label[kept]))
    said = without.guess(only(rows, ~kept), label[copies])
    assert said.label.tolist() == whole.held_out.label[copies].tolist()
    assert said.margin == pytest.approx(whole.held_out.margin[copies], abs=1e-4)
    assert said.given == pytest.approx(whole.held_out.given[copies], abs=1e-4)
    one_by_one = learn(rows, label, parent, no_copies(label)).held_out
    assert whole.held_out.margin[kept] == pytest.approx(one_by_one.margin[kept])


def test_confidence_is_not_lent_by_copies():
    """Labels that nothing tells, each row four times over: the rows next door know it, a new row would not."""
    first, _ = some_cues(60, 3)
    rows, label = first.of(np.repeat(np.arange(60), 4)), np.repeat(RNG.integers(0, 3, 60), 4)
    parent = np.arange(3)
    naive = learn(rows, label, parent, no_copies(label))
    fair = learn(rows, label, parent, np.repeat(np.arange(60), 4))
    assert (naive.held_out.label == label).mean() > 0.7
    assert naive.above_chance > 10
    assert (fair.held_out.label == label).mean() < 0.5
    assert abs(fair.above_chance) < 5


def test_copies_that_are_most_of_a_type_are_judged_one_by_one():
    rows, label = some_cues(40, 4)
    copies = np.where(label == 3, 0, -1)
    together = learn(rows, label, np.arange(4), copies).held_out
    one_by_one = learn(rows, label, np.arange(4), no_copies(label)).held_out
    assert together.margin == pytest.approx(one_by_one.margin)


def test_agreement_above_chance_is_that_over_all_orders():
    label, told = RNG.choice(3, 60, p=[0.6, 0.3, 0.1]), RNG.choice(3, 60, p=[0.2, 0.5, 0.3])
    orders = np.array([(told == RNG.permutation(label)).sum() for _ in range(20_000)])
    expected = ((told == label).sum() - orders.mean()) / orders.std()
    assert above_chance(told, label) == pytest.approx(expected, abs=0.05)
    assert above_chance(np.zeros(60, np.int64), label) == 0
    assert above_chance(label, label) > 8


def test_no_more_lag_is_asked_than_the_model_ever_shows():
    rows, label = some_cues(300, 3)
    clean = learn(rows, label, np.arange(3), no_copies(label))
    assert clean.behind == LAG
    mixed = np.where(RNG.uniform(size=300) < 0.9, RNG.integers(0, 3, 300), label)
    found = learn(rows, mixed, np.arange(3), no_copies(label))
    assert found.behind <= np.quantile(found.held_out.margin, 0.98) + 1e-12


def test_shares_of_labels():
    assert shares(np.array([[0, 2, 2, 0], [1, 1, 1, 1]]), 3).tolist() == [[0.5, 0, 0.5], [0, 1, 0]]


def test_the_margin_of_level_1_passes_over_sisters():
    rows, label = some_cues(60, 3)
    found = learn(rows, label, np.array([0, 0, 1]), no_copies(label)).held_out
    assert (found.margin_1 >= found.margin - 1e-12).all()
    alone = learn(rows, label, np.array([0, 0, 0]), no_copies(label)).held_out
    assert (alone.margin_1 == 1).all()


def test_swapped_labels_are_doubted():
    found = []
    for seed in range(20):
        rows, label = some_cues(90, 3, seed)
        swapped = label.copy()
        swapped[:3] = (label[:3] + 1) % 3
        model = learn(rows, swapped, np.arange(3), no_copies(label))
        found.append(model.doubtful(model.held_out))
    doubted = np.array(found)
    assert doubted[:, :3].mean() > 0.7
    assert doubted[:, 3:].mean() < 0.05


def test_platt_finds_the_line_that_made_the_outcomes():
    margin = RNG.uniform(0, 2, 20_000)
    right = RNG.uniform(size=len(margin)) < 1 / (1 + np.exp(-(2 * margin - 1)))
    assert platt(margin, right) == pytest.approx((2, -1), abs=0.15)


def test_a_margin_that_tells_nothing_gives_the_mean():
    margin = np.linspace(0, 1, 100)
    slope, intercept = platt(margin, margin < 0.5)
    assert slope == 0
    assert 1 / (1 + np.exp(-intercept)) == pytest.approx(0.5, abs=0.01)


def test_neighbours_are_the_nearest_and_never_the_row_itself():
    rows, label = some_cues(60, 3)
    near = neighborhood(rows).nearest(rows, 5, np.arange(60))
    assert near.shape == (60, 5)
    assert not (near == np.arange(60)[:, None]).any()
    assert (label[near] == label[:, None]).mean() > 0.7


def test_cues_have_the_weights_they_say_and_the_sketch_keeps_products():
    prompts = ["请把这句话翻译成英文：春天来了", "Write a poem about the sea.", "", "请把这句话翻译成英文：冬天走了"]
    answers = ["Spring is here.", "O sea, o sea", "-", "Winter is gone."]
    vectors = np.eye(4, 6, dtype=np.float32)
    tokens = np.array([9, 7, 0, 9])
    texts = Texts(prompts, answers, vectors, vectors, tokens, tokens)
    found = cues(texts, rarity(texts))
    own = np.diag(found.kernel(found))
    assert own[0] == pytest.approx(1 + 1 + 0.5 + 1 + 0.5 + 3 * 0.25 + 2 * 0.25, abs=1e-3)
    assert own[0] > own[2]
    assert found.kernel(found)[0, 3] > found.kernel(found)[0, 1]
    sketch = found.sketch()
    assert sketch.shape == (4, 12 + SKETCH)
    assert sketch @ sketch.T == pytest.approx(found.kernel(found) - 1, abs=0.4)


def test_without_an_embedder_words_are_left():
    texts = Texts(["a b", "c d"], ["x", "y"], None, None, np.array([2, 2]), np.array([1, 1]))
    assert cues(texts, rarity(texts)).dense.shape == (2, 0)
