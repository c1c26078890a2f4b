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
from urllib.parse import quote, unquote

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import ValidationError

from diversity.corpus import RECORDS_FILE
from diversity.errors import DamagedReport, UsageError
from diversity.report import SCHEMA_VERSION, Report
from diversity.sealed import differs, other_sizes, seal
from diversity.tables import TABLES, Tables, damaged_report
from diversity.text.names import HALF, valid_name

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_ROOT = "diversity_store"
REPORT_FILE = "report.json"
STAGING = ".staging"
CACHE = ".cache"
LONGEST_NAME = 80
# Where a report waits while another takes its place, and what stands between the parts of its name there.
REPLACED, BETWEEN = ".replaced", "~~"
LISTED = 20


@dataclass(frozen=True, slots=True)
class Summary:
    """A report in a list: enough to choose by.

    `damaged` says that a file of it is missing, cut or unreadable; where that is report.json itself, the names are
    those of its folders, there is no time, and the counts are 0.
    """

    dataset: str
    version: str
    created_at: str
    records: int
    rows_set_aside: int
    path: Path
    damaged: bool = False


class StoredReport:
    """A report folder, opened for reading. `fingerprint` changes whenever the report does: a cache key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Before reading: a report replaced in between must not be cached under the new one's name.
        self.fingerprint = _fingerprint(path)
        self.report = _read_report(path)
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
        """Whether there is a report of that version, be it a damaged one."""
        path = self.path(dataset, version) / REPORT_FILE
        if path.exists():
            return True
        # Missing, or being replaced right now: `_recover` waits for whoever does so.
        self._recover()
        return path.exists()

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
        """All reports, newest first; damaged ones are marked, and those of another schema left out."""
        self._recover()
        found = []
        for path in self.root.glob(f"*/*/{REPORT_FILE}") if self.root.is_dir() else ():
            if path.parts[len(self.root.parts)].startswith("."):
                continue
            with suppress(UsageError):
                found.append(_summary(path.parent))
        return sorted(found, key=lambda one: (one.created_at, one.dataset, one.version), reverse=True)

    def load(self, dataset: str, version: str) -> StoredReport:
        """Opens a report.

        Raises:
            UsageError: there is none of that name; the message lists those there are, that data set's first.
        """
        if not self.has(dataset, version):
            reports = sorted(self.list(), key=lambda one: one.dataset != dataset)
            known = ", ".join(f"{one.dataset}/{one.version}" for one in reports[:LISTED])
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
        """Seals a finished staging folder and renames it into place.

        Raises:
            UsageError: the version exists and `replace` is False (another run may have published it meanwhile).
        """
        target = self.path(dataset, version)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.require_free(dataset, version, replace)
        seal(folder, _files_of(folder))
        with self._lock():
            if (target / REPORT_FILE).exists():
                if not replace:
                    raise exists_already(dataset, version)
                # The old report waits under a name that says where it belongs: `_recover` puts it
                # back after a crash between the two renames.
                old = self.root / REPLACED / BETWEEN.join((target.parent.name, target.name, uuid.uuid4().hex))
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
        waiting = self.root / REPLACED
        if not waiting.is_dir() or not any(waiting.iterdir()):
            return
        # What cannot be put back now, say because the disk is read only, must not keep others from being read.
        with suppress(OSError), self._lock():
            for old in waiting.iterdir():
                with suppress(OSError):
                    self._put_back(old)

    def _put_back(self, old: Path) -> None:
        """Settles one leftover; what has no name that `publish` gives is left alone."""
        parts = old.name.split(BETWEEN)
        if len(parts) != 3 or not all(parts) or old.name.startswith(".") or parts[1].startswith("."):
            return
        target = self.root / parts[0] / parts[1]
        if (target / REPORT_FILE).exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            target.parent.mkdir(exist_ok=True)
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
        UsageError: the name is blank, or holds half a character, which no file could keep.
    """
    if not name.strip():
        raise UsageError("A data set or version needs a name that is not blank.", "blank_name")
    if HALF.search(name):
        shown = valid_name(name)
        raise UsageError(
            f"The name {shown} is not valid Unicode (its bytes are not UTF-8). Choose another name.",
            "half_character",
            name=shown,
        )
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


def _files_of(folder: Path) -> list[str]:
    """What a report consists of, for its seal."""
    tables = (f"{TABLES}/{path.name}" for path in sorted((folder / TABLES).glob("*.parquet")))
    return [REPORT_FILE, *(name for name in (RECORDS_FILE, *tables) if (folder / name).is_file())]


def _summary(path: Path) -> Summary:
    try:
        report = _read_report(path)
    except DamagedReport:
        return Summary(*_names_of(path), "", 0, 0, path, damaged=True)
    intake, rows = report.intake, report.rows
    damaged = bool(other_sizes(path))
    return Summary(
        report.dataset, report.version, report.created_at, intake.records, rows.set_aside, path, damaged=damaged
    )


def _names_of(path: Path) -> tuple[str, str]:
    """Data set and version of a report folder, as far as its name has kept them."""
    return unquote(path.parent.name), unquote(path.name)


def _fingerprint(path: Path) -> str:
    try:
        stat = (path / REPORT_FILE).stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{path} holds no report.") from error
    except OSError as error:
        raise damaged_report(*_names_of(path), REPORT_FILE) from error
    return f"{path}:{stat.st_mtime_ns}:{stat.st_size}"


def _read_report(path: Path) -> Report:
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
        raise damaged_report(*_names_of(path), REPORT_FILE) from error
    if differs(path, REPORT_FILE):
        raise damaged_report(*_names_of(path), REPORT_FILE)
    try:
        return Report.model_validate_json(content)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors(include_input=False)):
            raise damaged_report(*_names_of(path), REPORT_FILE) from error
        raise UsageError(
            f"{path / REPORT_FILE} is not a report of schema {SCHEMA_VERSION}: "
            "analyse that version again with --replace.",
            "not_a_report",
            name=str(path / REPORT_FILE),
        ) from error
