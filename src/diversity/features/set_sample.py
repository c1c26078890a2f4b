"""The records that figures on the whole set look at: one sample for all of them, and groups of one size cut from it.

Every such figure depends on how many records it looks at, so all are measured at fixed sizes. The sample is cut at
random into groups of such a size; the figure is the mean over the groups, and how far groups of one cutting lie from
each other says how far the figure can be trusted (random groups: Mahalanobis 1946, Wolter 2007).

Vectors are seen from where the embedder puts unrelated texts, the mean of forty sentences of our own, and not from the
mean of the version: seen from its own middle, a set about one thing looks as diverse as a set about everything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from diversity.corpus import batches
from diversity.embed import embed_texts
from diversity.embed.base import unit_rows
from diversity.embed.unrelated import SENTENCES
from diversity.features.cache import content_keys
from diversity.hashing import STEP, mixed
from diversity.settings import SetDiversitySettings

if TYPE_CHECKING:
    from diversity.features.inputs import Inputs

Of = Literal["prompt", "answer", "pair"]
Rows = NDArray[np.int64]
Floats = NDArray[np.float32]
FIELDS: tuple[Of, ...] = ("prompt", "answer", "pair")
# Sizes at which every figure is measured, so that any two versions have one in common.
SIZES = (1000, 500, 200, 100, 50, 20)
SMALLEST = SIZES[-1]
# Groups looked at for each size. Twice as many cost twice the time: the figures moved by less than a tenth of their
# interval, and the intervals are a tenth narrower in the median (benchmarks/RESULTS.md).
GROUPS = 12
BLOCK = 8192
# What a figure can be, by its unit: no interval says more than that.
RANGES: Mapping[str, tuple[float, float]] = {
    "ratio": (0, 1),
    "score": (0, math.inf),
    "times": (0, math.inf),
    "bits": (0, math.inf),
    "texts": (1, math.inf),
    "distance": (0, 2),
    "nats": (-math.inf, 0),
}


@dataclass(frozen=True)
class Estimate:
    """A figure at one size: its mean over groups, and the standard error of that mean on `degrees` degrees of
    freedom."""

    value: float
    error: float
    degrees: float

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval (Student's t): of a difference, which has no range of its own."""
        from scipy.special import stdtrit  # slow to import

        reach = float(stdtrit(self.degrees, 0.975)) * self.error
        return (self.value - reach, self.value + reach)

    def interval_in(self, unit: str) -> tuple[float, float] | None:
        """95% interval of a figure, within what its unit allows; None from two groups of one cut, whose 12.7 standard
        errors each way say nothing."""
        if self.degrees < 2:
            return None
        least, most = RANGES.get(unit, (-math.inf, math.inf))
        low, high = self.interval
        return (max(low, least), min(high, most))

    @property
    def p(self) -> float:
        """The chance of a figure at least as far from 0 where it is 0 (Student's t, both ways)."""
        from scipy.special import stdtr  # slow to import

        if not self.error:
            return 0.0 if self.value else 1.0
        return float(2 * stdtr(self.degrees, -abs(self.value) / self.error))

    def minus(self, other: Estimate) -> Estimate:
        """The difference of two figures from samples of their own (Welch 1947)."""
        variances = (self.error**2, other.error**2)
        degrees = self.degrees + other.degrees
        if sum(variances) > 0:
            parts = zip(variances, (self.degrees, other.degrees), strict=True)
            degrees = sum(variances) ** 2 / sum(one**2 / free for one, free in parts)
        return Estimate(self.value - other.value, math.sqrt(sum(variances)), degrees)


@dataclass(frozen=True)
class SetSample:
    """Units drawn at random, in a random order that content alone settles.

    `units` (p,) unit numbers; `prompt` and `answer` (p, d) unit rows seen from `origin` (d,); `reference` (40, d) unit
    rows of unrelated sentences, seen from the same point; `order` (m,) all units with both texts, in the order drawn.
    """

    units: Rows
    prompt: Floats
    answer: Floats
    reference: Floats
    origin: Floats
    order: Rows
    settings: SetDiversitySettings

    def __len__(self) -> int:
        return len(self.units)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Sizes of which the sample holds two groups, the largest first."""
        return tuple(size for size in SIZES if 2 * size <= len(self))

    def vectors(self, of: Of) -> Floats:
        """(p, d) unit rows of a field; (p, 2d) of pairs."""
        return self._pair if of == "pair" else self.prompt if of == "prompt" else self.answer

    @cached_property
    def _pair(self) -> Floats:
        return joined(self.prompt, self.answer)

    def cosines(self, of: Of) -> Floats:
        """(p, p) cosine of every two rows."""
        return self._cosines[of]

    @cached_property
    def _cosines(self) -> dict[Of, Floats]:
        prompt, answer = (rows @ rows.T for rows in (self.prompt, self.answer))
        return {"prompt": prompt, "answer": answer, "pair": (prompt + answer) * np.float32(0.5)}

    def estimates(self, statistic: Callable[[Rows], float]) -> dict[int, Estimate]:
        """size → the figure that `statistic` gives for groups of so many rows of the sample, the largest first."""
        return {size: estimate(statistic, len(self), size, self.settings.seed) for size in self.sizes}


def joined(prompt: Floats, answer: Floats) -> Floats:
    """(n, 2d) unit rows of pairs: prompt beside answer, so that the cosine of two pairs is the mean of their prompts'
    and their answers' cosines, and two pairs are the same only where both are."""
    return np.hstack([prompt, answer]) / np.float32(math.sqrt(2))


