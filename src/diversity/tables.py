"""The Parquet tables of a report folder: opened when they are asked for and looked at first, so that a damaged one
gives an error that says so, and the others stay usable."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from diversity.corpus import RECORDS_FILE
from diversity.errors import DamagedReport
from diversity.sealed import differs

if TYPE_CHECKING:
    import pandas as pd

TABLES = "tables"
RECORDS = "records"


class Tables:
    """The tables in `folder`, and its records as one more of them in `query`. `dataset` and `version` are what errors
    name."""

    def __init__(self, folder: Path, dataset: str, version: str) -> None:
        self._folder = folder
        self._named = (dataset, version)
        self._whole: set[str] = set()
        self._views: set[str] = set()
        self._lock = Lock()

    @property
    def names(self) -> list[str]:
        """Names of the tables, without the records."""
        return sorted(path.stem for path in (self._folder / TABLES).glob("*.parquet"))

    def frame(self, name: str, columns: list[str] | None) -> pd.DataFrame:
        """A table as a frame. Raises DamagedReport."""
        import pandas as pd

        self.require(name)
        return pd.read_parquet(self._path(name), columns=columns)

    def query(self, sql: str, params: list[Any]) -> pd.DataFrame:
        """The result of SQL over the records and the tables it names. Raises DamagedReport, and duckdb.Error where it
        is the SQL that is wrong."""
        import duckdb

        said = sql.lower()
        named = [name for name in (RECORDS, *self.names) if name.lower() in said]
        for name in named:
            self._open(name)
        try:
            found: pd.DataFrame = self._connection.cursor().execute(sql, params).df()
        except (duckdb.Error, OSError) as error:
            self._blame(named, error)
            raise
        return found

    def require(self, name: str) -> None:
        """Raises DamagedReport where that table, or the records, cannot be read or are not what was written."""
        if name not in self._whole:
            self._blame([name], None)
            self._whole.add(name)

    def _open(self, name: str) -> None:
        """Makes a view of a table, once. A damaged one gets none: the word may be no more than a column's name, and
        where it is the table's the query will fail."""
        import duckdb

        with self._lock:
            if name in self._views or differs(self._folder, _file(name)):
                return
            escaped = str(self._path(name)).replace("'", "''")
            try:
                self._connection.execute(f"create view \"{name}\" as select * from read_parquet('{escaped}')")
            except (duckdb.Error, OSError):
                return
            self._views.add(name)

    def _blame(self, names: Iterable[str], error: BaseException | None) -> None:
        """Raises DamagedReport for the first of the tables that is damaged, if any is."""
        damaged = next((name for name in names if not self._is_whole(name)), None)
        if damaged is not None:
            dataset, version = self._named
            raise damaged_report(dataset, version, _file(damaged)) from error

    def _is_whole(self, name: str) -> bool:
        """Whether a table is as it was sealed; of one without a seal, as earlier releases left them, whether it can be
        read to its end."""
        sealed = differs(self._folder, _file(name))
        return not sealed if sealed is not None else _readable(self._path(name))

    @cached_property
    def _connection(self) -> Any:
        import duckdb

        return duckdb.connect(":memory:")

    def _path(self, name: str) -> Path:
        return self._folder / _file(name)


def damaged_report(dataset: str, version: str, file: str) -> DamagedReport:
    """The error for a report of which a file cannot be used."""
    return DamagedReport(
        f"The report {dataset}/{version} is damaged: its file {file} cannot be read or is not what was written. "
        "Analyse that version again with --replace; other reports are not affected.",
        "damaged_report",
        dataset=dataset,
        version=version,
        name=file,
    )


def _file(name: str) -> str:
    """A table's file in its report folder."""
    return RECORDS_FILE if name == RECORDS else f"{TABLES}/{name}.parquet"


def _readable(path: Path) -> bool:
    try:
        with pq.ParquetFile(path) as file:
            for _ in file.iter_batches():
                pass
    except (pa.ArrowException, OSError):
        return False
    return True
