from __future__ import annotations

from typing import Any

import pytest
import reports

from diversity.errors import InputError, UsageError
from diversity.report import Check, Report, Rows
from diversity.words.checks import error_sentence
from diversity.words.terminal import error_line, report_lines


def report(checks: list[Check]) -> Report:
    plain, rows = reports.report(), Rows(read=1200, set_aside=2)
    intake = plain.intake.model_copy(update={"rows": rows, "records": 1198, "units": 1300})
    named = {"dataset": "数据", "version": "v1", "tokenizer": "qwen3"}
    return plain.model_copy(update={**named, "intake": intake, "rows": rows, "checks": checks})


def test_the_verdict_first_then_the_checks_worst_first() -> None:
    threshold = {"pass": 0.02, "warn": 0.1}
    checks = [
        Check(
            check="fine",
            group="answers",
            metric="m",
            outcome="pass",
            value=4.2,
            unit="buckets",
            threshold={"pass": 3.5, "warn": 2},
            direction="higher",
        ),
        Check(check="unknown", group="answers", metric="m", outcome="not_applicable", reason="no_task_types"),
        Check(
            check="bad",
            group="answers",
            metric="m",
            outcome="fail",
            advice="mend",
            value=0.123,
            threshold=threshold,
            direction="lower",
        ),
    ]
    head, rows, *lines = report_lines(report(checks))
    assert head == "数据 v1: 1,198 records, 1 of 2 checks pass"
    assert "rows read 1,200, set aside 2" in rows
    assert [line.split()[0] for line in lines if not line.startswith("    ")] == ["✗", "✓", "–"]
    assert "bad" in lines[0]
    assert "12.3%" in lines[0]
    assert lines[0].endswith("(passes ≤ 2.0%)")
    assert "12.3%" in lines[1]
    assert lines[2].startswith("    Do next:")
    assert "4.20" in lines[3]
    assert lines[4].split()[:3] == ["–", "no", "figure"]


def test_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIVERSITY_LANGUAGE")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert report_lines(report([]))[0] == "数据 v1：1,198 条，0 项检查中 0 项通过"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert report_lines(report([]))[0] == "数据 v1: 1,198 records, 0 of 0 checks pass"


def test_columns_line_up_where_characters_are_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    limits: dict[str, Any] = {"threshold": {"pass": 0.02, "warn": 0.1}, "direction": "lower", "value": 0.01}
    checks = [
        Check(check="one", group="answers", metric="m", outcome="pass", **limits),
        Check(check="two", group="answers", metric="m", outcome="fail", **limits),
    ]
    lines = [line for line in report_lines(report(checks))[2:] if not line.startswith("    ")]
    places = {columns(line[: line.index("1.0%")]) for line in lines}
    assert len(places) == 1


def columns(text: str) -> int:
    return sum(2 if "\u2e80" <= character <= "\uffef" else 1 for character in text)


def test_an_error_in_chinese_and_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    error = UsageError("the message, with --replace", "version_exists", dataset="数据", version="v1")
    assert error_line(error) == "the message, with --replace"
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    assert error_line(error) == "数据/v1 已经有报告了。请换一个版本名，或加上 --replace。"
    assert error_line(UsageError("without a code")) == "without a code"


def test_tools_are_told_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = report([])
    told = plain.model_copy(update={"intake": plain.intake.model_copy(update={"tool_turns": 434})})
    assert "tool" not in report_lines(plain)[1].replace("tokenizer", "")
    assert report_lines(told)[1].endswith("; 434 tool calls and results in no prompt and no answer")
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    assert report_lines(told)[1].endswith("；另有 434 个工具调用/返回轮次不计入 prompt 和答案")


def test_fields_that_are_unknown_are_mended_with_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    error = InputError("m", "no_usable_field", what="a.csv", fields="标题, 正文", example="prompt=标题,answer=正文")
    assert error_line(error).endswith("例如 --map prompt=标题,answer=正文")
    assert "自己指定字段" in error_sentence(error.code, "m", error.facts)
