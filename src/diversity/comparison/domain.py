"""The domain classifier: how well can it be told from a text's vector which version the text is from?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
# As much as the mean variance of a direction: best or nearly so on eight real comparisons (docs/decisions/0021).
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class DomainScores:
    """Out-of-fold scores, the higher the more like the later version.

    `changed` (2k, n) of the changed texts for each labelling, the first being the true one; `shared` (s,) of texts that
    both versions have.
    """

    changed: NDArray[np.float32]
    shared: NDArray[np.float32]


def domain_scores(
    changed: NDArray[np.float32],
    shared: NDArray[np.float32],
    folds: NDArray[np.int64],
    later: NDArray[np.bool_],
) -> DomainScores:
    """Ridge regression of the version (+1 later, -1 earlier) on centred vectors, for every labelling at once.

    Regression on two labels finds the direction of Fisher's discriminant; it is solved once for a thousand labellings,
    which makes the permutation test affordable. Each score comes from a model that saw no text of the same fold.

    Args:
        changed: (2k, d) vectors of what only one version has; the models are trained on these alone.
        shared: (s, d) vectors of what both have.
        folds: (2k + s,) fold of each of those rows; the same text, and both states of an edited record, in one fold.
        later: (2k, n) labellings, the first the true one.
    """
    mean = changed.mean(axis=0, dtype=np.float64).astype(np.float32)
    x, both = changed - mean, shared - mean
    y = np.where(later, np.float32(1), np.float32(-1))
    y = y - y.mean(axis=0)
    gram, toward = x.T @ x, x.T @ y
    ridge = np.float32(RIDGE * max(float(np.trace(gram)) / len(gram), 1e-9)) * np.eye(len(gram), dtype=np.float32)
    scores = np.zeros(y.shape, dtype=np.float32)
    of_shared = np.zeros(len(both), dtype=np.float32)
    for fold in range(FOLDS):
        held, held_shared = folds[: len(x)] == fold, folds[len(x) :] == fold
        part = x[held]
        weights = np.linalg.solve(gram - part.T @ part + ridge, toward - part.T @ y[held])
        scores[held] = part @ weights
        of_shared[held_shared] = both[held_shared] @ weights[:, 0]
    return DomainScores(scores, of_shared)


def auc(scores: NDArray[np.float32], later: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(n,) area under the ROC curve, for each column: how often a later row scores above an earlier one, ties half."""
    from scipy.stats import rankdata

    ranks = rankdata(scores, axis=0)
    after = later.sum(axis=0).astype(np.float64)
    before = len(later) - after
    won = (ranks * later).sum(axis=0) - after * (after + 1) / 2
    return np.asarray(np.where(after * before > 0, won / np.maximum(after * before, 1), 0.5))


def whole_auc(scores: DomainScores, later: NDArray[np.bool_], changed_share: float) -> float:
    """AUC between the two whole versions, from the texts that differ and a sample of those that both have.

    Of two rows, one of each version, both are changed with probability c², one with 2c(1 - c), and none with (1 - c)²:
    those cannot be told apart.
    """
    own, share = scores.changed[:, 0], changed_share
    old, new = own[~later], own[later]
    mixed = [_above(new, scores.shared), _above(scores.shared, old)]
    return share**2 * _above(new, old) + share * (1 - share) * sum(mixed) + (1 - share) ** 2 / 2


def certainty(scores: NDArray[np.float32], later: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(2k,) how sure it is of each changed text: the share of the other version's texts that look less like its own."""
    old, new = np.sort(scores[~later]), np.sort(scores[later])
    sure = np.empty(len(scores))
    sure[later] = np.searchsorted(old, scores[later], side="left") / max(len(old), 1)
    sure[~later] = 1 - np.searchsorted(new, scores[~later], side="right") / max(len(new), 1)
    return sure


def _above(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """How often a row of `first` scores above one of `second`, ties half; a half where either is empty."""
    scores = np.concatenate([second, first])[:, None]
    return float(auc(scores, (np.arange(len(scores)) >= len(second))[:, None])[0])
