"""The metrics, discovered: every module here with a `METRIC` is one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from diversity.metrics.base import Metric


@cache
def discover() -> tuple[Metric, ...]:
    """All metrics, sorted by name."""
    modules = (importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    return tuple(sorted((m.METRIC for m in modules if hasattr(m, "METRIC")), key=lambda metric: metric.name))
