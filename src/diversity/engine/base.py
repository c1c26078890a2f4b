"""The protocol of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from diversity.features.inputs import Inputs


class Watch(Protocol):
    """Seconds by name: `with watch("name")` adds what the block took, `add` what was measured elsewhere."""

    def __call__(self, stage: str) -> AbstractContextManager[None]: ...

    def add(self, stage: str, seconds: float) -> None: ...


class Engine(Protocol):
    """Computes named features of `inputs` (see `Inputs.feature`) and hands each to it; `watch` times them by name.

    Entered as a context before the vectors are there, so that it can get ready meanwhile; left with nothing running.
    """

    def __enter__(self) -> Engine: ...

    def __exit__(self, *error: object) -> None: ...

    def compute(self, inputs: Inputs, names: Sequence[str], watch: Watch) -> None: ...
