from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from helpers import rows_of

import diversity
from diversity.errors import UsageError

ROWS = rows_of([f"第{n}个问题？" for n in range(25)], [f"第{n}个回答。" for n in range(25)], ["甲-子"] * 25)
PLAIN = {"embedder": "none"}


def test_a_notebook_from_records_to_comparison(tmp_path: Path) -> None:
    first = diversity.analyze(pd.DataFrame(ROWS), dataset="d", version="v1", store=tmp_path, settings=PLAIN)
    second = diversity.analyze(ROWS[5:], dataset="d", version="v2", store=tmp_path, settings=PLAIN)
    assert first.report.result("answer_length") is not None
    assert isinstance(first.table("lengths"), pd.DataFrame)
    assert first.query("select count(*) as n from records where record_id = ?", ["nope"])["n"].tolist() == [0]
    assert len(first.query("select * from lengths")) == 25
    assert diversity.load_report("d", "v2", store=tmp_path).report == second.report
    listed = diversity.list_reports(store=tmp_path)
    assert listed["version"].tolist() == ["v2", "v1"]
    assert listed.loc[1, ["records", "rows_set_aside"]].tolist() == [25, 0]
    comparison = diversity.compare("d", "v1", "v2", store=tmp_path)
    assert (comparison.records.removed, comparison.records.unchanged) == (5, 20)
    assert set(comparison.diff()["status"]) == {"removed", "unchanged"}


def test_the_store_of_the_environment_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_STORE", str(tmp_path / "mine"))
    diversity.analyze(ROWS, dataset="d", settings=PLAIN)
    assert diversity.load_report("d", "v1").path == tmp_path / "mine" / "d" / "v1"
    assert len(diversity.list_reports()) == 1


def test_no_reports_is_an_empty_frame_with_its_columns(tmp_path: Path) -> None:
    listed = diversity.list_reports(store=tmp_path / "none")
    assert listed.empty
    assert list(listed.columns) == ["dataset", "version", "created_at", "records", "rows_set_aside"]
    assert not (tmp_path / "none").exists()


def test_what_is_not_there_says_what_is(tmp_path: Path) -> None:
    stored = diversity.analyze(ROWS, dataset="d", store=tmp_path, settings=PLAIN)
    with pytest.raises(UsageError, match="d/v1"):
        diversity.load_report("d", "v9", store=tmp_path)
    with pytest.raises(UsageError, match="lengths"):
        stored.table("nope")
    with pytest.raises(AttributeError, match="nope"):
        diversity.nope  # noqa: B018


def test_names_and_paths_of_any_kind(tmp_path: Path) -> None:
    store = tmp_path / "it's [a] store * ?"
    name = "数据/集 ../x'\"; drop"
    stored = diversity.analyze(ROWS, dataset=name, version="v1.0 (新)", store=store, settings=PLAIN)
    assert stored.path.parents[1] == store
    assert len(stored.query("select * from records")) == 25
    assert diversity.load_report(name, "v1.0 (新)", store=store).report.dataset == name


def test_everything_public_is_there() -> None:
    for name in diversity.__all__:
        assert getattr(diversity, name) is not None


def test_completion_offers_the_public_functions() -> None:
    assert dir(diversity) == sorted(["__version__", "analyze", "compare", "figure", "list_reports", "load_report"])
