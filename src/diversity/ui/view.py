"""What the reader looks at: one version of one data set, and the other one to compare with. Pages ask here and
nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from diversity.report import Report
from diversity.store import Store
from diversity.stored_report import StoredReport
from diversity.tables import TABLES
from diversity.ui.urlstate import adopt, publish

DATASET, VERSION, COMPARE = "dataset", "version", "compare"
_MISSING = "_missing_report"


@dataclass(frozen=True)
class Entry:
    """One stored report, as lists of reports show it; one that cannot be opened has no time."""

    dataset: str
    version: str
    created_at: str
    records: int
    damaged: bool


@dataclass(frozen=True)
class View:
    """A stored report with cached access to its tables.

    `query` runs SQL over the views `records` and one per table; `table` gives a whole table. Both are cached by the
    report's fingerprint.
    """

    stored: StoredReport

    @property
    def report(self) -> Report:
        return self.stored.report

    @property
    def dataset(self) -> str:
        return self.report.dataset

    @property
    def version(self) -> str:
        return self.report.version

    @property
    def records(self) -> int:
        return self.report.intake.records

    def has(self, table: str) -> bool:
        """Whether the report holds that table."""
        return self.stored.has_table(table)

    @property
    def tables(self) -> list[str]:
        """Names of the report's tables."""
        return self.stored.tables

    def columns(self, table: str) -> list[str]:
        """Column names of a table."""
        return list(self.query(f'select * from "{table}" limit 0').columns)

    def table(self, name: str) -> pd.DataFrame:
        """A whole table. Mind its size: for pages of rows use `query` with LIMIT."""
        return _table(str(self.stored.path), self.stored.fingerprint, self.stored, name)

    def query(self, sql: str, params: Sequence[Any] = ()) -> pd.DataFrame:
        """The result of `sql` with `?` filled from `params`."""
        return _query(str(self.stored.path), self.stored.fingerprint, self.stored, sql, tuple(params))

    def count(self, sql: str, params: Sequence[Any] = ()) -> int:
        """The single number that `sql` yields."""
        return int(self.query(sql, params).to_numpy()[0, 0])


def is_labelled(view: View) -> bool:
    """Whether any record has a task type: without one, a column of them is blank."""
    return bool(view.report.overview["task_types_1"])


def current_store() -> Store:
    """The store this server shows."""
    return Store.default()


def entries() -> list[Entry]:
    """All stored reports that can be opened, newest first."""
    return [entry for entry in _all_entries() if entry.created_at]


def damaged_entries() -> list[Entry]:
    """The reports that cannot be opened, or not wholly."""
    return [entry for entry in _all_entries() if entry.damaged]


def _all_entries() -> list[Entry]:
    store = current_store()
    return _entries(str(store.root), _signature(store.root))


def versions_of(dataset: str) -> list[str]:
    """Versions of one data set, newest first."""
    return [entry.version for entry in entries() if entry.dataset == dataset]


def current_view() -> View | None:
    """The report being looked at: session, else address, else the newest. None when there is no report at all."""
    known = entries()
    if not known:
        return None
    dataset = _chosen(DATASET, [entry.dataset for entry in known])
    versions = [entry.version for entry in known if entry.dataset == dataset]
    return open_view(dataset, _chosen(VERSION, versions))


def compared_view() -> View | None:
    """The version that the reader compares with, if one is chosen and it is another one."""
    view = current_view()
    if view is None:
        return None
    # The address of a comparison names what it is made with by default, too: that is not a choice for other pages.
    wanted = st.session_state.get(COMPARE)
    wanted = st.query_params.get(COMPARE) if wanted is None else wanted
    known = wanted in versions_of(view.dataset) and wanted != view.version
    return open_view(view.dataset, str(wanted)) if known else None


def default_pair(dataset: str, version: str) -> tuple[str, str] | None:
    """What is compared where the reader chose nothing, before and after: the version made just before this one and this
    one; for the first of all, it and the one made next. None when there is one version only."""
    known = [entry for entry in entries() if entry.dataset == dataset]
    made = next(entry.created_at for entry in known if entry.version == version)
    others = [entry for entry in known if entry.version != version]
    earlier = [entry.version for entry in others if entry.created_at < made]
    if earlier:
        return earlier[0], version
    return (version, others[-1].version) if others else None


def open_view(dataset: str, version: str) -> View:
    """One report by name."""
    store = current_store()
    return View(_open(str(store.root), dataset, version, _signature(store.root)))


def earlier_views(view: View, limit: int = 7) -> list[View]:
    """The same data set's reports made before this one, oldest first, at most `limit`."""
    older = [e for e in entries() if e.dataset == view.dataset and e.created_at < view.report.created_at]
    return [open_view(entry.dataset, entry.version) for entry in reversed(older[:limit])]


