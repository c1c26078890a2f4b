from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from diversity.analysis import analyze
from diversity.errors import UsageError
from diversity.export.duplicates import Of, export_duplicates, flagged_duplicates, serialize
from diversity.report import MetricResult, Report
from diversity.stored_report import StoredReport

SAME = "对不起，我无法回答这个问题，请换一个问题再试试看。"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> StoredReport:
    turns = [
        {"role": "user", "content": "第一问"},
        {"role": "assistant", "content": "第一答，与众不同。"},
        {"role": "user", "content": "第二问"},
        {"role": "assistant", "content": SAME},
    ]
    rows: list[dict[str, Any]] = [
        {"id": "a", "prompt": "问甲", "answer": SAME, "task_type": "=类-型"},
        {"id": "b", "messages": turns},
        {"id": "c", "prompt": "问丙", "answer": "独一无二的回答。"},
        {"id": "d", "prompt": "问丁", "answer": f" {SAME}\n"},
    ]
    return analyze(rows, dataset="d", store=tmp_path_factory.mktemp("export"), settings={"embedder": "none"})


def test_flagged_rows_carry_the_texts_of_their_own_turn(stored: StoredReport) -> None:
    rows = flagged_duplicates(stored).set_index("record_id")
    assert sorted(rows.index) == ["a", "b", "d"]
    assert rows.loc["b", "turn"] == 1
    assert (rows.loc["b", "prompt"], rows.loc["b", "answer"]) == ("第二问", SAME)
    assert rows.loc["d", "answer"] == f" {SAME}\n"
    assert (rows.loc["a", "task_type_1"], rows.loc["a", "task_type_2"]) == ("=类", "型")
    assert pd.isna(rows.loc["b", "task_type_1"])
    assert (rows["suggestion"] == "keep").sum() == 1


def test_kinds_are_a_filter(stored: StoredReport) -> None:
    assert len(flagged_duplicates(stored, ["exact"])) == 3
    assert len(flagged_duplicates(stored, ["near", "semantic"])) == 0


def test_a_formula_in_a_column_with_gaps_is_safe_in_a_sheet_and_whole_elsewhere(stored: StoredReport) -> None:
    rows = flagged_duplicates(stored)
    assert "'=类" in serialize(rows, "csv").decode("utf-8-sig")
    assert ",=类" not in serialize(rows, "csv").decode("utf-8-sig")
    lines = [json.loads(line) for line in serialize(rows, "jsonl").decode().splitlines()]
    assert {line["task_type_1"] for line in lines} == {"=类", None}


def test_the_file_appears_whole_or_not_at_all(
    stored: StoredReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.CSV"
    target.write_text("old")

    def full(self: Path, content: bytes) -> int:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="disk full"):
            export_duplicates(stored, target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.CSV"]
    assert export_duplicates(stored, target) == 3
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_report_without_the_table_is_refused(stored: StoredReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StoredReport, "has_table", lambda self, name: False)
    with pytest.raises(UsageError, match="analyse the version again"):
        flagged_duplicates(stored)


@pytest.mark.parametrize("of", ["answer", "prompt"])
def test_a_report_that_left_repeats_out_says_so(tmp_path: Path, of: Of) -> None:
    settings = {"embedder": "none", "skip_metrics": f"{of}_duplication"}
    left_out = analyze([{"prompt": "问", "answer": SAME}] * 2, dataset="d", store=tmp_path, settings=settings)
    with pytest.raises(UsageError, match=f"without {of}_duplication: take it out of skip_metrics") as refused:
        flagged_duplicates(left_out, of=of)
    assert refused.value.code == "repeats_skipped"


def test_a_report_whose_figure_failed_says_why(stored: StoredReport, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = MetricResult(metric="answer_duplication", field="answer", status="failed", reason="metric_failed")
    monkeypatch.setattr(StoredReport, "has_table", lambda self, name: False)
    monkeypatch.setattr(Report, "result", lambda self, metric: failed if metric == failed.metric else None)
    with pytest.raises(UsageError, match=r"no figure for answer_duplication \(metric_failed\)") as refused:
        flagged_duplicates(stored)
    assert refused.value.code == "repeats_unknown"


@pytest.mark.parametrize("record_id", ["-d0", "=1+0", "'-d0", "'tis", "plain"])
def test_what_the_docs_say_of_ids_in_csv_gives_them_back(record_id: str) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "duplicates.md").read_text(encoding="utf-8")
    pattern = re.search(r'str\.replace\(r"(.+?)", ""', docs)
    assert pattern
    frame = pd.DataFrame({"record_id": [record_id]})
    rows = pd.read_csv(io.BytesIO(serialize(frame, "csv")), dtype={"record_id": str})
    assert rows["record_id"].str.replace(pattern[1], "", regex=True).tolist() == [record_id]


def test_repeated_prompts_are_a_file_of_their_own(tmp_path: Path) -> None:
    asked = ["这座城市的老图书馆今天几点开门？", "这座城市的老图书馆今天几点开门", "谁写的？"]
    rows = [{"id": f"-{n}", "prompt": one, "answer": f"答案{n}{one}"} for n, one in enumerate(asked)]
    twice = analyze(rows, dataset="d", store=tmp_path, settings={"embedder": "none"})
    assert export_duplicates(twice, tmp_path / "p.parquet", of="prompt") == 2
    found = pd.read_parquet(tmp_path / "p.parquet")
    assert found["record_id"].tolist() == ["-0", "-1"]
    assert found["prompt"].tolist() == asked[:2]
    assert list(found.columns) == list(flagged_duplicates(twice).columns)
    assert len(flagged_duplicates(twice)) == 0


def test_flagged_rows_say_where_their_record_came_from(stored: StoredReport) -> None:
    rows = flagged_duplicates(stored).set_index("record_id")
    assert rows.loc[["a", "b", "d"], "source_line"].tolist() == [1, 2, 4]
    assert set(rows["source_file"]) == {"<records>"}
