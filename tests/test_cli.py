from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from diversity import cli
from diversity.report import Report
from diversity.store import Store

ROOT = Path(__file__).parents[1]
Run = Callable[..., tuple[int, str, str]]
FORMULA = "=1+1 是公式吗？这是一个完全重复的答案，用来检查导出。"


def rows(version: int) -> list[dict[str, Any]]:
    """Thirty records; in version 1 five answers are one and the same formula, and two have no task type."""
    subjects = ["月亮", "长江", "唐诗", "面包", "火车", "茶叶", "围棋", "台风", "蜜蜂", "瓷器"]
    made = []
    for n in range(30):
        subject = subjects[n % 10]
        answer = FORMULA if version == 1 and n % 6 == 0 else f"{subject}的第{n}个特点与{n * 37 % 101}有关，详见说明。"
        label = None if version == 1 and n in (3, 4) else f"知识-{subject}"
        made.append({"id": f"r{n}", "prompt": f"请说说{subject}的第{n}个特点。", "answer": answer, "task_type": label})
    return made


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in records), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two data files and a store that holds a report of each."""
    folder = tmp_path_factory.mktemp("cli")
    for version in (1, 2):
        data = write(folder / f"v{version}.jsonl", rows(version))
        args = ["analyze", str(data), "--dataset", "d", "--version", f"v{version}", "--store", str(folder / "store")]
        assert cli.main([*args, "--embedder", "none", "--quiet"]) == 0
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command on the store of `home`: exit code, standard output, standard error."""
    monkeypatch.setenv("DIVERSITY_STORE", str(home / "store"))
    before = signal.getsignal(signal.SIGTERM)

    def go(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            code = cli.main([str(one) for one in arguments])
        except SystemExit as stopped:
            code = int(str(stopped.code or 0))
        out, err = capsys.readouterr()
        return code, out, err

    yield go
    signal.signal(signal.SIGTERM, before)


def assert_refused(result: tuple[int, str, str], *words: str) -> None:
    """Exit code 2, nothing on standard output, one message that holds `words`, no traceback."""
    code, out, err = result
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    lines = err.strip().splitlines()
    assert lines[-1].startswith("diversity")
    assert len([line for line in lines if line.startswith("diversity")]) == 1
    for word in words:
        assert word in err


def test_analyze_prints_the_verdict_and_where_the_report_is(run: Run, home: Path, tmp_path: Path) -> None:
    code, out, err = run(
        "analyze", home / "v2.jsonl", "--dataset", "d", "--version", "v1", "--store", tmp_path, "--embedder", "none"
    )
    assert code == 0
    assert out.splitlines()[0].startswith("d v1: 30 records")
    assert out.splitlines()[-1] == f"Report: {tmp_path / 'd' / 'v1'}"
    assert "read" in err


def test_analyze_json_is_the_typed_report_and_nothing_else(run: Run, home: Path, tmp_path: Path) -> None:
    code, out, _ = run(
        "analyze",
        home / "v1.jsonl",
        "--dataset",
        "d",
        "--version",
        "v1",
        "--store",
        tmp_path,
        "--embedder",
        "none",
        "--json",
    )
    report = json.loads(out)
    assert code == 0
    assert report["rows"] == {"read": 30, "set_aside": 0}
    assert {"metric", "field", "status", "value", "info", "reason"} <= set(report["results"][0])
    assert {"check", "outcome", "value", "threshold", "evidence"} <= set(report["checks"][0])
    assert {check["outcome"] for check in report["checks"]} <= {"pass", "warn", "fail", "not_applicable", "skipped"}
    assert Report.model_validate(report) == Store(tmp_path).load("d", "v1").report


def test_quiet_says_nothing_on_standard_error(run: Run, home: Path, tmp_path: Path) -> None:
    _, _, err = run(
        "analyze",
        home / "v1.jsonl",
        "--dataset",
        "d",
        "--version",
        "v1",
        "--store",
        tmp_path,
        "--embedder",
        "none",
        "--quiet",
    )
    assert err == ""


def test_job_writes_how_far_it_is(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    run(
        "analyze",
        home / "v1.jsonl",
        "--dataset",
        "d",
        "--version",
        "v1",
        "--store",
        tmp_path / "store",
        "--embedder",
        "none",
        "--job",
        tmp_path / "job",
    )
    progress = json.loads((tmp_path / "job" / "progress.json").read_text())
    assert progress["state"] == "done"
    assert {"read", "tokens", "metrics", "write"} <= {stage["name"] for stage in progress["stages"]}


def test_a_refused_run_tells_its_job(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "job").mkdir()
    run("analyze", home / "none.jsonl", "--dataset", "d", "--version", "v9", "--job", tmp_path / "job")
    progress = json.loads((tmp_path / "job" / "progress.json").read_text())
    assert progress["state"] == "failed"
    assert "none.jsonl" in progress["error"]


def test_fields_types_and_settings_are_taken(run: Run, tmp_path: Path) -> None:
    data = write(tmp_path / "a.jsonl", [{"q": f"问{n}？", "a": f"答{n}。", "k": "写作>诗"} for n in range(4)])
    code, out, err = run(
        "analyze",
        data,
        "--dataset",
        "d",
        "--version",
        "v",
        "--store",
        tmp_path / "s",
        "--json",
        "--map",
        "prompt=q,answer=a",
        "--task-type-field",
        "k",
        "--task-type-separator",
        ">",
        "--embedder",
        "none",
        "--tokenizer",
        "cl100k",
        "--set",
        "lengths.long_prompt=99",
        "--set",
        "skip_checks=answer_length,prompt_length",
    )
    assert code == 0, err
    report = json.loads(out)
    assert report["tokenizer"] == "cl100k"
    assert report["settings"]["lengths"]["long_prompt"] == 99
    assert {c["check"] for c in report["checks"] if c["outcome"] == "skipped"} == {"answer_length", "prompt_length"}
    assert report["intake"]["field_map"]["prompt"] == "q"
    assert report["overview"]["task_types_2"] == 1


def test_a_missing_file_is_refused(run: Run, tmp_path: Path) -> None:
    assert_refused(run("analyze", tmp_path / "no.jsonl", "--dataset", "d", "--version", "v9"), "no.jsonl")


def test_a_file_without_a_good_row_is_refused(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{]\nnot json\n")
    assert_refused(run("analyze", bad, "--dataset", "d", "--version", "v9"), "bad.jsonl", "Expected")
    assert not Store.default().has("d", "v9")


def test_a_folder_without_data_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_refused(run("analyze", tmp_path / "empty", "--dataset", "d", "--version", "v9"), "empty")


def test_an_existing_version_is_refused_before_anything_is_read(run: Run, home: Path) -> None:
    before = Store.default().load("d", "v1").report.created_at
    assert_refused(run("analyze", home / "missing.jsonl", "--dataset", "d", "--version", "v1"), "--replace")
    assert Store.default().load("d", "v1").report.created_at == before


def test_replace_replaces(run: Run, home: Path, tmp_path: Path) -> None:
    common = ["--dataset", "d", "--version", "v", "--store", tmp_path, "--embedder", "none", "--quiet"]
    assert run("analyze", home / "v1.jsonl", *common)[0] == 0
    assert run("analyze", home / "v1.jsonl", home / "v2.jsonl", *common, "--replace")[0] == 0
    assert Store(tmp_path).load("d", "v").report.intake.records == 60


def test_a_folder_that_is_no_report_is_never_replaced(run: Run, home: Path, tmp_path: Path) -> None:
    """`--store .` beside one's own data/v1/ must not cost the data."""
    precious = tmp_path / "data" / "v1" / "train.jsonl"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    for extra in ([], ["--replace"]):
        result = run(
            "analyze",
            home / "v1.jsonl",
            "--dataset",
            "data",
            "--version",
            "v1",
            "--store",
            tmp_path,
            "--embedder",
            "none",
            *extra,
        )
        assert_refused(result, "no report")
        assert precious.read_text() == "mine"


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (["--embedder", "./no/such/folder"], ["./no/such/folder"]),
        (["--tokenizer", "no-such"], ["no-such", "qwen3"]),
        (["--set", "lengths.long_prompt=many"], ["lengths.long_prompt"]),
        (["--set", "no.such=1"], ["no"]),
        (["--set", "seed"], ["--set", "NAME=VALUE"]),
        (["--set", "lengths=5", "--set", "lengths.nope=4"], ["lengths.nope"]),
        (["--set", "skip_checks=answer_lenght"], ["answer_lenght", "answer_length"]),
        (["--set", "checks.nope.pass_at=1", "--set", "checks.nope.warn_at=1"], ["nope"]),
        (["--map", "prompt"], ["--map", "NAME=VALUE"]),
        (["--map", "prompt=nothing"], ["nothing"]),
        (["--map", "nofield=prompt"], ["nofield"]),
        (["--task-type-field", "nothing"], ["nothing"]),
        (["--version", " "], ["blank"]),
        (["--set", "semantic_map.neighbors=0"], ["semantic_map.neighbors"]),
    ],
)
def test_an_option_that_is_off_is_refused(run: Run, home: Path, option: list[str], words: list[str]) -> None:
    result = run("analyze", home / "v1.jsonl", "--dataset", "d", "--version", "v9", "--embedder", "none", *option)
    assert_refused(result, *words)


def test_a_store_that_cannot_be_one_is_refused(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run(
        "analyze",
        home / "v1.jsonl",
        "--dataset",
        "d",
        "--version",
        "v",
        "--store",
        tmp_path / "file",
        "--embedder",
        "none",
    )
    assert_refused(result, str(tmp_path / "file"))


@pytest.mark.parametrize("command", ["show", "check"])
def test_a_missing_report_is_refused_and_the_others_named(run: Run, command: str) -> None:
    assert_refused(run(command, "d", "v7"), "d/v7", "d/v1")


def test_compare_and_export_of_missing_reports_are_refused(run: Run, tmp_path: Path) -> None:
    assert_refused(run("compare", "d", "v1", "v7"), "d/v7")
    assert_refused(run("export-duplicates", "d", "v7", "--out", tmp_path / "x.csv"), "d/v7")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["show", "d"],
        ["export-duplicates", "d", "v1"],
        ["list", "--nope"],
        ["serve", "--port", "http"],
    ],
)
def test_a_call_that_is_off_is_refused(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "usage: diversity" in err


def test_list(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("list")
    assert code == 0
    assert [line.split("\t")[:3] for line in out.splitlines()] == [["d", "v2", "30 records"], ["d", "v1", "30 records"]]
    listed = json.loads(run("list", "--json")[1])
    assert [(row["version"], row["records"], row["rows_set_aside"]) for row in listed] == [("v2", 30, 0), ("v1", 30, 0)]
    assert "analyze" in run("list", "--store", tmp_path / "nothing")[1]
    assert json.loads(run("list", "--store", tmp_path / "nothing", "--json")[1]) == []


@pytest.fixture
def own(run: Run, home: Path, tmp_path: Path) -> Path:
    """A store that holds copies of the two reports, to be damaged."""
    shutil.copytree(home / "store", tmp_path / "store")
    return tmp_path / "store"


def cut(file: Path) -> None:
    content = file.read_bytes()[:300]
    file.unlink()
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("tables/lengths.parquet", ["compare", "d", "v1", "v2"]),
        ("records.parquet", ["compare", "d", "v2", "v1"]),
        ("records.parquet", ["export-duplicates", "d", "v1", "--out", "x.csv"]),
        ("report.json", ["show", "d", "v1"]),
    ],
)
def test_a_damaged_report_is_refused_and_the_mend_said(
    run: Run, own: Path, monkeypatch: pytest.MonkeyPatch, name: str, command: list[str]
) -> None:
    monkeypatch.chdir(own)
    cut(own / "d" / "v1" / name)
    assert_refused(run(*command, "--store", own), "d/v1", name, "--replace")
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    assert_refused(run(*command, "--store", own), "d/v1", name, "--replace", "已损坏")


