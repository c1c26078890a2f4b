"""A task type for a record that has none, learnt from those that have one: kernel ridge regression on `type_cues`.

One machine learns every label at once, and its error on records that it did not see stands in closed form (Rifkin and
Lippert 2007): every labelled record is judged by those that are no copies of it, at the cost of one inverse. What the
margin between the best two labels is worth is read off these judgements (Platt 1999), so a confidence of 0.8 means that
eight of ten such labels were right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from diversity.features.type_cues import Cues, Floats
from diversity.report import Frozen

Codes = NDArray[np.int64]
Scores = NDArray[np.float64]

RIDGE = 0.3
# A given label is doubted where its held-out score is below this quantile of the scores of labels that records do not
# have, and behind the best by LAG, half of what a right label is ahead of a wrong one on each level. Wrong labels bring
# all scores together, so no more is asked than what the best are ahead by in the SUREST part of the records. With a
# twentieth of the labels swapped on five sets this finds 58-76% of the swaps, and 46-95% of what it lists was swapped.
STRANGERS, LAG, SUREST = 0.75, 0.5, 0.02
# Standard deviations that agreement with the given labels must be above that of the same guesses dealt out at random.
ABOVE_CHANCE = 3.0
# Neighbours are looked for along so many principal axes of the cues.
AXES = 128
_NEWTON_STEPS = 50


class SuggestionSettings(Frozen):
    """How task types are suggested."""

    records: int = Field(
        default=3_000,
        ge=100,
        description="Labelled records to learn from, drawn by content: time grows with the cube, three thousand take "
        "two seconds.",
    )
    confidence: float = Field(
        default=0.8,
        gt=0,
        lt=1,
        description="From here on a suggestion counts as usable: at least four of five such labels were right.",
    )
    neighbors: int = Field(default=10, ge=1, description="Nearest labelled records whose labels are counted.")
    least: int = Field(
        default=5,
        ge=2,
        description="Different records that a task type needs before its labels are doubted: fewer cannot vouch for "
        "each other.",
    )
    most_classes: int = Field(
        default=200, ge=2, description="Only the largest types are learnt; weights take 0.5 MB a type."
    )


@dataclass(frozen=True)
class Guess:
    """(n,) best label of each row; how far its score is above the second best (`margin`), and above the best label of
    another level 1 (`margin_1`); the score of the label that the row has (`given`, NaN for none), and how far it lies
    below the best (`lag`)."""

    label: Codes
    margin: Scores
    margin_1: Scores
    given: Scores
    lag: Scores

    def of(self, rows: Codes) -> Guess:
        """What is said of some of the rows."""
        return Guess(self.label[rows], self.margin[rows], self.margin_1[rows], self.given[rows], self.lag[rows])


@dataclass(frozen=True)
class TypeModel:
    """What was learnt from m records of C labels on two levels.

    `dense` (D, C) and `words` (WIDTH, C) weights of the labels, `constant` (C,); `parent` (C,) level 1 of each label;
    `held_out` what the model says about the m records themselves, each left out in turn; `calibration` turns a margin
    into a confidence, `calibration_1` that of level 1; `stranger` is a score that STRANGERS of the labels which records
    do not have stay below, `behind` the lag of a label in doubt; `above_chance` how many standard deviations the best
    labels agree with the given ones better than at random.
    """

    dense: Floats
    words: Floats
    constant: Floats
    parent: Codes
    held_out: Guess
    calibration: tuple[float, float]
    calibration_1: tuple[float, float]
    stranger: float
    behind: float
    above_chance: float

    def guess(self, rows: Cues, given: Codes) -> Guess:
        """The best label of each row; `given` (n,) the label it has, -1 for none."""
        scores = rows.dense @ self.dense + rows.words @ self.words + self.constant
        return judged(scores.astype(np.float64), self.parent, given)

    def confidence(self, guess: Guess) -> Scores:
        """(n,) how probably the label is the right one."""
        return _sigmoid(self.calibration, guess.margin)

    def confidence_1(self, guess: Guess) -> Scores:
        """(n,) how probably its level 1 is."""
        return np.maximum(_sigmoid(self.calibration_1, guess.margin_1), self.confidence(guess))

    def doubtful(self, guess: Guess) -> NDArray[np.bool_]:
        """(n,) whether the label that a row has fits it no better than most labels that records do not have, and far
        worse than the best."""
        return (guess.given <= self.stranger) & (guess.lag >= self.behind)


def learn(rows: Cues, label: Codes, parent: Codes, group: Codes) -> TypeModel:
    """Learns from m rows.

    Args:
        label: (m,) labels 0..C-1.
        parent: (C,) number of each label's level 1, 0..P-1.
        group: (m,) rows of one number, copies of each other, are left out together; -1 for a row without copies.
    """
    # A label scores 1 where a record has it, and 1 more where the record has its level 1.
    classes = np.arange(len(parent))
    targets = (classes == label[:, None]).astype(np.float64) + (parent == parent[label][:, None])
    dual, inverse = _solved(rows.kernel(rows), targets)
    left_out = targets - dual / np.diag(inverse)[:, None]
    for copies in _together(label, group):
        block = inverse[np.ix_(copies, copies)]
        left_out[copies] = targets[copies] - np.linalg.solve(np.tril(block) + np.tril(block, -1).T, dual[copies])
    guess = judged(left_out, parent, label)
    others = left_out[classes != label[:, None]]
    single = dual.astype(np.float32)
    return TypeModel(
        dense=rows.dense.T @ single,
        words=rows.words.T @ single,
        constant=single.sum(axis=0),
        parent=parent,
        held_out=guess,
        calibration=platt(guess.margin, guess.label == label),
        calibration_1=platt(guess.margin_1, parent[guess.label] == parent[label]),
        stranger=float(np.quantile(others, STRANGERS)),
        behind=min(LAG, float(np.quantile(guess.margin, 1 - SUREST))),
        above_chance=above_chance(guess.label, label),
    )


def _together(label: Codes, group: Codes) -> Iterator[Codes]:
    """Rows to leave out together, sorted: each group of two and more, but not those that hold most of a type, which
    nothing would be known of without them."""
    size = np.bincount(label)
    order = np.argsort(group, kind="stable")
    bounds = np.flatnonzero(np.diff(group[order])) + 1
    for rows in np.split(order, bounds):
        if group[rows[0]] < 0 or len(rows) < 2:
            continue
        own = np.bincount(label[rows], minlength=len(size))
        if not (own > np.maximum(size / 2, 1)).any():
            yield rows


def above_chance(told: Codes, label: Codes) -> float:
    """How many standard deviations (m,) guesses agree with the labels better than they would in a random order.

    Mean and variance over all orders (Hoeffding 1951); 0 where no order makes a difference.
    """
    classes, count = int(max(told.max(), label.max())) + 1, len(label)
    guesses, labels = (np.bincount(one, minlength=classes) for one in (told, label))
    expected = float(guesses @ labels) / count
    # 1 where guess and label agree, less the means of its row and its column; how often each such cell stands there.
    centred = np.eye(classes) - labels[:, None] / count - guesses / count + expected / count
    variance = float(guesses @ centred**2 @ labels) / max(count - 1, 1)
    return (float((told == label).sum()) - expected) / float(np.sqrt(variance)) if variance > 1e-9 else 0.0


def judged(scores: Scores, parent: Codes, given: Codes) -> Guess:
    """What (n, C) scores say; a label without a rival is ahead by 1."""
    rows = np.arange(len(scores))
    top = np.argmax(scores, axis=1)
    first = scores[rows, top]
    rivals = np.where(np.arange(len(parent)) == top[:, None], -np.inf, scores).max(axis=1)
    others = np.where(parent == parent[top][:, None], -np.inf, scores).max(axis=1)
    margin, margin_1 = (np.where(np.isinf(other), 1.0, first - other) for other in (rivals, others))
    own = np.where(given >= 0, scores[rows, given], np.nan)
    return Guess(top, margin, margin_1, own, first - own)


def platt(margin: Scores, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept of P(right) = 1 / (1 + exp(-(slope · margin + intercept))), by maximum likelihood on Platt's
    softened targets; a slope below 0, which only chance gives, becomes 0."""
    hits, misses = int(right.sum()), int((~right).sum())
    target = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))
    design = np.column_stack([margin, np.ones(len(margin))])
    found = np.zeros(2)
    for _ in range(_NEWTON_STEPS):
        share = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        curve = (design * (share * (1 - share))[:, None]).T @ design + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, design.T @ (target - share))
        found += step
        if np.abs(step).max() < 1e-8:
            break
    if found[0] < 0:
        mean = float(target.mean())
        return 0.0, float(np.log(mean / (1 - mean)))
    return float(found[0]), float(found[1])


