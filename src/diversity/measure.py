"""The one place that wires features, neighbours and metrics into figures, tables and checks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits

from diversity.checks import run_checks
from diversity.engine import choose_engine
from diversity.features.inputs import Inputs
from diversity.metrics import discover
from diversity.metrics.base import Metric, MetricOutput, computed
from diversity.report import Check, MetricResult


@dataclass(frozen=True)
class Measured:
    """Everything measured on one version, before it is written."""

    results: list[MetricResult]
    checks: list[Check]
    tables: dict[str, pa.Table]
    overview: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict)


def measure(inputs: Inputs) -> Measured:
    """Computes every metric over `inputs` and holds the checks against them.

    A metric that raises is reported as failed, with the error, and does not take the others with it; errors meant for
    the user do.
    """
    watch = Stopwatch()
    metrics = discover()
    wanted = [metric for metric in metrics if metric.name not in inputs.settings.skip_metrics]
    found = _features(inputs, wanted, watch)
    outputs: list[MetricOutput] = []
    # One thread: their matrices are small, and threads that wait for a busy core cost more than they bring.
    with threadpool_limits(1):
        for metric in wanted:
            inputs.progress("metrics", len(outputs), len(wanted))
            with watch(f"metric_{metric.name}"):
                outputs.append(found.get(metric.name) or computed(metric, inputs))
    inputs.progress("metrics", len(wanted), len(wanted))
    results = [result for output in outputs for result in output.results]
    tables = {name: table for output in outputs for name, table in output.tables.items()}
    checks = run_checks(metrics, results, inputs.settings)
    return Measured(results, checks, tables, _overview(inputs), watch.seconds)


class Stopwatch:
    """Seconds by stage; `with watch("name")` adds to that stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, time.perf_counter() - start)

    def add(self, stage: str, seconds: float) -> None:
        """Adds seconds that were measured elsewhere."""
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + seconds, 3)


def _features(inputs: Inputs, metrics: Sequence[Metric], watch: Stopwatch) -> dict[str, MetricOutput]:
    """Measures the shared features: the vectors and what needs none beside each other, then what needs them. Returns
    what metrics the engine computed on the way."""
    with choose_engine(inputs) as engine:
        engine.begin(inputs, metrics)
        inputs.progress("embed", 0, None)
        with watch("embed"):
            inputs.embed()
        return engine.compute(inputs, metrics, watch)


def _overview(inputs: Inputs) -> dict[str, Any]:
    """The key figures at the head of a report."""
    records = inputs.corpus.records
    languages, counts = np.unique(inputs.prompt_language, return_counts=True)
    levels = [pc.count_distinct(inputs.corpus.task_types(level), mode="only_valid").as_py() for level in (1, 2)]
    systems = records["system"]
    return {
        "records": records.num_rows,
        "units": inputs.corpus.unit_count,
        "multi_turn_ratio": float(pc.mean(pc.greater(records["turn_count"], 1)).as_py() or 0.0),
        "system_ratio": float(pc.mean(pc.is_valid(systems)).as_py() or 0.0),
        "languages": {
            str(name): int(count)
            for name, count in sorted(zip(languages, counts, strict=True), key=lambda item: -item[1])
        },
        "task_types_1": levels[0],
        "task_types_2": levels[1],
        "prompt_tokens_median": float(np.median(inputs.prompt_tokens)),
        "answer_tokens_median": float(np.median(inputs.answer_tokens)),
        "answer_tokens_total": int(inputs.answer_tokens.sum()),
    }
