"""Two stored reports against each other: which records changed, which figures moved, and which way is good."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from diversity.compare.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]


class _Callable(ModuleType):
    """`diversity.compare` is a function to its users, but Python binds a package's name in its parent when it is first
    imported: so the package answers to the call as well."""

    def __call__(self, dataset: str, before: str, after: str, *, store: Path | str | None = None) -> Comparison:
        """See `diversity.api.compare`."""
        from diversity.api import compare as compare_versions

        return compare_versions(dataset, before, after, store=store)


sys.modules[__name__].__class__ = _Callable
