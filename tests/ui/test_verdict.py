"""Verdicts in words, for every check of the catalogue and for ones it does not know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diversity.store import Store
from diversity.ui import verdict
from diversity.ui.catalogue import catalogue
from diversity.ui.verdict import (
    advice_sentence,
    check_page,
    check_sentence,
    check_title,
    headline,
    history_bars,
    meter,
    numbers,
    threshold_text,
    worst_first,
)
from ui.factory import check, ordinary, write_report


def test_worst_first_and_answers_before_the_rest():
    checks = [
        check("a", "pass"),
        check("b", "not_applicable", None),
        check("c", "fail", group="prompts"),
        check("d", "warn"),
        check("e", "fail"),
    ]
    assert [c.check for c in worst_first(checks)] == ["e", "c", "d", "a", "b"]


@pytest.mark.parametrize("outcome", ["pass", "warn", "fail"])
def test_a_check_the_catalogue_does_not_know_still_speaks(outcome: str):
    unknown = check("brand_new_check", outcome, 0.5, advice="do_something")
    assert check_title(unknown) == "brand new check"
    assert "50.0%" in check_sentence(unknown)
    assert check_page(unknown) == "browse"
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


def test_headline_counts_what_was_judged(store):
    checks = [check("a", "pass"), check("never_heard_of", "fail", 0.093), check("c", "not_applicable", None)]
    write_report(store, "d", "v1", ordinary(), checks)
    said = headline(Store(store).load("d", "v1").report)
    assert "v1" in said
    assert "9.3%" in said
    assert " 3 " not in said


@pytest.mark.parametrize("value", [0.0, 0.02, 0.5, 1.0, 7.0])
def test_meter_stays_on_its_scale(value: float):
    drawn = meter(check(value=value, unit="ratio" if value <= 1 else "score"))
    widths = [int(part.split("%")[0]) for part in drawn.split("width:")[1:] + drawn.split("left:")[1:]]
    assert len(widths) == 2
    assert all(0 <= width <= 100 for width in widths)


def test_history_needs_two_figures():
    assert "dv-bar" not in history_bars([("v1", 0.1, "pass")], "ratio")
    drawn = history_bars([("v1", 0.1, "fail"), ("<v2>", None, "skipped"), ("v3", 0.05, "pass")], "ratio")
    assert drawn.count("dv-bar") == 3
    assert "&lt;v2&gt;" in drawn


def test_an_error_is_said_in_the_readers_language(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("diversity.ui.i18n.language", lambda: "zh")
    facts = {"what": "a.csv", "fields": "x", "file": "a.csv", "line": "3", "reason": "no_answer", "detail": "x"}
    said = verdict.error_sentence("no_good_row_first", "not one row", facts)
    assert "没有一行能用" in said
    assert "第 3 行：没有" in said
    assert verdict.error_sentence(None, "ValueError: odd", {}) == "ValueError: odd"
    assert verdict.error_sentence("of_another_version", "the message", {}) == "the message"


def test_every_error_with_a_code_has_its_words():
    source = Path(verdict.__file__).parents[1]
    code = re.compile(r'(?:InputError|UsageError)\((?:[^()]|\([^()]*\))*?,\s*"([a-z_]+)"')
    codes = {found for path in source.rglob("*.py") for found in code.findall(path.read_text(encoding="utf-8"))}
    assert {"no_such_path", "empty_file", "version_exists"} <= codes
    assert {f"error.{found}" for found in codes} <= catalogue("en").keys()
