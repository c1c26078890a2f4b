from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from diversity.features.linear_probe import balanced_accuracy, deal_folds, probe, standard_error, telling

LABELS = np.array([0] * 20 + [1] * 20 + [2] * 20)


def features(*columns: np.ndarray) -> csr_matrix:
    return csr_matrix(np.column_stack(columns).astype(float))


def test_folds_hold_every_class_and_keep_groups_together() -> None:
    groups = np.arange(60) // 2
    fold = deal_folds(LABELS, groups, 5)
    assert np.bincount(fold).tolist() == [12] * 5
    for code in range(3):
        assert set(fold[code == LABELS]) == set(range(5))
    assert (fold[::2] == fold[1::2]).all()


def test_a_group_of_several_classes_stands_in_one_fold() -> None:
    random = np.random.default_rng(0)
    groups = random.integers(0, 40, 60)
    assert len({(group, code) for group, code in zip(groups, LABELS, strict=True)}) > len(set(groups)) + 5
    fold = deal_folds(LABELS, groups, 5)
    assert all(len(set(fold[groups == group])) == 1 for group in groups)
    for code in range(3):
        assert np.bincount(fold[code == LABELS], minlength=5).max() <= 7


def test_what_classes_have_over_does_not_all_go_into_the_first_fold() -> None:
    labels = np.repeat(np.arange(20), 11)
    assert np.bincount(deal_folds(labels, np.arange(220), 5)).tolist() == [44] * 5


def test_a_class_that_a_training_part_lacks_is_not_told_there() -> None:
    labels = np.array([0, 1] * 20 + [2] * 5)
    fold = deal_folds(labels, np.minimum(np.arange(45), 40), 5)
    for columns in (None, 1):
        told = probe(features(labels == 0, labels == 1, labels == 2), labels, fold, 0, columns=columns)
        assert told.right[:40].all()
        assert not told.right[40:].any()
        assert np.isfinite(told.margin).all()


@pytest.mark.parametrize("groups", [np.zeros(10, int), np.array([0, 1] * 5)])
def test_too_few_groups_tell_nothing_but_do_no_harm(groups: np.ndarray) -> None:
    labels = np.array([0, 1] * 5)
    told = probe(features(labels), labels, deal_folds(labels, groups, 5), 0)
    assert np.isfinite(told.margin).all()


def test_nothing_to_deal() -> None:
    none = np.zeros(0, np.int64)
    assert deal_folds(none, none, 5).tolist() == []


def test_a_telling_column_is_told_and_noise_is_not() -> None:
    noise = np.random.default_rng(1).integers(0, 2, (60, 4))
    fold = deal_folds(LABELS, np.arange(60), 5)
    told = probe(features(*(code == LABELS for code in range(3)), *noise.T), LABELS, fold, 0)
    assert told.right.all()
    assert (told.margin > 1).all()
    blind = probe(features(*noise.T), LABELS, fold, 0)
    assert balanced_accuracy(blind.right, LABELS) < 0.6


def test_a_view_without_anything_is_guessing() -> None:
    fold = deal_folds(LABELS, np.arange(60), 5)
    empty = probe(csr_matrix((60, 0)), LABELS, fold, 0)
    assert balanced_accuracy(empty.right, LABELS) == pytest.approx(1 / 3)


def test_two_classes_have_scores_on_either_side() -> None:
    labels = np.array([0, 1] * 20)
    told = probe(features(labels, 1 - labels), labels, deal_folds(labels, np.arange(40), 5), 0)
    assert told.right.all()
    assert (told.margin > 1).all()


def test_the_most_telling_columns_of_each_class() -> None:
    everywhere = np.ones(60)
    half = (LABELS == 1) * (np.arange(60) % 2)
    matrix = features(everywhere, LABELS == 0, half, LABELS == 2, np.arange(60) % 3 == 0)
    assert telling(matrix, LABELS, 1).tolist() == [1, 2, 3]


def test_balanced_accuracy_by_hand() -> None:
    labels = np.array([0, 0, 0, 1])
    right = np.array([True, True, False, True])
    assert balanced_accuracy(right, labels) == pytest.approx((2 / 3 + 1) / 2)
    assert standard_error(right, labels) == pytest.approx(np.sqrt(2 / 3 * 1 / 3 / 3) / 2)
