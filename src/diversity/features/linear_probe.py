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


def deal_folds(labels: Codes, groups: NDArray[Any], folds: int) -> Codes:
    """(n,) fold of each row: rows of one group (the same text again) stand in one fold, whatever their classes are.

    Groups of several classes are dealt first, then the largest, each to the fold that has least of its classes, and of
    those to the smallest: classes of single groups are dealt in turn, and no fold gets what every class has over.
    """
    from scipy.sparse import csr_matrix

    if not len(labels):
        return labels
    group = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    held = csr_matrix((np.ones(len(labels), np.int64), (group, labels)))
    held.sum_duplicates()
    held.sort_indices()
    size = np.maximum(np.bincount(labels), 1)
    filled = np.zeros((folds, len(size)), np.int64)
    of_group = np.empty(held.shape[0], np.int64)
    for one in np.lexsort((-np.bincount(group), -np.diff(held.indptr))).tolist():
        own = slice(held.indptr[one], held.indptr[one + 1])
        classes = held.indices[own]
        load = (filled[:, classes] / size[classes]).sum(axis=1)
        of_group[one] = np.lexsort((filled.sum(axis=1), load))[0]
        filled[of_group[one], classes] += held.data[own]
    return of_group[group]


def probe(matrix: Matrix, labels: Codes, fold: Codes, seed: int, *, columns: int | None = None) -> Probed:
    """Cross-validated linear support vector machines, one class against the rest, classes weighted alike.

    Args:
        matrix: (n, features), sparse.
        labels: (n,) classes 0..C-1. One that a fold's training part lacks is never named in that fold.
        columns: only so many features a class, those that tell it best in the training part (`telling`), as present or
            absent.
    """
    scores = np.zeros((len(labels), int(labels.max()) + 1))
    for number in range(int(fold.max()) + 1):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if not len(train) or not len(test):
            continue
        known, codes = np.unique(labels[train], return_inverse=True)
        fit, judged = matrix[train], matrix[test]
        if columns is not None:
            chosen = telling(fit, codes, columns)
            fit, judged = (fit[:, chosen] > 0).astype(np.float64), (judged[:, chosen] > 0).astype(np.float64)
        some = len(known) > 1 and fit.shape[1]
        found = _scores(fit, codes, judged, seed) if some else np.zeros((len(test), len(known)))
        scores[test] = found.min() - 1
        scores[np.ix_(test, known)] = found
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
    from sklearn import config_context
    from sklearn.svm import LinearSVC

    machine = LinearSVC(class_weight="balanced", tol=1e-2, max_iter=200, random_state=seed)
    # Hundreds of small machines: checking what is passed to them took a third of the time.
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
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
    # Where several classes score best the first of them is named, and not every row's own.
    return Probed(np.where(margin == 0, labels == scores.argmax(axis=1), margin > 0), margin)
