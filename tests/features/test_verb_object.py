"""Verb and object of a request, on phrasings written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diversity.features.verb_object import verb_object

GOLDEN = Path(__file__).parents[1] / "golden" / "verb_objects.jsonl"


def golden(language: str) -> list[dict[str, str]]:
    rows = [json.loads(line) for line in GOLDEN.open(encoding="utf-8")]
    return [row for row in rows if row["language"] == language]


@pytest.mark.parametrize(("language", "verbs", "pairs"), [("en", 1.0, 0.95), ("zh", 0.95, 0.8)])
def test_requests_written_by_hand(language: str, verbs: float, pairs: float) -> None:
    rows = golden(language)
    found = [verb_object(row["prompt"]) for row in rows]
    told = [(verb == row["verb"], thing == row["object"]) for (verb, thing), row in zip(found, rows, strict=True)]
    assert len(rows) == 30
    assert sum(verb for verb, _ in told) / len(rows) >= verbs
    assert sum(verb and thing for verb, thing in told) / len(rows) >= pairs


@pytest.mark.parametrize(
    "prompt", ["", "   ", "？？", '"', "把", "将", "给", "请", "= 1", "12345", "👍", "的的的", "\ud800"]
)
def test_no_request_is_no_trouble(prompt: str) -> None:
    verb, thing = verb_object(prompt)
    assert verb is None or verb
    assert thing is None or thing


def test_only_the_opening_is_read() -> None:
    assert verb_object("x" * 100_000 + " write a poem") == (None, None)
