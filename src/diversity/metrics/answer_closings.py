"""answer_closings: do answers end in many ways, or with the same polite sentence?"""

from __future__ import annotations

from diversity.features.inputs import Inputs
from diversity.metrics.base import MetricOutput
from diversity.metrics.edge_profile import Edge, edge_metric, edge_output

# One more than of openings: the last of them is a full stop as a rule.
EDGE = Edge("answer_closings", "answer", "closing", words=3)


def answer_closings(inputs: Inputs) -> MetricOutput:
    """Effective number of the last three words of answers (see `edge_output`)."""
    return edge_output(EDGE, inputs)


METRIC = edge_metric(EDGE, answer_closings, pass_at=0.05, warn_at=0.2)
