from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import roc_auc_score

from diversity.comparison.effect import MOST, benjamini_hochberg, effect_of_auc, effect_of_gap, holm, size_of
from diversity.words.catalogue import number


@pytest.mark.parametrize("d", [0.0, 0.2, 0.5, 0.8])
def test_both_scales_give_back_the_distance_of_two_normals(d: float) -> None:
    rng = np.random.default_rng(0)
    old, new = rng.normal(0, 1, 40_000), rng.normal(d, 1, 40_000)
    assert effect_of_gap(float(ks_2samp(old, new).statistic)) == pytest.approx(d, abs=0.03)
    scores, labels = np.concatenate([old, new]), np.arange(80_000) >= 40_000
    assert effect_of_auc(float(roc_auc_score(labels, scores))) == pytest.approx(d, abs=0.03)


def test_the_ends() -> None:
    assert effect_of_gap(0.0) == effect_of_auc(0.5) == effect_of_auc(0.3) == 0.0
    assert effect_of_gap(1.0) == effect_of_auc(1.0) == MOST


def test_sizes_in_words() -> None:
    told = [size_of(effect, 0.01) for effect in (0.1, 0.2, 0.5, 0.8)]
    assert told == ["tiny", "small", "medium", "large"]
    assert size_of(0.1, 0.06) == "none"
    assert size_of(None, 0.01) is size_of(0.5, None) is None


def test_the_word_goes_with_the_number_as_it_is_shown() -> None:
    for effect in (0.194, 0.195, 0.196, 0.1999, 0.2, 0.494, 0.4999, 0.7951):
        assert size_of(effect, 0.01) == size_of(float(number(effect)), 0.01)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_what_is_not_small_and_may_be_chance_is_not_called_none() -> None:
    assert [size_of(effect, 0.06) for effect in (0.1, 0.194, 0.195, 1.5)] == ["none", "none", "unclear", "unclear"]


def test_benjamini_hochberg_by_hand() -> None:
    """p times the number of questions over its rank, and never more than a later one."""
    assert benjamini_hochberg([0.04, 0.01, 0.03, 0.5]) == pytest.approx([0.04 * 4 / 3, 0.04, 0.04 * 4 / 3, 0.5])
    assert benjamini_hochberg([0.9, 0.8]) == pytest.approx([0.9, 0.9])
    assert benjamini_hochberg([]) == []
