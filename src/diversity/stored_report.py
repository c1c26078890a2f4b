"""One report folder, opened for reading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from diversity.errors import UsageError
from diversity.folder_names import names_of
from diversity.report import SCHEMA_VERSION, Report
from diversity.sealed import differs
from diversity.tables import Tables, damaged_report

if TYPE_CHECKING:
    import pandas as pd

REPORT_FILE = "report.json"
CACHE = ".cache"


class StoredReport:
    """A report folder, opened for reading. `fingerprint` changes whenever the report does: a cache key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Before reading: a report replaced in between must not be cached under the new one's name.
        self.fingerprint = _fingerprint(path)
        self.report = read_report(path)
        self._tables = Tables(path, self.report.dataset, self.report.version)

    def __repr__(self) -> str:
        report = self.report
        return f"<StoredReport {report.dataset}/{report.version}: {report.intake.records:,} records, {self.path}>"

    @cached_property
    def results(self) -> pd.DataFrame:
        """Every figure, one row each: metric, field, params, status, value, unit, interval, reason, table."""
        columns = ["metric", "field", "params", "status", "value", "unit", "interval", "reason", "table"]
        rows = [[getattr(result, name) for name in columns] for result in self.report.results]
        import pandas as pd

        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Every check, one row each: check, group, outcome, value, unit, threshold, direction, records, reason."""
        columns = ["check", "group", "outcome", "value", "unit", "threshold", "direction", "records", "reason"]
        rows = [[getattr(check, name) for name in columns] for check in self.report.checks]
        import pandas as pd

        return pd.DataFrame(rows, columns=columns)

    def has_table(self, name: str) -> bool:
        """Whether the report has that table."""
        return name in self.tables

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """A table as a frame.

        Raises:
            UsageError: the report has no such table.
            DamagedReport: the table cannot be read or is not what was written.
        """
        if not self.has_table(name):
            raise UsageError(
                f"The report {self.report.dataset}/{self.report.version} has no table {name!r}; "
                f"it has: {', '.join(self.tables)}."
            )
        return self._tables.frame(name, columns)

    def require(self, name: str) -> None:
        """For those who read a table's file themselves, or that of the `records`.

        Raises:
            DamagedReport: it cannot be read or is not what was written.
        """
        self._tables.require(name)

    def vectors_of(
        self, of: Literal["prompt", "answer"], record_ids: Sequence[str], turns: Sequence[int]
    ) -> NDArray[np.float32] | None:
        """(n, d) unit vectors, not centred, of the named units' texts, in their order; None without an embedder."""
        from diversity.sampled import vectors_of_units

        return vectors_of_units(self, of, record_ids, turns)

    @property
    def cache(self) -> Path:
        """The store's caches (see `Store.cache`)."""
        return self.path.parents[1] / CACHE

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return self._tables.names

    def query(self, sql: str, params: list[Any] | None = None) -> pd.DataFrame:
        """Runs SQL over the report.

        A view `records` and one view a table. Values go through `params`, never into the text.

        Raises:
            DamagedReport: a table that the SQL names cannot be read or is not what was written.
        """
        return self._tables.query(sql, params or [])


def _fingerprint(path: Path) -> str:
    try:
        stat = (path / REPORT_FILE).stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{path} holds no report.") from error
    except OSError as error:
        raise damaged_report(*names_of(path), REPORT_FILE) from error
    return f"{path}:{stat.st_mtime_ns}:{stat.st_size}"


def read_report(path: Path) -> Report:
    """The report of a folder.

    Raises:
        UsageError: there is none, or one of another schema.
        DamagedReport: it cannot be read, or is not what was written.
    """
    try:
        content = (path / REPORT_FILE).read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"{path} holds no report.") from error
    except OSError as error:
        raise damaged_report(*names_of(path), REPORT_FILE) from error
    if differs(path, REPORT_FILE):
        raise damaged_report(*names_of(path), REPORT_FILE)
    try:
        return Report.model_validate_json(content)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors(include_input=False)):
            raise damaged_report(*names_of(path), REPORT_FILE) from error
        raise UsageError(
            f"{path / REPORT_FILE} is not a report of schema {SCHEMA_VERSION}: "
            "analyse that version again with --replace.",
            "not_a_report",
            name=str(path / REPORT_FILE),
        ) from error
