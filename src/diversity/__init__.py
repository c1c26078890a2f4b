"""Diversity of SFT data sets: `analyze` a version, `load_report` or `list_reports`, draw a `figure`, `compare` two
versions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

# Read once, when the first OpenMP library loads: waiting threads sleep instead of spinning. As fast on an idle machine,
# and three times as fast where other work shares the cores.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

if TYPE_CHECKING:
    from diversity.analysis import analyze
    from diversity.api import compare, list_reports, load_report
    from diversity.figures import figure

__all__ = ["__version__", "analyze", "compare", "figure", "list_reports", "load_report"]
__version__ = "0.1.0"


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    """The public functions, imported when first asked for: `import diversity` stays fast."""
    if name == "analyze":
        from diversity.analysis import analyze

        return analyze
    if name == "figure":
        from diversity.figures import figure

        return figure
    if name in ("compare", "list_reports", "load_report"):
        from diversity import api

        return getattr(api, name)
    raise AttributeError(f"module 'diversity' has no attribute {name!r}")
