"""Tables of a report: opened when asked for, and a damaged one is said to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from diversity.errors import DamagedReport
from diversity.sealed import SEAL, seal
from diversity.tables import RECORDS, TABLES, Tables

NAMES = ("good", "bad")


def cut(content: bytes) -> bytes:
    return content[:300]


def flipped(content: bytes) -> bytes:
    """One byte of the data is another; the footer, which readers look at first, is as it was."""
    changed = bytearray(content)
    changed[len(content) // 4] ^= 0xFF
    return bytes(changed)


def emptied(content: bytes) -> bytes:
    return b""


DAMAGES: list[Callable[[bytes], bytes]] = [cut, flipped, emptied]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / TABLES).mkdir()
    values = pa.table({"n": list(range(5000)), "bad": [f"text {n * 7919 % 5003}" for n in range(5000)]})
    for name in (*(f"{TABLES}/{name}.parquet" for name in NAMES), "records.parquet"):
        pq.write_table(values, tmp_path / name, compression="zstd")
    seal(tmp_path, ["records.parquet", *(f"{TABLES}/{name}.parquet" for name in NAMES)])
    return tmp_path


def damage(file: Path, how: Callable[[bytes], bytes]) -> None:
    content = how(file.read_bytes())
    file.unlink()
    file.write_bytes(content)


def test_tables_and_records_are_read(folder: Path) -> None:
    tables = Tables(folder, "d", "v1")
    assert tables.names == ["bad", "good"]
    assert tables.frame("good", ["n"])["n"].sum() == sum(range(5000))
    assert tables.query('select count(*) as n from good join "bad" using (n) join RECORDS using (n)', []).n[0] == 5000
    assert tables.query("select n from records where n = ?", [7])["n"].tolist() == [7]


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_table_is_named_with_its_report_and_the_mend(folder: Path, how: Callable[[bytes], bytes]) -> None:
    damage(folder / TABLES / "bad.parquet", how)
    tables = Tables(folder, "数据", "v1")
    for ask in (
        lambda: tables.frame("bad", None),
        lambda: tables.query("select max(bad) from bad", []),
        lambda: tables.require("bad"),
    ):
        with pytest.raises(DamagedReport, match="--replace") as caught:
            ask()
        assert caught.value.code == "damaged_report"
        assert caught.value.facts == {"dataset": "数据", "version": "v1", "name": "tables/bad.parquet"}


@pytest.mark.parametrize("how", DAMAGES)
def test_the_other_tables_stay_usable(folder: Path, how: Callable[[bytes], bytes]) -> None:
    damage(folder / TABLES / "bad.parquet", how)
    tables = Tables(folder, "d", "v1")
    # A column is called as the damaged table is.
    assert tables.query("select count(distinct bad) as n from good join records using (n, bad)", []).n[0] == 5000
    assert len(tables.frame("good", None)) == 5000
    tables.require(RECORDS)


@pytest.mark.parametrize("how", [*DAMAGES, None])
def test_damaged_or_missing_records(folder: Path, how: Callable[[bytes], bytes] | None) -> None:
    file = folder / "records.parquet"
    file.unlink() if how is None else damage(file, how)
    tables = Tables(folder, "d", "v1")
    with pytest.raises(DamagedReport, match=r"records\.parquet"):
        tables.query("select max(bad) from records", [])
    with pytest.raises(DamagedReport, match=r"records\.parquet"):
        tables.require(RECORDS)
    assert len(tables.query("select * from good", [])) == 5000


@pytest.mark.parametrize("how", [cut, emptied])
def test_without_a_seal_what_cannot_be_read_is_damaged(folder: Path, how: Callable[[bytes], bytes]) -> None:
    (folder / SEAL).unlink()
    damage(folder / TABLES / "bad.parquet", how)
    tables = Tables(folder, "d", "v1")
    for ask in (lambda: tables.frame("bad", None), lambda: tables.query("select * from bad", [])):
        with pytest.raises(DamagedReport, match="bad"):
            ask()
    assert len(tables.query("select * from good", [])) == 5000


def test_a_table_damaged_after_it_was_opened(folder: Path) -> None:
    tables = Tables(folder, "d", "v1")
    tables.query("select * from bad", [])
    damage(folder / TABLES / "bad.parquet", cut)
    with pytest.raises(DamagedReport, match="bad"):
        tables.query("select max(bad) from bad", [])


def test_sql_that_is_wrong_is_no_damage(folder: Path) -> None:
    tables = Tables(folder, "d", "v1")
    for sql in ("select nothing from bad", "select * from nowhere", "selec"):
        with pytest.raises(duckdb.Error):
            tables.query(sql, [])
