"""prompt_openings: do prompts of all kinds begin in many ways, or with the same few words?"""

from __future__ import annotations

from diversity.features.inputs import Inputs
from diversity.metrics.base import MetricOutput
from diversity.metrics.edge_profile import Edge, edge_metric, edge_output

EDGE = Edge("prompt_openings", "prompt", "opening", words=2)


def prompt_openings(inputs: Inputs) -> MetricOutput:
    """Effective number of the first two words of prompts (see `edge_output`)."""
    return edge_output(EDGE, inputs)


# People do ask alike: a tenth of the prompts of one kind of set begin with "Hi," and a sixth with "Can you".
METRIC = edge_metric(EDGE, prompt_openings, pass_at=0.2, warn_at=0.5)
