"""Report folders on disk: written beside and renamed into place, so that a reader sees a whole report or none."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import ValidationError

from diversity.corpus import RECORDS_FILE
from diversity.errors import UsageError
from diversity.report import SCHEMA_VERSION, Report

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_ROOT = "diversity_store"
REPORT_FILE = "report.json"
TABLES = "tables"
STAGING = ".staging"
CACHE = ".cache"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Summary:
    """A report in a list: enough to choose by."""

    dataset: str
    version: str
    created_at: str
    records: int
    rows_set_aside: int
    path: Path


class StoredReport:
    """A report folder, opened for reading. `fingerprint` changes whenever the report does: a cache key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Before reading: a report replaced in between must not be cached under the new one's name.
        self.fingerprint = _fingerprint(path)
        self.report = _read_report(path)

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
        return self._table_path(name).is_file()

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """A table as a frame.

        Raises:
            UsageError: the report has no such table.
        """
        path = self._table_path(name)
        if not path.is_file():
            raise UsageError(
                f"The report {self.report.dataset}/{self.report.version} has no table {name!r}; "
                f"it has: {', '.join(self.tables)}."
            )
        import pandas as pd

        return pd.read_parquet(path, columns=columns)

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
        return sorted(path.stem for path in (self.path / TABLES).glob("*.parquet"))

    def query(self, sql: str, params: list[Any] | None = None) -> pd.DataFrame:
        """Runs SQL over the report.

        A view `records` and one view a table. Values go through `params`, never into the text.
        """
        frame: pd.DataFrame = self._connection.cursor().execute(sql, params or []).df()
        return frame

    @cached_property
    def _connection(self) -> Any:
        import duckdb

        connection = duckdb.connect(":memory:")
        for name, path in [
            ("records", self.path / RECORDS_FILE),
            *((name, self._table_path(name)) for name in self.tables),
        ]:
            escaped = str(path).replace("'", "''")
            connection.execute(f"create view \"{name}\" as select * from read_parquet('{escaped}')")
        return connection

    def _table_path(self, name: str) -> Path:
        return self.path / TABLES / f"{folder_name(name)}.parquet"


