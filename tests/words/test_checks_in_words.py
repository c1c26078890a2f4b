"""Verdicts in words, for every check of the catalogue and for ones it does not know."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ui.factory import check, ordinary, write_report

from diversity.store import Store
from diversity.words import checks as checks_in_words
from diversity.words.catalogue import catalogue
from diversity.words.checks import (
    advice_sentence,
    check_sentence,
    check_title,
    error_sentence,
    headline,
    numbers,
    shown_value,
    threshold_text,
    worst_first,
)


def test_worst_first_and_answers_before_the_rest():
    checks = [
        check("a", "pass"),
        check("b", "not_applicable", None),
        check("c", "fail", group="prompts"),
        check("d", "warn"),
        check("e", "fail"),
    ]
    assert [c.check for c in worst_first(checks)] == ["e", "c", "d", "a", "b"]


@pytest.mark.parametrize(
    ("value", "more", "shown"),
    [
        (0.0204, {}, "2.04%"),
        (0.02, {}, "2.0%"),
        (0.019999, {}, "1.9999%"),
        (0.0499, {}, "4.99%"),
        (0.093, {}, "9.3%"),
        (0.99967, {"direction": "higher", "threshold": {"pass": 1.0, "warn": 0.95}}, "99.97%"),
        (3.4999, {"direction": "higher", "threshold": {"pass": 3.5, "warn": 2.0}, "unit": "buckets"}, "3.4999 buckets"),
        (3.5, {"direction": "higher", "threshold": {"pass": 3.5, "warn": 2.0}, "unit": "buckets"}, "3.50 buckets"),
        (None, {}, "–"),
    ],
)
def test_a_figure_does_not_read_as_the_limit_that_it_misses(
    monkeypatch: pytest.MonkeyPatch, value: float | None, more: dict[str, Any], shown: str
):
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    found = check("x", "warn", value, **more)
    assert shown_value(found) == shown
    assert numbers(found)["value"] == shown


@pytest.mark.parametrize("outcome", ["pass", "warn", "fail"])
def test_a_check_the_catalogue_does_not_know_still_speaks(outcome: str):
    unknown = check("brand_new_check", outcome, 0.5, advice="do_something")
    assert check_title(unknown) == "brand new check"
    assert "50.0%" in check_sentence(unknown)
    assert (advice_sentence(unknown) is None) == (outcome == "pass")


def test_no_figure_says_why():
    assert check_sentence(check("x", "not_applicable", None, reason="no_task_types")) != ""
    assert "odd_reason" in check_sentence(check("x", "not_applicable", None, reason="odd_reason"))
    assert check_sentence(check("x", "skipped", 0.3)) == check_sentence(check("y", "skipped", None))


def test_evidence_in_words():
    found = numbers(check(evidence={"largest": "head", "top_type": "head", "n": 3}, value=0.25))
    assert found["largest"] != "head"
    assert found["top_type"] == "head"
    assert found["n"] == 3
    assert found["value"] == "25.0%"


def test_threshold_knows_its_direction():
    assert threshold_text(check()) == "≤ 2.0%"
    assert threshold_text(check(direction="higher")) == "≥ 2.0%"
    assert threshold_text(check(direction="none")) == ""


def test_headline_counts_what_was_judged(tmp_path: Path):
    checks = [check("a", "pass"), check("never_heard_of", "fail", 0.093), check("c", "not_applicable", None)]
    write_report(tmp_path, "d", "v1", ordinary(), checks)
    said = headline(Store(tmp_path).load("d", "v1").report)
    assert "v1" in said
    assert "9.3%" in said
    assert " 3 " not in said


@pytest.mark.parametrize(
    ("language", "says", "advises"),
    [
        (
            "en",
            "1 file is not whole: b.json.gz (The file ends in the middle of a row; line 7 of the file)",
            "whole file",
        ),
        ("zh", "有 1 个文件不完整：b.json.gz（文件在一行中间断了；文件第 7 行）", "重新下载"),
    ],
)
def test_a_damaged_file_is_named_with_its_damage(
    monkeypatch: pytest.MonkeyPatch, language: str, says: str, advises: str
):
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    evidence = {"set_aside": 0, "read": 9, "reason": "no_answer", "reason_count": 1, "damaged": 1}
    evidence |= {"file": "/a/b.json.gz", "damage": "truncated_file", "detail": "line 7 of the file"}
    cut = check("rows_set_aside", "fail", 0.0, advice="whole_file", evidence=evidence)
    assert check_sentence(cut).startswith(says)
    assert advises in (advice_sentence(cut) or "")


def test_an_error_is_said_in_the_readers_language(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    facts = {"what": "a.csv", "fields": "x", "file": "a.csv", "line": "3", "reason": "no_answer", "detail": "x"}
    said = error_sentence("no_good_row_first", "not one row", facts)
    assert "没有一行能用" in said
    assert "第 3 行：没有" in said
    assert "第 3 条：没有" in error_sentence("no_good_row_first", "not one row", facts | {"numbered": "row"})
    assert error_sentence(None, "ValueError: odd", {}) == "ValueError: odd"
    assert error_sentence("of_another_version", "the message", {}) == "the message"


def test_every_error_with_a_code_has_its_words():
    source = Path(checks_in_words.__file__).parents[1]
    code = re.compile(r'(?:InputError|UsageError)\((?:[^()]|\([^()]*\))*?,\s*"([a-z_]+)"')
    codes = {found for path in source.rglob("*.py") for found in code.findall(path.read_text(encoding="utf-8"))}
    assert {"no_such_path", "empty_file", "version_exists"} <= codes
    assert {f"error.{found}" for found in codes} <= catalogue("en").keys()


def test_a_figure_of_zero_has_a_sentence_of_its_own_where_there_is_one():
    openings = {"phrase": "As", "count": 3, "texts": 9}
    none = check("answer_openings", "pass", 0.0)
    some = none.model_copy(update={"value": 0.03, "evidence": openings})
    assert check_sentence(none) == catalogue("en")["check.answer_openings.pass_none"]
    assert "3.0%" in check_sentence(some)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_says_zero_percent(monkeypatch: pytest.MonkeyPatch, language: str):
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    lengths = {"median": 25, "long_share": 0.0, "long_from": 512}
    held = [
        check("prompt_length", "warn", 2.5, unit="buckets", evidence=lengths),
        check("task_type_coverage", "fail", 0.0, evidence={"missing": 9}),
        check("rows_set_aside", "pass", 0.0, evidence={"set_aside": 0}),
        check("system_effect", "fail", 0.0, evidence={"with_system": 0, "effective": 0.0}, advice="add_systems"),
        check("label_agreement", "pass", 0.0, evidence={"judged": 90, "doubted": 0, "accuracy": 0.815}),
        check("answer_duplication", "pass", 0.0, evidence={"exact_ratio": 0.0, "near_ratio": 0.0}),
    ]
    said = [check_sentence(one) for one in held]
    assert not [sentence for sentence in said if "0.0%" in sentence]
    some = held[0].model_copy(update={"evidence": lengths | {"long_share": 1 / 52002}})
    assert "0.002%" in check_sentence(some)


def test_figures_next_to_none_are_not_none(monkeypatch: pytest.MonkeyPatch):
    assert shown_value(check("x", "pass", 1 / 52002)) == "0.002%"
    assert shown_value(check("x", "pass", 0.0)) == "0.0%"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("outcome", ["pass", "warn", "fail"])
def test_a_set_without_types_is_not_named_as_one(monkeypatch: pytest.MonkeyPatch, language: str, outcome: str):
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    evidence = {"top": None, "wording": "w", "share": 0.493, "prompts": 3487, "expected": 4.0, "draw": 10}
    said = check_sentence(check("prompt_wording", outcome, 0.476, evidence=evidence))
    assert "–" not in said
    assert all(figure in said for figure in ("49.3%", "47.6%", "3,487"))
    assert "“–”" not in check_sentence(check("prompt_wording", outcome, 0.476, evidence=evidence | {"top": "t"}))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("outcome", ["pass", "warn", "fail"])
def test_the_sentence_on_telltale_words_has_the_figure_that_is_held(
    monkeypatch: pytest.MonkeyPatch, language: str, outcome: str
):
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    evidence = {"tokens": 2, "accuracy": 0.678, "baseline": 0.125, "token": "x", "task_type": "t"}
    said = check_sentence(check("trigger_tokens", outcome, 0.633, evidence=evidence | {"inside": 0.9, "outside": 0.1}))
    assert "63.3%" in said
    assert "67.8%" in said


def test_no_evidence_acts_on_a_terminal():
    bad = "\x1b[31mBAD"
    said = numbers(check(evidence={"file": f"x/{bad}", "phrase": bad, "names": [bad, bad], "kind": bad, "n": 3}))
    assert said["file"] == said["phrase"] == "\\u001b[31mBAD"
    assert said["names"] == ["\\u001b[31mBAD"] * 2
    assert said["n"] == 3