def estimate(statistic: Callable[[Rows], float], count: int, size: int, seed: int, most: int = GROUPS) -> Estimate:
    """The figure that `statistic` gives for groups of `size` among `count` rows, of which there are at least two."""
    values = np.array([[statistic(rows) for rows in cut] for cut in groups(count, size, seed, most)])
    spread = float(values.var(axis=1, ddof=1).mean())
    return Estimate(float(values.mean()), math.sqrt(spread / values.shape[1]), values.shape[0] * (values.shape[1] - 1))


def groups(count: int, size: int, seed: int, most: int = GROUPS) -> Iterator[list[Rows]]:
    """Cuts of `count` rows into as many groups of `size` as there are, until `most` groups were given."""
    random = np.random.default_rng([seed, size])
    per = count // size
    for _ in range(-(-most // per)):
        order = random.permutation(count)
        yield [order[at * size : (at + 1) * size] for at in range(per)]


def set_sample(inputs: Inputs) -> SetSample | str:
    """The version's sample, or the code of the reason why there is none."""
    return inputs.shared("set_sample", lambda: _drawn(inputs))


def _drawn(inputs: Inputs) -> SetSample | str:
    # Here, because that package needs the settings, which need this module's.
    embedded, embedder = inputs.embedded, inputs.embedder
    if embedded is None or embedder is None:
        return "no_embedder"
    settings = inputs.settings.set_diversity
    text = embedded.index.reshape(2, -1).T
    order = content_order([inputs.corpus.prompts, inputs.corpus.answers])
    order = order[(text[order] >= 0).all(axis=1)]
    if len(order) < 2 * SMALLEST:
        return "too_few_for_set"
    reference = embed_texts(list(SENTENCES), embedder, inputs.cache / "embeddings").unique
    origin = reference.mean(axis=0, dtype=np.float64).astype(np.float32)
    units = order[: settings.sample]
    return SetSample(
        units=units,
        prompt=unit_rows(embedded.unique[text[units, 0]] - origin),
        answer=unit_rows(embedded.unique[text[units, 1]] - origin),
        reference=unit_rows(reference - origin),
        origin=origin,
        order=order,
        settings=settings,
    )


def content_order(columns: Sequence[pa.ChunkedArray]) -> Rows:
    """(n,) the rows of parallel text columns in a random order that their texts alone settle.

    White space at the ends comes and goes with the tools that write a file: it draws no other sample.
    Each further copy of a row has a place of its own: what is drawn holds copies as often as they would come up by
    chance, neither all of them nor one.
    """
    keys = np.frombuffer(b"".join(content_keys([_trimmed(one) for one in columns])), dtype="<u8")
    keys = keys.reshape(-1, 2)
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (keys[order][1:] != keys[order][:-1]).any(axis=1)
    copy = np.arange(len(order)) - np.flatnonzero(new)[np.cumsum(new) - 1]
    # Splitmix64 of the keys, moved on by the copy's number.
    return np.asarray(order[np.argsort(mixed(keys[order, 0] + STEP * copy.astype(np.uint64)), kind="stable")])


def _trimmed(column: pa.ChunkedArray) -> Iterator[str]:
    return (text.strip() for text in chain.from_iterable(batches(column)))


def covariance(inputs: Inputs, sample: SetSample, of: Of) -> tuple[NDArray[np.float64], int]:
    """(d, d) mean outer product of a field's rows over the whole set, or over its first `most` drawn units, and over
    how many units."""
    units = sample.order[: sample.settings.most]
    both = inputs.shared("set_covariance", lambda: _covariance_of_pairs(inputs, sample, units))
    width = len(both) // 2
    # A pair is both texts' rows divided by the root of 2.
    blocks = {"pair": both, "prompt": 2 * both[:width, :width], "answer": 2 * both[width:, width:]}
    return blocks[of], len(units)


def _covariance_of_pairs(inputs: Inputs, sample: SetSample, units: Rows) -> NDArray[np.float64]:
    """(2d, 2d) mean outer product of the pairs' rows. A block of rows is in memory at a time."""
    assert inputs.embedded is not None
    unique, index = inputs.embedded.unique, inputs.embedded.index.reshape(2, -1)
    total = np.zeros((2 * unique.shape[1],) * 2)
    for start in range(0, len(units), BLOCK):
        block = units[start : start + BLOCK]
        rows = joined(*(unit_rows(unique[index[side, block]] - sample.origin) for side in (0, 1)))
        total += rows.T @ rows
    return total / len(units)
