from __future__ import annotations

from pathlib import Path

import pytest
from helpers import unsealed
from small_reports import publish, report

from diversity.errors import DamagedReport, UsageError
from diversity.store import Store
from diversity.stored_report import REPORT_FILE


def test_a_report_is_read_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish(store, "数据集", "v1", "hello")
    stored = store.load("数据集", "v1")
    assert stored.report == report("数据集", "v1")
    assert stored.tables == ["t"]
    assert stored.table("t")["marker"].tolist() == ["hello"]
    assert stored.query("select count(*) as n from records").n[0] == 1
    assert stored.query("select marker from t where marker = ?", ["hello"]).marker.tolist() == ["hello"]


def test_a_missing_table_names_those_there_are(tmp_path: Path) -> None:
    publish(Store(tmp_path), "d", "v1")
    with pytest.raises(UsageError, match="it has: t"):
        Store(tmp_path).load("d", "v1").table("nope")


@pytest.mark.parametrize("how", ["cut", "flipped"])
def test_a_report_json_that_is_not_what_was_written_is_damaged(tmp_path: Path, how: str) -> None:
    store = Store(tmp_path)
    file = publish(store, "d", "v1") / REPORT_FILE
    content = file.read_bytes()
    file.write_bytes(content[:300] if how == "cut" else content.replace(b'"records":2', b'"records":3'))
    assert file.read_bytes() != content
    with pytest.raises(DamagedReport, match="d/v1") as caught:
        store.load("d", "v1")
    assert caught.value.facts == {"dataset": "d", "version": "v1", "name": REPORT_FILE}
    assert [(one.dataset, one.version, one.damaged) for one in store.list()] == [("d", "v1", True)]


def test_a_report_of_an_earlier_release_without_a_seal_is_opened(tmp_path: Path) -> None:
    store = Store(tmp_path)
    unsealed(publish(store, "d", "v1", "old"))
    assert [one.damaged for one in store.list()] == [False]
    assert store.load("d", "v1").table("t")["marker"].tolist() == ["old"]
