"""What a notebook uses besides `analyze`: stored reports and their comparison."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from diversity.comparison import Comparison
from diversity.comparison import compare as compare_reports
from diversity.store import Store
from diversity.stored_report import StoredReport


def load_report(dataset: str, version: str, *, store: Path | str | None = None) -> StoredReport:
    """The stored report of one version; UsageError where there is none."""
    return _store(store).load(dataset, version)


def list_reports(*, store: Path | str | None = None) -> pd.DataFrame:
    """One row a report, newest first: dataset, version, created_at, records, rows_set_aside."""
    columns = ["dataset", "version", "created_at", "records", "rows_set_aside"]
    return pd.DataFrame([[getattr(one, name) for name in columns] for one in _store(store).list()], columns=columns)


def compare(dataset: str, before: str, after: str, *, store: Path | str | None = None) -> Comparison:
    """Compares two stored versions of a data set."""
    home = _store(store)
    return compare_reports(home.load(dataset, before), home.load(dataset, after), cache=home.cache)


def _store(root: Path | str | None) -> Store:
    return Store(Path(root)) if root else Store.default()