class Store:
    """A folder of reports, `<root>/<dataset>/<version>/`, with its caches in `<root>/.cache`."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    @classmethod
    def default(cls) -> Store:
        """The store named by DIVERSITY_STORE, else `diversity_store` in the current folder."""
        return cls(Path(os.environ.get("DIVERSITY_STORE") or DEFAULT_ROOT))

    @property
    def cache(self) -> Path:
        """Where what outlives a run is kept."""
        return self.root / CACHE

    def path(self, dataset: str, version: str) -> Path:
        """Where the report of that version is or would be."""
        return self.root / folder_name(dataset) / folder_name(version)

    def has(self, dataset: str, version: str) -> bool:
        """Whether there is a report of that version."""
        path = self.path(dataset, version) / REPORT_FILE
        if path.is_file():
            return True
        # Missing, or being replaced right now: `_recover` waits for whoever does so.
        self._recover()
        return path.is_file()

    def require_free(self, dataset: str, version: str, replace: bool) -> None:
        """Raises UsageError where the report of that version could not be published.

        It exists and `replace` is False, or a folder stands there that is no report: that one is never removed.
        """
        if self.has(dataset, version):
            if not replace:
                raise exists_already(dataset, version)
        elif (target := self.path(dataset, version)).exists() and not _is_empty_folder(target):
            raise UsageError(
                f"{target} exists and is no report, so it is left alone. "
                "Choose another store, data set or version name."
            )

    def list(self) -> list[Summary]:
        """All reports, newest first. A folder that is no readable report is left out."""
        self._recover()
        found = []
        for path in self.root.glob(f"*/*/{REPORT_FILE}") if self.root.is_dir() else ():
            if path.parts[len(self.root.parts)].startswith("."):
                continue
            with suppress(UsageError):
                report = _read_report(path.parent)
                found.append(
                    Summary(
                        report.dataset,
                        report.version,
                        report.created_at,
                        report.intake.records,
                        report.rows.set_aside,
                        path.parent,
                    )
                )
        return sorted(found, key=lambda one: (one.created_at, one.dataset, one.version), reverse=True)

    def load(self, dataset: str, version: str) -> StoredReport:
        """Opens a report.

        Raises:
            UsageError: there is none of that name; the message lists those there are.
        """
        if not self.has(dataset, version):
            known = ", ".join(f"{one.dataset}/{one.version}" for one in self.list()[:20])
            raise UsageError(
                f"There is no report {dataset}/{version} in {self.root}. Reports: {known or 'none yet'}.",
                "no_report" if known else "no_report_yet",
                dataset=dataset,
                version=version,
                store=str(self.root),
                known=known,
            )
        return StoredReport(self.path(dataset, version))

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A fresh folder on the store's disk for one run, removed afterwards unless it was published.

        A lock beside it, held for as long as the run lives, tells its folder from the leftovers of a killed one: unlike
        a process number it means the same in every container that shares the store.
        """
        self._sweep()
        folder = self.root / STAGING / uuid.uuid4().hex
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = _run_lock(folder)
        with lock:
            (folder / TABLES).mkdir(parents=True)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                Path(lock.lock_file).unlink(missing_ok=True)

    def publish(self, folder: Path, dataset: str, version: str, replace: bool) -> Path:
        """Renames a finished staging folder into place.

        Raises:
            UsageError: the version exists and `replace` is False (another run may have published it meanwhile).
        """
        target = self.path(dataset, version)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.require_free(dataset, version, replace)
        with self._lock():
            if (target / REPORT_FILE).is_file():
                if not replace:
                    raise exists_already(dataset, version)
                # The old report waits under a name that says where it belongs: `_recover` puts it
                # back after a crash between the two renames.
                old = self.root / ".replaced" / f"{target.parent.name}~~{target.name}~~{uuid.uuid4().hex}"
                old.parent.mkdir(exist_ok=True)
                os.rename(target, old)
                os.rename(folder, target)
                shutil.rmtree(old, ignore_errors=True)
            else:
                os.rename(folder, target)
        return target

    def _lock(self) -> FileLock:
        self.root.mkdir(parents=True, exist_ok=True)
        return FileLock(self.root / ".lock")

    def _recover(self) -> None:
        """Puts back reports whose replacement was cut short; removes the leftovers of those whose was not."""
        waiting = self.root / ".replaced"
        if not waiting.is_dir() or not any(waiting.iterdir()):
            return
        with self._lock():
            for old in waiting.glob("*~~*~~*"):
                dataset, version, _ = old.name.split("~~")
                target = self.root / dataset / version
                if target.exists():
                    shutil.rmtree(old, ignore_errors=True)
                else:
                    os.rename(old, target)

    def _sweep(self) -> None:
        """Removes what runs that were killed left behind."""
        staging = self.root / STAGING
        for folder in staging.iterdir() if staging.is_dir() else ():
            if folder.is_dir():
                lock = _run_lock(folder)
                with suppress(Timeout), lock.acquire(blocking=False):
                    shutil.rmtree(folder, ignore_errors=True)
                    Path(lock.lock_file).unlink(missing_ok=True)


def _run_lock(folder: Path) -> FileLock:
    return FileLock(folder.with_suffix(".lock"))


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def exists_already(dataset: str, version: str) -> UsageError:
    """The error for a version that would be overwritten."""
    return UsageError(
        f"There is a report {dataset}/{version} already. "
        "Choose another version name, or ask for it to be replaced (--replace).",
        "version_exists",
        dataset=dataset,
        version=version,
    )


def folder_name(name: str) -> str:
    """A name as one safe path component: letters of any script, digits and `._-` stay, the rest is percent-encoded.

    Raises:
        UsageError: the name is blank.
    """
    if not name.strip():
        raise UsageError("A data set or version needs a name that is not blank.", "blank_name")
    safe = "".join(
        char if char.isalnum() or char in "._-" else quote(char, safe="", errors="replace").replace("~", "%7E")
        for char in name
    )
    if safe.startswith("."):
        safe = "%2E" + safe[1:]
    if len(safe.encode()) > LONGEST_NAME:
        safe = (
            safe.encode()[: LONGEST_NAME - 17].decode(errors="ignore")
            + "-"
            + hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).hexdigest()
        )
    return safe


def _fingerprint(path: Path) -> str:
    try:
        stat = (path / REPORT_FILE).stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{path} holds no report.") from error
    return f"{path}:{stat.st_mtime_ns}:{stat.st_size}"


def _read_report(path: Path) -> Report:
    try:
        return Report.model_validate_json((path / REPORT_FILE).read_bytes())
    except FileNotFoundError as error:
        raise UsageError(f"{path} holds no report.") from error
    except ValidationError as error:
        raise UsageError(
            f"{path / REPORT_FILE} is not a report of schema {SCHEMA_VERSION}: "
            "analyse that version again with --replace.",
            "not_a_report",
            name=str(path / REPORT_FILE),
        ) from error
