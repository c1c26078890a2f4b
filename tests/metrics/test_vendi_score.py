"""The Vendi score against its definition over the n×n kernel, by hand, and the check on how broad a set is."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from set_samples import random_rows, sample_of

from diversity.embed.base import unit_rows
from diversity.metrics.vendi_score import METRIC, ORDERS, _with_breadth, effective, spectrum, unrelated
from diversity.report import MetricResult


def by_definition(rows: np.ndarray, order: float) -> float:
    """exp of the Rényi entropy of the eigenvalues of K/n, K the n×n matrix of cosines."""
    exact = rows.astype(np.float64)
    values = np.linalg.eigvalsh(exact @ exact.T / len(rows))
    values = values[values > 1e-12]
    if order == 1:
        return float(np.exp(-sum(v * math.log(v) for v in values)))
    if math.isinf(order):
        return float(1 / values.max())
    return float(sum(v**order for v in values) ** (1 / (1 - order)))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("count", "width"), [(12, 40), (60, 8), (40, 40)])
def test_the_smaller_matrix_gives_what_the_kernel_gives(count: int, width: int, order: float) -> None:
    rows = random_rows(count, width)
    assert effective(spectrum(rows), order) == pytest.approx(by_definition(rows, order), rel=1e-4)


@pytest.mark.parametrize("order", ORDERS)
def test_by_hand(order: float) -> None:
    """Four texts at right angles are four, whatever the order; three copies of one and one other are 3/4 and 1/4."""
    axes = np.eye(4, dtype=np.float32)
    assert effective(spectrum(axes), order) == pytest.approx(4)
    assert effective(spectrum(axes[[0, 0, 0, 0]]), order) == pytest.approx(1)
    expected = {
        0.5: (math.sqrt(0.75) + math.sqrt(0.25)) ** 2,
        1.0: math.exp(-0.75 * math.log(0.75) - 0.25 * math.log(0.25)),
        2.0: 1 / (0.75**2 + 0.25**2),
        math.inf: 1 / 0.75,
    }
    assert effective(spectrum(axes[[0, 0, 0, 1]]), order) == pytest.approx(expected[order])


def test_two_texts_at_an_angle_by_hand() -> None:
    """Cosine c: the eigenvalues of K/2 are (1 ± c) / 2."""
    rows = np.array([[1, 0], [0.6, 0.8]], np.float32)
    assert effective(spectrum(rows), 2.0) == pytest.approx(1 / (0.8**2 + 0.2**2))


@settings(max_examples=30)
@given(st.integers(2, 40), st.integers(1, 12), st.integers(0, 10_000))
def test_bounds_and_orders(count: int, width: int, seed: int) -> None:
    """Between 1 and the number of texts, and the higher the order, the less rare directions count."""
    shares = spectrum(random_rows(count, width, seed))
    found = [effective(shares, order) for order in ORDERS]
    assert all(1 - 1e-6 <= one <= min(count, width) + 1e-3 for one in found)
    assert all(first >= second - 1e-6 for first, second in pairwise(found))


def test_texts_without_a_direction_do_not_break_it() -> None:
    assert effective(spectrum(np.zeros((5, 3), np.float32))) == 1
    assert effective(spectrum(unit_rows(np.zeros((2, 9), np.float32)))) == 1


def result(of: str, at_20: float, scale: float = 10.0) -> MetricResult:
    info = {"n": 50, "sizes": {"50": [2 * at_20, 1.0, 3], "20": [at_20, 1.0, 3]}, "unrelated": scale}
    return _with_breadth(MetricResult(metric="vendi_score", field=of, value=2 * at_20, unit="score", info=info))


def test_the_check_takes_the_narrower_side() -> None:
    finding = METRIC.checks[0].find([result("prompt", 3.0), result("answer", 8.0), result("pair", 1.0)])
    assert finding.value == pytest.approx(0.3)
    assert (finding.where, finding.advice) == ({"field": "prompt"}, "broaden_prompts")
    assert finding.evidence["answer_breadth"] == pytest.approx(0.8)


def test_a_check_without_figures_says_why() -> None:
    none = MetricResult(
        metric="vendi_score", field="prompt", unit="score", status="not_applicable", reason="no_embedder"
    )
    assert METRIC.checks[0].find([none]).reason == "no_embedder"


def test_the_scale_is_what_twenty_unrelated_sentences_give() -> None:
    assert unrelated(np.eye(40, dtype=np.float32), seed=7) == pytest.approx(20)
    assert unrelated(sample_of(random_rows(40)).reference, seed=7) < 20