def test_a_damaged_report_is_marked_in_the_list_and_others_are_shown(run: Run, own: Path) -> None:
    cut(own / "d" / "v1" / "report.json")
    lines = [line.split("\t") for line in run("list", "--store", own)[1].splitlines()]
    assert [line[:3] for line in lines] == [["d", "v2", "30 records"], ["d", "v1", "damaged"]]
    listed = json.loads(run("list", "--json", "--store", own)[1])
    assert [(row["version"], row["damaged"]) for row in listed] == [("v2", False), ("v1", True)]
    assert run("show", "d", "v2", "--store", own)[0] == 0


ESCAPE = "\x1b[2J\x1b[31mBAD\x9b0m"


def test_no_text_of_data_reaches_the_terminal_as_a_command(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    records = [row | {"task_type": f"{ESCAPE}{n % 2}"} for n, row in enumerate(rows(1))]
    data = write(tmp_path / f"{ESCAPE}.jsonl", [*records, {ESCAPE: 1}])
    store = ["--store", str(tmp_path / f"{ESCAPE}store")]
    said = []
    for version in ("v1", "v2"):
        named = ["--dataset", ESCAPE, "--version", version, "--embedder", "none"]
        said.append(run("analyze", data, *named, *store))
    said += [run("list", *store), run("show", ESCAPE, "v1", *store), run("compare", ESCAPE, "v1", "v2", *store)]
    assert [code for code, _, _ in said] == [0] * 5
    broken = write(tmp_path / "broken.jsonl", [{ESCAPE: 1}])
    refused = [
        run("analyze", broken, "--dataset", "d", "--version", "v", *store),
        run("analyze", tmp_path / ESCAPE, "--dataset", "d", "--version", "v", *store),
        run("show", ESCAPE, ESCAPE, *store),
        run("show", "d", "v", ESCAPE),
        run("analyze", data, "--dataset", "d", "--version", "v", "--map", ESCAPE, *store),
    ]
    assert [code for code, _, _ in refused] == [2] * 5
    for _, out, err in (*said, *refused):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", out + err)
    assert all("\\u001b[31mBAD" in out for _, out, _ in said)
    assert all("\\u001b[31mBAD" in err or "\\x1b" in err for _, _, err in refused)


def test_json_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    data = write(tmp_path / "a.jsonl", rows(1))
    named = ["--dataset", ESCAPE, "--version", "v1", "--embedder", "none", "--quiet", "--json"]
    code, out, _ = run("analyze", data, *named, "--store", tmp_path / "store")
    assert (code, json.loads(out)["dataset"]) == (0, ESCAPE)


def test_a_name_that_is_no_unicode_is_refused_before_anything_is_read(run: Run, tmp_path: Path) -> None:
    half = os.fsdecode("数据".encode("gbk"))
    for named in (["--dataset", half, "--version", "v"], ["--dataset", "d", "--version", half]):
        result = run("analyze", tmp_path / "nothing.jsonl", *named, "--store", tmp_path / "store")
        assert_refused(result, "数据", "Unicode")


def test_a_field_of_long_texts_is_said_to_be_no_task_type(run: Run, tmp_path: Path) -> None:
    records = [row | {"task_type": f"{n} " + "这是一段很长的文字，不是标签。" * 300} for n, row in enumerate(rows(1))]
    data = write(tmp_path / "a.jsonl", records)
    named = ["--dataset", "d", "--version", "v", "--embedder", "none", "--quiet"]
    code, out, _ = run("analyze", data, *named, "--store", tmp_path / "store")
    assert code == 0
    assert "30 rows hold a text of more than 200 characters" in out
    report = tmp_path / "store" / "d" / "v" / "report.json"
    assert report.stat().st_size < 200_000
    assert Report.model_validate_json(report.read_bytes()).rows.set_aside == 0


def test_show(run: Run) -> None:
    code, out, _ = run("show", "d", "v1")
    assert code == 0
    assert "answer_duplication" in out
    assert json.loads(run("show", "d", "v1", "--json")[1])["version"] == "v1"


def test_check_is_a_gate(run: Run, home: Path, tmp_path: Path) -> None:
    code, out, _ = run("check", "d", "v1", "--json")
    checks = {check["check"]: check["outcome"] for check in json.loads(out)}
    assert code == 1
    assert checks["answer_duplication"] == "fail"
    assert run("check", "d", "v1")[0] == 1
    failing = ",".join(name for name, outcome in checks.items() if outcome == "fail")
    run(
        "analyze",
        home / "v1.jsonl",
        "--dataset",
        "d",
        "--version",
        "v",
        "--store",
        tmp_path,
        "--embedder",
        "none",
        "--set",
        f"skip_checks={failing}",
    )
    assert run("check", "d", "v", "--store", tmp_path)[0] == 0


def test_compare(run: Run) -> None:
    code, out, _ = run("compare", "d", "v1", "v2")
    assert code == 0
    assert "25 unchanged" not in out
    found = json.loads(run("compare", "d", "v1", "v2", "--json")[1])
    # Five answers were the formula and two records had no type; r0, r6, … and r3, r4 do not overlap.
    assert found["records"] == {"added": 0, "removed": 0, "edited": 7, "unchanged": 23}
    assert {"metrics", "checks", "before", "after", "task_types"} <= set(found)
    assert out.splitlines()[0].startswith("d: v2 against v1: +0 −0 ~7 records;")
    assert out.splitlines()[0].endswith("; 23 unchanged")


def test_a_version_compared_with_itself_is_unchanged(run: Run) -> None:
    found = json.loads(run("compare", "d", "v1", "v1", "--json")[1])
    assert found["records"] == {"added": 0, "removed": 0, "edited": 0, "unchanged": 30}
    assert {delta["verdict"] for delta in found["metrics"]} <= {"same", "unknown"}


def exported(run: Run, out: Path, *more: str) -> int:
    code, said, err = run("export-duplicates", "d", "v1", "--out", out, *more)
    assert code == 0, err
    return int(re.match(r"([\d,]+) rows written", said)[1].replace(",", ""))  # type: ignore[index]


def test_export_in_three_formats_says_the_same(run: Run, tmp_path: Path) -> None:
    assert exported(run, tmp_path / "a.csv") == exported(run, tmp_path / "a.jsonl") == 5
    assert exported(run, tmp_path / "a.parquet") == 5
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    parquet = pd.read_parquet(tmp_path / "a.parquet")
    sheet = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    ids = [row["record_id"] for row in lines]
    assert sorted(ids) == ["r0", "r12", "r18", "r24", "r6"]
    assert parquet["record_id"].tolist() == [row["record_id"] for row in sheet] == ids
    wanted = ["record_id", "turn", "kind", "cluster_id", "representative_id", "similarity", "suggestion", "reason"]
    assert list(parquet.columns)[:8] == list(sheet[0])[:8] == wanted
    assert {row["answer"] for row in lines} == set(parquet["answer"]) == {FORMULA}


def test_a_text_in_a_sheet_is_no_formula(run: Run, tmp_path: Path) -> None:
    exported(run, tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    sheet = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["answer"] for row in sheet} == {"'" + FORMULA}
    assert not any(cell[:1] in "=+-@\t\r\n" for row in sheet for cell in row.values() if cell)


def test_export_of_one_kind(run: Run, tmp_path: Path) -> None:
    assert exported(run, tmp_path / "a.csv", "--kind", "exact") == 5
    assert exported(run, tmp_path / "b.jsonl", "--kind", "near", "--kind", "semantic") == 0
    assert (tmp_path / "b.jsonl").read_text().strip() == ""
    assert run("export-duplicates", "d", "v1", "--out", tmp_path / "c.csv", "--kind", "all")[0] == 2


def test_export_of_prompts(run: Run, tmp_path: Path) -> None:
    answers, prompts = (
        exported(run, tmp_path / "a.jsonl", "--of", "answer"),
        exported(run, tmp_path / "p.jsonl", "--of", "prompt"),
    )
    assert (answers, prompts) == (5, 0)
    assert run("export-duplicates", "d", "v1", "--out", tmp_path / "c.csv", "--of", "system")[0] == 2


def test_an_export_that_cannot_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert_refused(run("export-duplicates", "d", "v1", "--out", tmp_path / "a.xlsx"), ".csv")
    assert_refused(run("export-duplicates", "d", "v1", "--out", tmp_path / "no" / "a.csv"), "no folder")
    assert_refused(run("export-duplicates", "d", "v1", "--out", tmp_path / "folder.csv"), "folder.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


def program(*arguments: str | Path, **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "diversity.cli", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def test_a_reader_that_stops_reading_is_no_error(home: Path) -> None:
    process = program("show", "d", "v1", "--json", "--store", home / "store")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 0


def test_a_terminal_without_chinese_is_no_error(home: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    out, err = program("show", "d", "v1", "--store", home / "store", env=environment).communicate()
    assert "Traceback" not in err
    assert "answer_duplication" in out


def modules_of(code: str) -> set[str]:
    out = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=False
    ).stdout
    return {name.split(".")[0] for name in out.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "code",
    [
        "import diversity",
        "from diversity.cli import build_parser; build_parser().format_help()",
        "from diversity.cli import main; main(['list', '--store', 'nowhere'])",
    ],
)
def test_what_needs_no_model_loads_none(code: str) -> None:
    heavy = {"torch", "streamlit", "umap", "sklearn", "sentence_transformers", "faiss", "transformers", "numba"}
    assert not modules_of(code) & heavy


@pytest.mark.parametrize("code", ["import diversity", "from diversity.cli import build_parser; build_parser()"])
def test_help_loads_no_array_library_either(code: str) -> None:
    assert not modules_of(code) & {"numpy", "pandas", "pyarrow", "pydantic"}


SERVE = """
import subprocess, sys
from diversity import cli
real = subprocess.Popen
wait = "import os, time; open(%r, 'w').write(str(os.getpid())); time.sleep(60)"
cli.subprocess.Popen = lambda command, **more: real([sys.executable, "-c", wait])
sys.exit(cli.main(["serve", "--no-browser"]))
"""


def test_serve_takes_its_server_along_when_it_is_stopped(tmp_path: Path) -> None:
    number = tmp_path / "number"
    process = subprocess.Popen([sys.executable, "-c", SERVE % str(number)], stderr=subprocess.PIPE, cwd=tmp_path)
    wait_until(lambda: number.exists() and bool(number.read_text()))
    process.terminate()
    _, said = process.communicate()
    assert (process.returncode, said) == (0, b"")
    assert not alive(int(number.read_text()))


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def commands() -> dict[str, argparse.ArgumentParser]:
    parser = cli.build_parser()
    sub = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(sub.choices)


def documentation() -> str:
    pages = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages if "decisions" not in page.parts)


def test_every_command_is_documented() -> None:
    text = documentation()
    missing = [name for name in commands() if not re.search(rf"diversity {re.escape(name)}\b", text)]
    assert not missing, f"not in README.md or docs/: {missing}"


def test_every_option_is_documented() -> None:
    text = documentation()
    options = {
        option
        for parser in commands().values()
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }
    missing = sorted(option for option in options if not re.search(rf"{option}(?![\w-])", text))
    assert not missing, f"not in README.md or docs/: {missing}"


def test_both_readmes_name_every_command() -> None:
    for page in (ROOT / "README.md", ROOT / "README.zh.md"):
        text = page.read_text(encoding="utf-8")
        assert not [name for name in commands() if f"diversity {name}" not in text], page.name


def test_the_browser_is_opened_once_the_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(cli.webbrowser, "open", opened.append)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process,
    ):
        port = server.getsockname()[1]
        cli._open_browser(process, "127.0.0.1", port)
        assert process.stdin is not None
        process.stdin.close()
    assert opened == [f"http://127.0.0.1:{port}"]


def test_a_server_that_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.webbrowser, "open", lambda address: pytest.fail("nothing to open"))
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    cli._open_browser(process, "127.0.0.1", 1)
    assert process.returncode == 0


def test_an_unknown_option_is_named_before_a_missing_one(run: Run, home: Path) -> None:
    assert_refused(run("analyze", home / "v1.jsonl", "--datset", "d", "--version", "v1"), "--datset", "--dataset")
    assert_refused(run("list", "--completely-unknown"), "--completely-unknown")


def test_an_unknown_tokenizer_is_refused_before_anything_is_read(run: Run, home: Path, tmp_path: Path) -> None:
    result = run(
        *("analyze", home / "v1.jsonl", "--dataset", "d", "--version", "v1"),
        *("--store", tmp_path, "--tokenizer", "gtp4"),
    )
    assert_refused(result, "gtp4", "qwen3")
    assert "read" not in result[2]
