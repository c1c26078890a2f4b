"""Linear probes: what a linear classifier can tell from one view of the texts, each text judged by a fold that did not
see it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = Any  # scipy.sparse.csr_matrix, which has no types
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Probed:
    """`right` (n,): whether the class was told. `margin` (n,): score of the true class above the best other one; a
    support vector machine aims at 2."""

    right: NDArray[np.bool_]
    margin: NDArray[np.float64]


def deal_folds(labels: Codes, groups: Codes, folds: int) -> Codes:
    """(n,) fold of each row: within a class the distinct groups in turn, so that every fold has every class and rows of
    one group (the same text again) never stand on both sides."""
    order = np.lexsort((groups, labels))
    new = np.ones(len(order), np.int64)
    new[1:] = (np.diff(labels[order]) != 0) | (np.diff(groups[order]) != 0)
    number = np.cumsum(new)
    first = np.searchsorted(labels[order], labels[order], side="left")
    fold = np.empty(len(order), np.int64)
    fold[order] = (number - number[first]) % folds
    return fold


def probe(matrix: Matrix, labels: Codes, fold: Codes, seed: int, *, columns: int | None = None) -> Probed:
    """Cross-validated linear support vector machines, one class against the rest, classes weighted alike.

    Args:
        matrix: (n, features), sparse.
        labels: (n,) classes 0..C-1, each in every fold's training part.
        columns: only so many features a class, those that tell it best in the training part (`telling`), as present or
            absent.
    """
    classes = int(labels.max()) + 1
    scores = np.zeros((len(labels), classes))
    for number in range(int(fold.max()) + 1):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        fit, judged = matrix[train], matrix[test]
        if columns is not None:
            chosen = telling(fit, labels[train], columns)
            fit, judged = (fit[:, chosen] > 0).astype(np.float64), (judged[:, chosen] > 0).astype(np.float64)
        if len(test) and fit.shape[1]:
            scores[test] = _scores(fit, labels[train], judged, seed)
    return _judged(scores, labels)


def telling(matrix: Matrix, labels: Codes, most: int) -> NDArray[np.int64]:
    """Columns that are most typical of some class, at most `most` a class, sorted.

    By the z of two proportions: present in the class against present in the rest, pooled variance. Only columns that
    are more frequent in the class count.
    """
    present = (matrix > 0).astype(np.float64)
    size = np.bincount(labels).astype(np.float64)
    inside = np.asarray(present.T @ np.eye(len(size))[labels])
    total, rows = inside.sum(axis=1, keepdims=True), len(labels)
    outside = np.maximum(rows - size, 1)
    pooled = total / rows
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 1e-9) * (1 / np.maximum(size, 1) + 1 / outside))
    z = (inside / np.maximum(size, 1) - (total - inside) / outside) / spread
    best = np.argsort(-z, axis=0, kind="stable")[:most]
    return np.unique(best[np.take_along_axis(z, best, axis=0) > 0])


def balanced_accuracy(right: NDArray[np.bool_], labels: Codes) -> float:
    """Mean over the classes of the share told (Brodersen et al. 2010); always naming one class gets 1 / classes."""
    size = np.bincount(labels)
    return float((np.bincount(labels, weights=right)[size > 0] / size[size > 0]).mean())


def standard_error(right: NDArray[np.bool_], labels: Codes) -> float:
    """Of the balanced accuracy: binomial within every class."""
    size = np.bincount(labels)
    share = np.bincount(labels, weights=right)[size > 0] / size[size > 0]
    return float(np.sqrt((share * (1 - share) / size[size > 0]).sum()) / (size > 0).sum())


def _scores(fit: Matrix, labels: Codes, judged: Matrix, seed: int) -> NDArray[np.float64]:
    """(m, C) scores of the judged rows."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(class_weight="balanced", tol=1e-2, max_iter=200, random_state=seed)
    with warnings.catch_warnings():
        # A probe that has not quite converged still says what can be told.
        warnings.simplefilter("ignore")
        found = machine.fit(fit, labels).decision_function(judged)
    return np.column_stack([-found, found]) if found.ndim == 1 else np.asarray(found)


def _judged(scores: NDArray[np.float64], labels: Codes) -> Probed:
    rows = np.arange(len(labels))
    own = scores[rows, labels]
    others = scores.copy()
    others[rows, labels] = -np.inf
    margin = own - others.max(axis=1)
    # A view that says nothing scores all classes alike: that names the first class, not every row's own.
    return Probed(np.where(margin == 0, labels == 0, margin > 0), margin)
