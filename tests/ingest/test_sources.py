from __future__ import annotations

from pathlib import Path

from diversity.ingest.sources import UPLOADS, shown_name


def test_what_came_through_the_browser_goes_by_its_own_name() -> None:
    assert shown_name(Path("store") / UPLOADS / "50fe7a" / "对话.jsonl") == "对话.jsonl"
    assert shown_name(Path("data/train.jsonl")) == str(Path("data/train.jsonl"))
