"""Everything that reaches disk or leaves through `--json`, typed.

Sentences are not stored: only keys, codes and figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1

Outcome = Literal["pass", "warn", "fail", "not_applicable", "skipped"]
Status = Literal["ok", "not_applicable", "failed"]
MetricField = Literal["prompt", "answer", "pair", "conversation", "set"]
Group = Literal["purpose", "prompts", "answers", "conversations", "whole_set", "input"]


class Frozen(BaseModel):
    """Immutable, and an unknown key is an error, so that a report of another schema never passes for this one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MetricResult(Frozen):
    """One figure of one metric.

    `value` is the headline figure in `unit` (`ratio` is 0-1, `tokens`, `types`, `count`, `score`). `interval` is a 95%
    interval
    where one can be had. `info` holds the supporting figures, plain JSON. `table` names a file in the report's
    `tables/`.
    `reason` is a code that says why there is no figure (`reason.<code>` in the catalogues); it is set whenever
    `status` is not `ok`.
    """

    metric: str
    field: MetricField
    params: dict[str, Any] = Field(default_factory=dict)
    status: Status = "ok"
    value: float | None = None
    interval: tuple[float, float] | None = None
    unit: str = "ratio"
    info: dict[str, Any] = Field(default_factory=dict)
    table: str | None = None
    reason: str | None = None


class Check(Frozen):
    """A principle of the article held against a figure.

    `threshold` is {"pass": x, "warn": y}: at least as good as x passes, at least as good as y warns, worse fails.
    `direction` says which
    way is good. `advice` is a code (`check.<check>.next.<advice>`) with the numbers of `evidence`. `records` is how
    many records are
    responsible; they stand in `table`, filtered by `where` (column → value).
    """

    check: str
    group: Group
    metric: str
    outcome: Outcome
    value: float | None = None
    unit: str = "ratio"
    threshold: dict[str, float] = Field(default_factory=dict)
    direction: Literal["higher", "lower", "none"] = "none"
    evidence: dict[str, Any] = Field(default_factory=dict)
    records: int | None = None
    table: str | None = None
    where: dict[str, Any] = Field(default_factory=dict)
    advice: str | None = None
    reason: str | None = None


class Rows(Frozen):
    """Rows read from the files, and how many of them were set aside; `read` counts both kinds."""

    read: int
    set_aside: int


class InputFile(Frozen):
    """One file as it was recognised.

    `numbered` says what a row's number counts: lines of the file, or rows; None in reports made before CSV and TSV
    were numbered by lines. `shape` and `field_map` as in `Intake`, of this file alone; None in earlier reports.
    """

    path: str
    format: str
    encoding: str
    compression: str | None
    rows_read: int
    rows_set_aside: int
    bytes: int
    numbered: Literal["line", "row"] | None = None
    shape: str | None = None
    field_map: dict[str, str] | None = None

    @property
    def by_line(self) -> bool:
        """Whether the number of a row of this file is a line of it."""
        return self.format == "jsonl" if self.numbered is None else self.numbered == "line"


class DamagedFile(Frozen):
    """A file of which an unknown part is missing: a reason code and what was found."""

    path: str
    reason: str
    detail: str


class OwnIds(Frozen):
    """How many records are named by the user's own id, had none, or had one that another record has too (named by
    their content, both); `example` is such an id."""

    used: int
    missing: int
    repeated: int
    example: str | None = None


class Intake(Frozen):
    """What reading and normalising found.

    `shape` is alpaca, sharegpt, messages, moss, prompt_answer or mixed; `field_map` the fields it was read from
    (canonical → source).
    `fingerprint` is a content hash over all records in order; `reasons` counts set-aside rows by reason code.
    `tool_turns` counts calls and results of tools that are in no prompt and no answer; `damaged` are the files that
    were not there to their end, or could not be read at all. `ids` is None in reports of earlier releases.
    """

    files: list[InputFile]
    shape: str
    field_map: dict[str, str]
    rows: Rows
    records: int
    units: int
    reasons: dict[str, int]
    fingerprint: str
    tool_turns: int = 0
    damaged: list[DamagedFile] = Field(default_factory=list)
    ids: OwnIds | None = None


class Report(Frozen):
    """report.json of one version of one data set. Its tables lie beside it.

    `embedder_key` and `tokenizer_key` name the contents of what `embedder` and `tokenizer` named when it was made;
    reports of earlier releases do not say.
    """

    schema_version: int = SCHEMA_VERSION
    dataset: str
    version: str
    created_at: str
    settings: dict[str, Any]
    embedder: str
    tokenizer: str
    packages: dict[str, str]
    code_version: str
    intake: Intake
    rows: Rows
    embedder_key: str | None = None
    tokenizer_key: str | None = None
    overview: dict[str, Any]
    results: list[MetricResult]
    checks: list[Check]
    seconds: dict[str, float]

    def result(self, metric: str, **params: Any) -> MetricResult | None:
        """The first result of `metric` whose params include `params`, or None."""
        return next((r for r in self.results if r.metric == metric and includes(r.params, params)), None)

    def check(self, name: str) -> Check | None:
        """The check of that name, or None."""
        return next((c for c in self.checks if c.check == name), None)


def includes(whole: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    """Whether every item of `part` stands in `whole`."""
    return all(whole.get(key) == value for key, value in part.items())
