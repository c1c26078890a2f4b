"""What a metric is: a declaration and a pure function from the measured features to figures and tables."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import pyarrow as pa
from numpy.typing import NDArray

from diversity.errors import DiversityError
from diversity.report import Group, MetricField, MetricResult, Report

if TYPE_CHECKING:
    import pandas as pd

    from diversity.features.inputs import Inputs

log = logging.getLogger(__name__)
Direction = Literal["higher", "lower", "none"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check looks at: the figure, what proves it, and the records responsible.

    `advice` is a code that picks the sentence saying what to do next. A `value` of None makes the check not_applicable
    with `reason`.
    """

    value: float | None
    evidence: dict[str, Any] = field(default_factory=dict)
    records: int | None = None
    table: str | None = None
    where: dict[str, Any] = field(default_factory=dict)
    advice: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A principle: a figure held against two thresholds.

    `pass_at` and `warn_at` are defaults that `settings.checks[name]` overrides; the reason for each default stands in
    the catalogues as
    `check.<name>.why`. With direction `higher` a figure of at least `pass_at` passes and one of at least `warn_at`
    warns. `sample` is for a check whose figure is not its metric's: that figure as a statistic over rows, given the
    metric's first result.
    """

    name: str
    group: Group
    direction: Literal["higher", "lower"]
    unit: str
    pass_at: float
    warn_at: float
    find: Callable[[list[MetricResult]], Finding]
    sample: Callable[[Tables, MetricResult], Sample | None] | None = None


@dataclass(frozen=True, slots=True)
class MetricOutput:
    """Results of one metric (at least one) and its tables, named as the report's `tables/` files without suffix."""

    results: list[MetricResult]
    tables: Mapping[str, pa.Table] = field(default_factory=dict)


class Tables(Protocol):
    """A stored report as far as a comparison needs it."""

    @property
    def report(self) -> Report: ...

    def has_table(self, name: str) -> bool: ...

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame: ...

    def query(self, sql: str, params: list[Any] | None = None) -> pd.DataFrame: ...


# How a sample's rows are named: the columns of the per-record tables.
ROW, RECORD = ["record_id", "turn"], ["record_id"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A figure as a statistic over rows, so that two versions can be compared at equal size.

    `statistic(values[chosen])`. `rows` says which record (and turn) each value is of, so that what two versions share
    cancels; without it they count as sharing nothing. `of` is the text that a value is measured on. Values are numbers,
    or where `names` is set numbers of names (below 0 none), or with `clusters` numbers that only say which rows belong
    together. `relative`: a row is held against others of its set, so that an unchanged one may have another value
    (see `comparison.remeasured`).
    """

    values: NDArray[Any]
    statistic: Callable[[NDArray[Any]], float]
    rows: pd.DataFrame | None = None
    of: Literal["prompt", "answer", "pair"] = "pair"
    names: NDArray[Any] | None = None
    clusters: bool = False
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric module's declaration, kept in its module under the name `METRIC`.

    `sample` gives the rows behind one result of a stored report, for intervals at equal size; None where that
    result has no such form. `beside` is set for a metric that costs seconds on a large set: metrics of one name share
    what they make and may be computed together in a process of their own (`map` and `duplicates`: after that feature).
    `texts_only` is set for one that asks for no vectors, and so may be computed while those are made.
    """

    name: str
    field: MetricField
    unit: str
    direction: Direction
    compute: Callable[[Inputs], MetricOutput]
    checks: tuple[CheckSpec, ...] = ()
    sample: Callable[[Tables, MetricResult], Sample | None] | None = None
    beside: str | None = None
    texts_only: bool = False


def not_applicable(metric: str, of: MetricField, unit: str, reason: str, **info: Any) -> MetricOutput:
    """The output of a metric that has no figure, saying why."""
    return MetricOutput(
        [MetricResult(metric=metric, field=of, unit=unit, status="not_applicable", reason=reason, info=info)]
    )


def computed(metric: Metric, inputs: Inputs) -> MetricOutput:
    """What the metric computes; where it raises, a failed result that holds the error. Errors meant for the user go
    on."""
    try:
        return metric.compute(inputs)
    except DiversityError:
        raise
    except Exception as error:
        log.exception("The metric %s failed", metric.name)
        failed = MetricResult(
            metric=metric.name,
            field=metric.field,
            unit=metric.unit,
            status="failed",
            reason="metric_failed",
            info={"error": f"{type(error).__name__}: {error}"},
        )
        return MetricOutput([failed])
