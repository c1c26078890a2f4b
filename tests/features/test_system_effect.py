"""Evidence of whole records, the sum of it, and the constructed set that the weights come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diversity.features.system_effect import (
    DEFAULT_SYSTEM_EFFECT,
    check_records,
    log_odds,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "system_effect.jsonl"


def golden() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def test_requests_of_a_record_are_sorted_by_what_became_of_them() -> None:
    system = "请用英文回答，不要使用 Markdown。输出 JSON。"
    row = check_records([system], [["你好吗"]], [["Fine, thank you for asking, and you?"]]).to_pylist()[0]
    assert row["kept"] == ["language:en"]
    assert row["anyway"] == ["not:markdown"]
    assert row["broken"] == ["json"]
    assert row["evidence"] > 2


def test_a_system_that_asks_for_nothing_gives_no_evidence() -> None:
    rows = check_records(["You are a helpful assistant.", ""], [["hi"], ["hi"]], [["hello"], ["hello"]]).to_pylist()
    assert rows == [{"kept": [], "anyway": [], "broken": [], "evidence": 0.0}] * 2


def test_a_row_depends_on_its_own_texts_alone() -> None:
    records = golden()[::7]
    whole = check_records(
        [one["system"] for one in records], [[one["prompt"]] for one in records], [[one["answer"]] for one in records]
    ).to_pylist()
    for one, row in zip(records, whole, strict=True):
        assert check_records([one["system"]], [[one["prompt"]]], [[one["answer"]]]).to_pylist() == [row]


def test_log_odds_by_hand() -> None:
    s = DEFAULT_SYSTEM_EFFECT
    nan = np.nan
    total = log_odds(
        np.array([0.0, 1.0, 99.0, 0.0]),
        np.array([0, 1, 5, 0]),
        np.array([nan, 0.1, 0.0, 0.2]),
        np.array([nan, 0.2, 0.0, nan]),
    )
    expected = [
        s.base_alone,
        s.base + 1 + s.run + s.words * 0.1 + s.meaning * 0.2,
        s.base + s.most + 2 * s.run,
        s.base_alone + s.words_alone * 0.2,
    ]
    assert total == pytest.approx(expected)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_constructed_set(language: str) -> None:
    """Requests alone, without any gain: nothing decorative is taken for effective, most effective ones are seen."""
    records = [one for one in golden() if one["language"] == language]
    checked = check_records(
        [one["system"] for one in records], [[one["prompt"]] for one in records], [[one["answer"]] for one in records]
    )
    evidence = np.asarray(checked["evidence"].to_numpy())
    zero, none = np.zeros(len(records), np.int64), np.full(len(records), np.nan)
    effective = np.array([one["label"] == "effective" for one in records])
    told = log_odds(evidence, zero, none, none) > 0
    assert told[effective].mean() >= 0.75
    assert told[~effective].mean() <= 0.05