def address(**more: str) -> dict[str, str]:
    """Query parameters that lead to the same report, language included, with `more` on top."""
    from diversity.ui.i18n import LANGUAGE_KEY, language

    kept = {LANGUAGE_KEY: language()}
    view = current_view()
    if view is not None:
        kept |= {DATASET: view.dataset, VERSION: view.version}
        other = compared_view() if more.get(DATASET, view.dataset) == view.dataset else None
        kept |= {COMPARE: other.version} if other else {}
    return kept | more


def choose_report(comparing: bool = False) -> None:
    """Draws the pickers of data set, version and comparison, tied to the address. Nothing when there is no report.

    `comparing` is set for a page that compares: there it is said with what, chosen or not.
    """
    from diversity.ui.i18n import t

    known = entries()
    if not known:
        return
    datasets = list(dict.fromkeys(entry.dataset for entry in known))
    missing = _asked_in_vain(known)
    adopt(DATASET, datasets, datasets[0])
    dataset = st.selectbox(t("frame.dataset"), datasets, key=DATASET)
    publish(DATASET, dataset)
    versions = [entry.version for entry in known if entry.dataset == dataset]
    adopt(VERSION, versions, versions[0])
    version = st.selectbox(t("frame.version"), versions, key=VERSION)
    publish(VERSION, version)
    if len(versions) > 1:
        _choose_comparison(dataset, version, versions, comparing)
    if missing:
        st.session_state[_MISSING] = (missing, dataset, version)


def _choose_comparison(dataset: str, version: str, versions: Sequence[str], comparing: bool) -> None:
    from diversity.ui.i18n import t

    before, after = (comparing and default_pair(dataset, version)) or ("", "")
    unchosen = before if after == version else after
    # Chosen is what comes before: the first version, held against the next one, has no address that says so.
    published = before if after == version else ""
    options = ["", *(other for other in versions if other not in (version, published))]
    none = t("frame.compare_default", version=unchosen) if unchosen else t("frame.compare_none")
    adopt(COMPARE, options, "")
    chosen = st.selectbox(t("frame.compare"), options, key=COMPARE, format_func=lambda other: other or none)
    publish(COMPARE, chosen or published)


def missing_report() -> str | None:
    """The report that the reader's address named and that does not exist, until he picks another one."""
    missing, dataset, version = st.session_state.get(_MISSING, (None, None, None))
    view = current_view()
    return missing if view is not None and (view.dataset, view.version) == (dataset, version) else None


def _asked_in_vain(known: Sequence[Entry]) -> str | None:
    """The report that the address names, where there is none of that name."""
    dataset, version = st.query_params.get(DATASET), st.query_params.get(VERSION)
    names = {(entry.dataset, entry.version) for entry in known}
    if dataset is None or any(dataset == one and version in (None, other) for one, other in names):
        return None
    return f"{dataset}/{version}" if version else dataset


def _chosen(name: str, options: Sequence[str]) -> str:
    for value in (st.session_state.get(name), st.query_params.get(name)):
        if value in options:
            return str(value)
    return options[0]


def _signature(root: Path) -> tuple[tuple[str, int], ...]:
    """Changes when a report appears, goes or is replaced, or a folder of its files changes."""
    return tuple(sorted(stamp for path in root.glob("[!.]*/*/report.json") for stamp in _stamps(path)))


def _stamps(path: Path) -> list[tuple[str, int]]:
    # Another run may be replacing the report, and a damaged disk may not tell.
    with suppress(OSError):
        return [(str(one), one.stat().st_mtime_ns) for one in (path, path.parent, path.parent / TABLES)]
    return [(str(path), 0)]


@st.cache_data(max_entries=8, show_spinner=False)
def _entries(root: str, signature: tuple[tuple[str, int], ...]) -> list[Entry]:
    return [Entry(s.dataset, s.version, s.created_at, s.records, s.damaged) for s in Store(Path(root)).list()]


@st.cache_resource(max_entries=32, show_spinner=False)
def _open(root: str, dataset: str, version: str, signature: tuple[tuple[str, int], ...]) -> StoredReport:
    return Store(Path(root)).load(dataset, version)


@st.cache_data(max_entries=32, show_spinner=False)
def _table(path: str, fingerprint: str, _stored: StoredReport, name: str) -> pd.DataFrame:
    return _stored.table(name)


@st.cache_data(max_entries=256, show_spinner=False)
def _query(path: str, fingerprint: str, _stored: StoredReport, sql: str, params: tuple[Any, ...]) -> pd.DataFrame:
    return _stored.query(sql, list(params))
