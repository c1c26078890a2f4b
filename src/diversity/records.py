"""What everything else speaks of: a record, its turns, and a row that could not become a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: the user says `query`, the assistant answers `answer`."""

    query: str
    answer: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row of SFT data.

    `task_type` has zero, one or two levels (more are kept as given). `source` holds where the row came from
    (`file`, `line`) and every field of the row that is not part of the record itself.
    """

    record_id: str
    task_type: tuple[str, ...]
    system: str | None
    turns: tuple[Turn, ...]
    source: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that was read but could not become a record.

    `reason` is a code from the catalogue (`reason.<code>`), `detail` what was found, `raw` the row's own text (cut at
    10,000 characters).
    `line` counts from 1: the line of the file that the row begins on, in a JSON array or Parquet the row's number
    (`InputFile.numbered` says which).
    """

    file: str
    line: int
    reason: str
    detail: str
    raw: str
