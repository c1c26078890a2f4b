"""The main way through, in a real browser: upload, wait, read, switch language, compare, download the repeats."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from e2e.screens import open_page, settle

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ANALYSIS_MS = 300_000
TYPES = ["翻译-中译英", "写作-邮件", "逻辑推理-常识推理"]
REFUSAL = "抱歉，作为一个人工智能语言模型，我无法回答这个问题，欢迎随时再来提问。"
_JOINED = "河流车站书本春天咖啡代码合同邻居火车月亮苹果会议天气音乐数学医生厨房花园银行雨伞"
WORDS = [_JOINED[at : at + 2] for at in range(0, len(_JOINED), 2)]


def write_version(path: Path, repeats: int, seed: int) -> Path:
    """Sixty records of which `repeats` share one answer, and a broken row."""
    chance = random.Random(seed)
    rows = []
    for place in range(60):
        subject = "、".join(chance.sample(WORDS, 4))
        answer = REFUSAL if place < repeats else f"关于{subject}，要点是{'，'.join(chance.sample(WORDS, 6))}。"
        rows.append({"instruction": f"请说说{subject}。", "output": answer, "task_type": TYPES[place % len(TYPES)]})
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join([lines[0], '{"instruction": "broken', *lines[1:]]), encoding="utf-8")
    return path


def add_version(page: Any, file: Path) -> None:
    """From the add-data page: uploads a file, runs without an embedder, waits for the overview."""
    page.get_by_role("link", name="Add data", exact=True).click()
    settle(page)
    page.locator('input[type="file"]').set_input_files(str(file))
    page.get_by_text("Prompt ← instruction").wait_for()
    settle(page)
    embedder = page.get_by_role("textbox", name="Embedder")
    embedder.fill("none")
    embedder.press("Enter")
    settle(page)
    page.get_by_role("button", name="Analyse").click()
    page.get_by_text(re.compile(r"records\), \d+ checks: ")).wait_for(timeout=ANALYSIS_MS)
    settle(page)


def verdict(page: Any) -> str:
    """The sentence at the top of the page."""
    return str(page.locator(".dv-sentence").first.inner_text())


def test_from_a_file_to_the_flagged_repeats(server: str, chromium: Any, tmp_path: Path):
    page = open_page(chromium, server, lang="en")
    assert page.get_by_role("button", name="Load the sample data").is_visible()

    add_version(page, write_version(tmp_path / "chat.jsonl", repeats=24, seed=1))
    assert verdict(page).startswith("v1 (60 records)")
    assert "dataset=chat&version=v1" in page.url

    add_version(page, write_version(tmp_path / "chat.jsonl", repeats=3, seed=2))
    assert verdict(page).startswith("v2 (60 records)")

    page.get_by_text("中文", exact=True).click()
    page.get_by_role("heading", name="总览").wait_for()
    settle(page)
    assert verdict(page).startswith("v2（60 条）")
    page.get_by_text("English", exact=True).click()
    page.get_by_role("heading", name="Overview").wait_for()

    _narrow_window(page)
    _back_to_a_page_of_records(page, server)
    _rows_set_aside(page)
    _compare(page, server)
    _download_repeats(page, server, tmp_path)


def _narrow_window(page: Any) -> None:
    """Beside the open sidebar of a small screen, no link of a check is cut off or lies on its figures."""
    usual = page.viewport_size
    page.set_viewport_size({"width": 1024, "height": 900})
    page.wait_for_timeout(500)
    for row in page.locator('[class*="st-key-overview-checks"] [data-testid="stHorizontalBlock"]').all():
        check = row.locator(".dv-check")
        text_ends = check.bounding_box()["x"] + check.bounding_box()["width"]
        assert check.evaluate("one => one.scrollWidth <= one.clientWidth")
        for link in row.get_by_role("link").all():
            assert link.bounding_box()["x"] >= text_ends
            assert link.evaluate("one => one.scrollWidth <= one.clientWidth")
    page.set_viewport_size(usual)


def _back_to_a_page_of_records(page: Any, server: str) -> None:
    page.goto(f"{server}/browse?lang=en&dataset=chat&version=v2&page=2")
    page.get_by_text("51–60 of 60").wait_for()
    settle(page)
    page.get_by_role("link", name="Lengths", exact=True).click()
    page.get_by_role("heading", name="Lengths", exact=True).wait_for()
    settle(page)
    page.go_back()
    page.get_by_text("51–60 of 60").wait_for()
    settle(page)


def _rows_set_aside(page: Any) -> None:
    page.get_by_role("link", name="Rows set aside", exact=True).click()
    page.get_by_role("button", name="Download 1 row as CSV").wait_for()
    assert "version=v2" in page.url


def _compare(page: Any, server: str) -> None:
    page.goto(f"{server}/versions?lang=en&dataset=chat&version=v2&compare=v1")
    page.get_by_role("heading", name="Compare versions").wait_for()
    settle(page)
    said = page.locator('[data-testid="stMainBlockContainer"]').inner_text()
    assert "v2 against v1" in said
    assert re.search(r"[+−~]\s?\d+", said)


def _download_repeats(page: Any, server: str, folder: Path) -> None:
    page.goto(f"{server}/answer_duplicates?lang=en&dataset=chat&version=v1")
    page.get_by_role("heading", name="Answer duplicates").wait_for()
    settle(page)
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile("Download .*flagged row")).click()
    target = folder / "flagged.csv"
    started.value.save_as(target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 24
    assert sum(row["answer"] == REFUSAL for row in rows) == 24
    assert sum(row["suggestion"] == "drop" for row in rows) >= 23