@dataclass(frozen=True)
class Neighborhood:
    """The learnt records laid out for looking up neighbours: `axes` (D + SKETCH, a), `rows` (m, a) unit rows."""

    axes: Floats
    rows: Floats

    def nearest(self, rows: Cues, most: int, without: Codes | None = None) -> Codes:
        """(n, most) learnt records nearest to each row, the nearest first; `without` (n,) one each that does not count,
        -1 for none."""
        cosine = _unit(rows.sketch() @ self.axes) @ self.rows.T
        if without is not None:
            own = np.flatnonzero(without >= 0)
            cosine[own, without[own]] = -np.inf
        near = np.argpartition(-cosine, min(most, cosine.shape[1] - 1), axis=1)[:, :most]
        order = np.argsort(-np.take_along_axis(cosine, near, axis=1), axis=1, kind="stable")
        return np.take_along_axis(near, order, axis=1)


def neighborhood(rows: Cues) -> Neighborhood:
    """Along the principal axes of the learnt records' cues."""
    sketch = rows.sketch()
    _, axes = np.linalg.eigh(sketch.T @ sketch)
    kept = np.ascontiguousarray(axes[:, ::-1][:, :AXES])
    return Neighborhood(kept, _unit(sketch @ kept))


def _solved(kernel: NDArray[np.float64], targets: Scores) -> tuple[Scores, NDArray[np.float64]]:
    """Inverse of the kernel with the ridge on its diagonal times the targets, and the inverse's lower triangle. The
    kernel is overwritten."""
    from scipy.linalg.lapack import dpotrf, dpotri, dpotrs

    kernel[np.diag_indices_from(kernel)] += RIDGE
    # The transpose of a symmetric array is the array, in the order that LAPACK works on in place.
    factor, _ = dpotrf(kernel.T, lower=1, overwrite_a=1)
    dual, _ = dpotrs(factor, targets, lower=1)
    inverse, _ = dpotri(factor, lower=1, overwrite_c=1)
    return np.asarray(dual), np.asarray(inverse)


def shares(labels: Codes, classes: int) -> Scores:
    """(n, C) share of each row's (n, k) labels that are of each class."""
    cell = np.arange(len(labels))[:, None] * classes + labels
    counts = np.bincount(cell.ravel(), minlength=len(labels) * classes)
    return np.asarray(counts.reshape(-1, classes) / labels.shape[1])


def _sigmoid(line: tuple[float, float], margin: Scores) -> Scores:
    return np.asarray(1 / (1 + np.exp(-np.clip(line[0] * margin + line[1], -30, 30))))


def _unit(rows: Floats) -> Floats:
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return np.asarray(rows / np.maximum(length, np.float32(1e-9))[:, None], np.float32)
