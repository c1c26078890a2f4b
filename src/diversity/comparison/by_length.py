"""Figures of diversity that move with the length of texts by itself."""

from __future__ import annotations

from collections.abc import Sequence

from diversity.comparison.deltas import MetricDelta
from diversity.comparison.drift import Drift

# The same 631 answers cut to 40 characters lie farther apart by each of the figures in meaning (Vendi score 90 → 100),
# their prompts cut to 12 characters closer together (87 → 56). The figures in wording move as well: the same prompts
# share fewer phrases (0.15 → 0.11), and have fewer different runs of words (86% → 80%).
MEANING = ("vendi_score", "novelsum", "cluster_entropy", "remote_clique", "chamfer", "log_det", "semantic_map")
MOVED_BY_LENGTH = frozenset({*MEANING, "distinct_n", "self_repetition", "compression_ratio"})
SIDES = {"prompt": ("prompt_length",), "answer": ("answer_length",)}
EITHER = ("answer_length", "prompt_length")


def beside_lengths(deltas: Sequence[MetricDelta], drifts: Sequence[Drift]) -> list[MetricDelta]:
    """The figures, where the lengths of their texts drifted medium or large with the drift that may have moved them,
    and without a verdict on it: whether other texts did as well cannot be told apart from that."""
    far = [drift.of for drift in drifts if drift.size in ("medium", "large")]
    return [_beside(delta, far) for delta in deltas]


def _beside(delta: MetricDelta, far: Sequence[str]) -> MetricDelta:
    of = next((name for name in SIDES.get(delta.field, EITHER) if name in far), None)
    if of is None or delta.metric not in MOVED_BY_LENGTH or delta.verdict not in ("better", "worse"):
        return delta
    return delta.model_copy(update={"verdict": "changed", "length_drift": of})
