"""What prompt_length and answer_length share: a token distribution's quantiles, buckets, spread and task types."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from diversity.features.buckets import LABELS, bucket, bucket_counts
from diversity.features.inputs import Inputs

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
TYPES_SHOWN = 60
# Four bars a doubling: 1 to 8k tokens in 52 bars, fine enough to show a spike and coarse enough to read.
STEPS_PER_DOUBLING = 4
# What the checks need before they say anything. How fewer than twenty texts spread over ten buckets is mostly chance;
# of fewer than a hundred, one in a hundred (what is asked for) would be less than one text.
LEAST_FOR_SPREAD, LEAST_FOR_SHARE = 20, 100


def length_profile(inputs: Inputs, tokens: NDArray[np.int64], long_from: int) -> dict[str, Any]:
    """Supporting figures of a token distribution `tokens` (U,).

    `spread` is the effective number of buckets (exp of the entropy over LABELS, Hill order 1). `span` is log2(p95 /
    p5), doublings between
    the short and the long. `empty_buckets` are those without a text between the shortest bucket and the first one past
    `long_from`.
    """
    counts = bucket_counts(tokens)
    p5, p95 = np.quantile(tokens, [0.05, 0.95])
    wanted = int(np.flatnonzero(bucket_counts(np.asarray([long_from + 1])))[0])
    long = tokens > long_from
    return {
        "units": len(tokens),
        "total_tokens": int(tokens.sum()),
        "mean": float(tokens.mean()),
        "quantiles": {
            f"p{round(q * 100)}": float(value)
            for q, value in zip(QUANTILES, np.quantile(tokens, QUANTILES), strict=True)
        },
        "buckets": dict(zip(LABELS, counts.tolist(), strict=True)),
        "bucket_tokens": dict(zip(LABELS, _bucket_tokens(tokens), strict=True)),
        "empty_buckets": [LABELS[at] for at in range(wanted + 1) if counts[at] == 0],
        "spread": spread(counts),
        "span": float(np.log2(max(p95, 1) / max(p5, 1))),
        "long_from": long_from,
        "long": int(long.sum()),
        "long_share": float(long.mean()),
        "histogram": _histogram(tokens),
        "by_task_type": _by_task_type(inputs, tokens),
    }


def spread(counts: NDArray[np.int64]) -> float:
    """The effective number of buckets (exp of the entropy)."""
    share = counts[counts > 0] / max(1, counts.sum())
    return float(np.exp(-(share * np.log(share)).sum()))


def _bucket_tokens(tokens: NDArray[np.int64]) -> list[int]:
    summed: list[int] = np.bincount(bucket(tokens), weights=tokens, minlength=len(LABELS)).astype(np.int64).tolist()
    return summed


def _histogram(tokens: NDArray[np.int64]) -> dict[str, list[float]]:
    """Counts over log-spaced edges, from 1 token to past the longest."""
    top = int(np.ceil(np.log2(max(int(tokens.max()), 1) + 1) * STEPS_PER_DOUBLING))
    edges = 2.0 ** (np.arange(top + 1) / STEPS_PER_DOUBLING)
    counts, _ = np.histogram(np.maximum(tokens, 1), bins=np.append(edges, np.inf))
    return {
        "edges": np.append(edges, edges[-1] * 2 ** (1 / STEPS_PER_DOUBLING)).round(3).tolist(),
        "counts": counts.tolist(),
    }


def _by_task_type(inputs: Inputs, tokens: NDArray[np.int64]) -> dict[str, dict[str, float]]:
    """Five-number summaries of the largest level-1 types."""
    types = inputs.corpus.task_types(1).dictionary_encode()
    codes = types.indices.fill_null(-1).to_numpy()[inputs.corpus.record_of_unit]
    names = types.dictionary.to_pylist()
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    shown = np.argsort(-counts, kind="stable")[:TYPES_SHOWN]
    summary = {}
    for code in shown[counts[shown] > 0]:
        own = tokens[codes == code]
        low, q1, median, q3, high = np.quantile(own, [0.05, 0.25, 0.5, 0.75, 0.95])
        summary[names[code]] = {"p5": low, "p25": q1, "median": median, "p75": q3, "p95": high, "count": len(own)}
    return dict(sorted(summary.items(), key=lambda item: (item[1]["median"], item[0])))
