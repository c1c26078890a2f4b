"""vendi_score: to how many entirely different texts does the set amount?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.features.inputs import Inputs
from diversity.features.set_sample import SMALLEST, Floats, Of, SetSample, covariance, groups, set_sample
from diversity.metrics.at_sizes import Statistic, field_results, sizes_of
from diversity.metrics.base import CheckSpec, Finding, Metric, MetricOutput
from diversity.report import MetricResult

ORDERS = (0.5, 1.0, 2.0, math.inf)


def vendi_score(inputs: Inputs) -> MetricOutput:
    """The Vendi score of prompts, answers and pairs (Friedman and Dieng 2023) with the cosine kernel, order 1.

    `info` adds `orders`: the score at every one of ORDERS (Pasarkar and Dieng 2024) over all records drawn; `most`: at
    order 1 over the whole set; `unrelated`: what 20 of 40 unrelated sentences score, and `breadth`, what 20 records
    score in relation to that.
    """
    sample = set_sample(inputs)

    def more(drawn: SetSample, of: Of) -> dict[str, Any]:
        gram, units = covariance(inputs, drawn, of)
        shares = spectrum(drawn.vectors(of))
        return {
            "orders": {_name(order): effective(shares, order) for order in ORDERS},
            "most": {"n": units, "value": effective(_shares(gram))},
            "unrelated": unrelated(drawn.reference, drawn.settings.seed),
        }

    results = field_results(METRIC.name, METRIC.unit, sample, _statistic, more)
    return MetricOutput([_with_breadth(result) for result in results])


def _statistic(sample: SetSample, of: Of) -> Statistic:
    vectors = sample.vectors(of)
    return lambda rows: effective(spectrum(vectors[rows]))


def spectrum(vectors: Floats) -> NDArray[np.float64]:
    """(k,) eigenvalues of the kernel matrix K/n of unit rows (n, d), those that are not zero.

    K = XXᵀ and XᵀX have the same ones, so the smaller of the two is taken: any n costs at most a (d, d) matrix.
    """
    gram = vectors.T @ vectors if vectors.shape[1] < len(vectors) else vectors @ vectors.T
    return _shares(gram.astype(np.float64))


def _shares(gram: NDArray[np.float64]) -> NDArray[np.float64]:
    values = np.linalg.eigvalsh(gram)
    # Rounding in single precision leaves eigenvalues of a rank-deficient matrix at about 1e-7 of the largest.
    values = values[values > 1e-6 * values[-1]]
    return np.asarray(values / values.sum()) if len(values) else np.ones(1)


def effective(shares: NDArray[np.float64], order: float = 1.0) -> float:
    """Hill number of `order` of eigenvalues that sum to 1: exp(Rényi entropy), between 1 and their number."""
    if order == 1:
        return float(np.exp(-(shares * np.log(shares)).sum()))
    if math.isinf(order):
        return float(1 / shares.max())
    return float((shares**order).sum() ** (1 / (1 - order)))


def unrelated(reference: Floats, seed: int) -> float:
    """Mean Vendi score of 20 of the unrelated sentences: the scale of the embedder at hand."""
    drawn = [rows for cut in groups(len(reference), SMALLEST, seed) for rows in cut]
    return float(np.mean([effective(spectrum(reference[rows])) for rows in drawn]))


def _with_breadth(result: MetricResult) -> MetricResult:
    if result.status != "ok":
        return result
    breadth = sizes_of(result)[SMALLEST].value / result.info["unrelated"]
    return result.model_copy(update={"info": result.info | {"breadth": breadth}})


def _name(order: float) -> str:
    return f"{order:g}"


def _find(results: list[MetricResult]) -> Finding:
    """The narrower of prompts and answers: either side alone can make a set of one thing."""
    known = [result for result in results if result.status == "ok" and result.field in ("prompt", "answer")]
    if not known:
        return Finding(None, reason=results[0].reason)
    narrow = min(known, key=lambda result: float(result.info["breadth"]))
    breadth = {f"{result.field}_breadth": result.info["breadth"] for result in known}
    evidence = breadth | {"n": SMALLEST, "effective": sizes_of(narrow)[SMALLEST].value}
    return Finding(
        narrow.info["breadth"],
        evidence | {"unrelated": narrow.info["unrelated"]},
        table="set_diversity",
        where={"field": narrow.field},
        advice=f"broaden_{narrow.field}s",
    )


METRIC = Metric(
    name="vendi_score",
    field="set",
    unit="texts",
    direction="higher",
    compute=vendi_score,
    checks=(CheckSpec("vendi_score", "whole_set", "higher", "ratio", pass_at=0.8, warn_at=0.6, find=_find),),
    beside="vendi_score",
)
