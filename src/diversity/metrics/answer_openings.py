"""answer_openings: do answers begin in many ways, or with the same few words?"""

from __future__ import annotations

from diversity.features.inputs import Inputs
from diversity.metrics.base import MetricOutput
from diversity.metrics.edge_profile import Edge, edge_metric, edge_output

# At one word "The" rules every English set; at four hardly any two answers of an ordinary set agree (947 effective
# openings among 1,000 answers of alpaca, 905 in Chinese), which leaves no room to tell sets apart.
EDGE = Edge("answer_openings", "answer", "opening", words=2)


def answer_openings(inputs: Inputs) -> MetricOutput:
    """Effective number of the first two words of answers (see `edge_output`)."""
    return edge_output(EDGE, inputs)


METRIC = edge_metric(EDGE, answer_openings, pass_at=0.05, warn_at=0.2)
