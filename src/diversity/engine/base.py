"""The protocol of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from diversity.features.inputs import Inputs
from diversity.metrics.base import Metric, MetricOutput


class Watch(Protocol):
    """Seconds by name: `with watch("name")` adds what the block took, `add` what was measured elsewhere."""

    def __call__(self, stage: str) -> AbstractContextManager[None]: ...

    def add(self, stage: str, seconds: float) -> None: ...


class Engine(Protocol):
    """Computes what costs much: the features FEATURES of `inputs`, which it hands over to it, and those of `metrics`
    that it likes to compute on the way, whose outputs it returns by name; `watch` times all of it by name.

    Entered as a context and begun before the vectors are there, so that what needs none is under way meanwhile; left
    with nothing running.
    """

    def __enter__(self) -> Engine: ...

    def __exit__(self, *error: object) -> None: ...

    def begin(self, inputs: Inputs, metrics: Sequence[Metric]) -> None: ...

    def compute(self, inputs: Inputs, metrics: Sequence[Metric], watch: Watch) -> dict[str, MetricOutput]: ...
