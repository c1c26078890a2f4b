"""Small things that many tests use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from diversity.features.inputs import Inputs
from diversity.sealed import SEAL

MakeInputs = Callable[..., Inputs]


def rows_of(
    prompts: Sequence[str], answers: Sequence[str], types: Sequence[str | None] | None = None
) -> list[dict[str, Any]]:
    """Prompt/answer rows, with task types where given."""
    labels = types or [None] * len(prompts)
    return [
        {"prompt": prompt, "answer": answer, **({"task_type": label} if label else {})}
        for prompt, answer, label in zip(prompts, answers, labels, strict=True)
    ]


def unsealed(folder: Path) -> Path:
    """A report folder whose files may be changed, as those of earlier releases, which had no seal."""
    (folder / SEAL).unlink()
    return folder
