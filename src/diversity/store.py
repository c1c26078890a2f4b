"""The folder of all reports: each written beside and renamed into place, so that a reader sees a whole one or none."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from diversity.corpus import RECORDS_FILE
from diversity.errors import DamagedReport, UsageError
from diversity.folder_names import folder_name, names_of
from diversity.sealed import other_sizes, seal
from diversity.stored_report import CACHE, REPORT_FILE, StoredReport, read_report
from diversity.tables import TABLES

DEFAULT_ROOT = "diversity_store"
STAGING = ".staging"
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


def _files_of(folder: Path) -> list[str]:
    """What a report consists of, for its seal."""
    tables = (f"{TABLES}/{path.name}" for path in sorted((folder / TABLES).glob("*.parquet")))
    return [REPORT_FILE, *(name for name in (RECORDS_FILE, *tables) if (folder / name).is_file())]


def _summary(path: Path) -> Summary:
    try:
        report = read_report(path)
    except DamagedReport:
        return Summary(*names_of(path), "", 0, 0, path, damaged=True)
    intake, rows = report.intake, report.rows
    damaged = bool(other_sizes(path))
    return Summary(
        report.dataset, report.version, report.created_at, intake.records, rows.set_aside, path, damaged=damaged
    )
