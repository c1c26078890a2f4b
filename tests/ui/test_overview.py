"""What the overview says to do next."""

from __future__ import annotations

from pathlib import Path

import pytest

from diversity.store import Store
from diversity.ui import overview
from ui.factory import check, ordinary, write_report


def test_advice_of_several_pages_comes_before_more_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {"long_prompts": "lengths", "prompt_length": "lengths", "task_type_coverage": "task_types"}
    monkeypatch.setattr(overview, "check_page", lambda one: pages[one.check])
    checks = [check(name, "fail", advice="x") for name in ("long_prompts", "prompt_length", "task_type_coverage")]
    write_report(tmp_path, "d", "v1", ordinary(), checks)
    steps = overview.next_steps(Store(tmp_path).load("d", "v1").report, more_versions=True)
    assert [page for _, page, _ in steps] == ["lengths", "task_types", "lengths"]


def test_what_fails_comes_before_what_warns_of_a_page_not_yet_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"long_prompts": "lengths", "prompt_length": "lengths", "task_type_coverage": "task_types"}
    monkeypatch.setattr(overview, "check_page", lambda one: pages[one.check])
    outcomes = {"task_type_coverage": "warn", "long_prompts": "fail", "prompt_length": "fail"}
    write_report(
        tmp_path, "d", "v1", ordinary(), [check(name, outcome, advice="x") for name, outcome in outcomes.items()]
    )
    steps = overview.next_steps(Store(tmp_path).load("d", "v1").report, more_versions=True)
    assert [page for _, page, _ in steps] == ["lengths", "lengths", "task_types"]
