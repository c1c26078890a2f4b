"""compression_ratio: how far can the prompts be packed together?"""

from __future__ import annotations

import gzip

from diversity.features.inputs import Inputs
from diversity.features.prompt_sample import block_result, blocks, prompt_sample
from diversity.metrics.base import Metric, MetricOutput

# What gzip can look back over; the second size is for small sets.
SIZES = (32_768, 8_192)


def compression_ratio(inputs: Inputs) -> MetricOutput:
    """Bytes over bytes after one gzip, level 9, of blocks of 32,768 bytes of UTF-8, one prompt a line.

    The larger, the more the prompts repeat each other in wording (Shaib et al. 2024). A block may begin and end within
    a prompt. Chinese takes three bytes a character and packs better, so only sets in the same languages compare.
    """
    whole = "\n".join(prompt_sample(inputs).texts).encode("utf-8", "surrogatepass")
    values = {size: [_ratio(whole[start:stop]) for start, stop in blocks(len(whole), size)] for size in SIZES}
    return MetricOutput([block_result(METRIC.name, METRIC.unit, values)])


def _ratio(text: bytes) -> float:
    return len(text) / len(gzip.compress(text, compresslevel=9, mtime=0))


METRIC = Metric(
    name="compression_ratio",
    field="prompt",
    unit="times",
    direction="lower",
    compute=compression_ratio,
    beside="wording",
    texts_only=True,
)
