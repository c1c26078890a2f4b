"""What nearness sees that a straight line does not."""

from __future__ import annotations

import numpy as np
import pytest

from diversity.comparison.domain import FOLDS, auc, domain_scores, whole_auc
from diversity.comparison.nearness import nearness_scores


def test_texts_that_drew_together_are_told_by_nearness_alone() -> None:
    chance = np.random.default_rng(0)
    wide, narrow = chance.normal(size=(200, 8)), 0.2 * chance.normal(size=(200, 8))
    changed = np.concatenate([wide, narrow]).astype(np.float32)
    later = np.arange(400) >= 200
    shared, folds = chance.normal(size=(50, 8)).astype(np.float32), np.arange(450) % FOLDS
    near = nearness_scores(changed, shared, folds, later)
    line = domain_scores(changed, shared, folds, later[:, None])
    assert float(auc(near.changed, later[:, None])[0]) > 0.95
    assert float(auc(line.changed, later[:, None])[0]) < 0.7
    # What both have looks like the earlier version: ¼ + ¼ (1 + ½) + ⅛ at a changed share of a half.
    assert whole_auc(near, later, 0.5) == pytest.approx(0.75, abs=0.03)


def test_texts_drawn_alike_are_told_by_nobody() -> None:
    chance = np.random.default_rng(1)
    changed = chance.normal(size=(1000, 8)).astype(np.float32)
    later = np.arange(1000) >= 500
    scores = nearness_scores(changed, changed[:0], np.arange(1000) % FOLDS, later)
    assert float(auc(scores.changed, later[:, None])[0]) == pytest.approx(0.5, abs=0.06)


def test_no_text_is_judged_by_its_own_fold() -> None:
    """Each text beside a twin on the other side, in one fold: who saw the twin would call every text its opposite."""
    rows = np.random.default_rng(2).normal(size=(200, 40)).astype(np.float32)
    changed = np.concatenate([rows, rows])
    later, folds = np.arange(400) >= 200, np.tile(np.arange(200) % FOLDS, 2)
    scores = nearness_scores(changed, changed[:0], folds, later).changed
    assert scores[:200] == pytest.approx(scores[200:], abs=1e-6)
