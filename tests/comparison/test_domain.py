from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from diversity.comparison.domain import FOLDS, RIDGE, DomainScores, auc, certainty, domain_scores, whole_auc

LATER = (np.arange(200) >= 100)[:, None]


def cloud(seed: int, shift: float, count: int = 200, wide: int = 6) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, wide)).astype(np.float32)
    rows[count // 2 :, 0] += shift
    return rows


def none_shared(wide: int = 6) -> np.ndarray:
    return np.empty((0, wide), dtype=np.float32)


def test_auc_is_scikit_learn_s_with_ties() -> None:
    rng = np.random.default_rng(0)
    scores, later = rng.integers(0, 9, (50, 4)).astype(np.float32), rng.random((50, 4)) < 0.4
    assert auc(scores, later) == pytest.approx([roc_auc_score(later[:, n], scores[:, n]) for n in range(4)])


def test_scores_are_ridge_regression_on_the_other_folds() -> None:
    rows, folds = cloud(1, 0.5), np.arange(200) % FOLDS
    found = domain_scores(rows, none_shared(), folds, LATER).changed[:, 0]
    x, y = rows - rows.mean(axis=0), np.where(LATER[:, 0], 1.0, -1.0)
    ridge = RIDGE * np.trace(x.T @ x) / x.shape[1] * np.eye(x.shape[1])
    for fold in range(FOLDS):
        train = folds != fold
        weights = np.linalg.solve(x[train].T @ x[train] + ridge, x[train].T @ y[train])
        assert found[~train] == pytest.approx(x[~train] @ weights, abs=1e-4)


@pytest.mark.parametrize("shift", [1.0, 2.0])
def test_a_known_shift_gives_its_auc(shift: float) -> None:
    """Two normals `shift` apart in one direction: Φ(shift / √2)."""
    from scipy.stats import norm

    rows = cloud(2, shift, count=4000)
    later = (np.arange(4000) >= 2000)[:, None]
    scores = domain_scores(rows, none_shared(), np.arange(4000) % FOLDS, later)
    assert auc(scores.changed, later)[0] == pytest.approx(norm.cdf(shift / 2**0.5), abs=0.02)


def test_of_versions_that_share_most_records() -> None:
    """The mixture of changed and shared rows is what all pairs of the two whole versions give."""
    rng = np.random.default_rng(3)
    old, new, both = rng.normal(0, 1, 40), rng.normal(1, 1, 40), rng.normal(0.5, 1, 160)
    scores = DomainScores(np.concatenate([old, new])[:, None].astype(np.float32), both.astype(np.float32))
    whole = np.concatenate([old, both, new, both])
    labels = np.arange(400) >= 200
    # A shared row is compared with every other row of the other version, itself among them.
    expected = roc_auc_score(labels, whole)
    assert whole_auc(scores, np.arange(80) >= 40, 0.2) == pytest.approx(expected, abs=1e-6)


def test_it_is_surest_of_what_only_one_version_says() -> None:
    scores = np.array([0.0, 1.0, 2.0, 1.5, 2.5, 3.0], dtype=np.float32)
    later = np.array([False, False, False, True, True, True])
    assert certainty(scores, later) == pytest.approx([1.0, 1.0, 2 / 3, 2 / 3, 1.0, 1.0])


def test_equal_vectors_are_a_guess() -> None:
    rows = np.ones((200, 3), dtype=np.float32)
    found = domain_scores(rows, none_shared(3), np.arange(200) % FOLDS, LATER)
    assert auc(found.changed, LATER)[0] == 0.5
