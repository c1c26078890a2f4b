"""Samples for the figures on the whole set: made of vectors at hand, or of texts by an embedder that needs no model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diversity.embed.base import unit_rows
from diversity.features.set_sample import SetSample
from diversity.settings import SetDiversitySettings


class Shingles:
    """Vectors of the hashed character pairs of a text: texts in the same words lie close together."""

    name = key = "shingles"
    dimension = 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in zip(text, f"{text[1:]} ", strict=True):
                row[(ord(pair[0]) * 31 + ord(pair[1])) * 2654435761 % 2**32 >> 26] += 1
        return unit_rows(rows)


def random_rows(count: int, width: int = 32, seed: int = 0) -> NDArray[np.float32]:
    """(count, width) unit rows in all directions."""
    return unit_rows(np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32))


def sample_of(prompt: NDArray[np.float32], answer: NDArray[np.float32] | None = None) -> SetSample:
    """A sample of these unit rows, seen from the zero point; answers are the prompts where none are given."""
    everything = np.arange(len(prompt))
    return SetSample(
        units=everything,
        prompt=prompt,
        answer=prompt if answer is None else answer,
        reference=random_rows(40, prompt.shape[1], seed=99),
        origin=np.zeros(prompt.shape[1], np.float32),
        order=everything,
        settings=SetDiversitySettings(),
    )
