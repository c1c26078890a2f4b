from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diversity.corpus import Corpus, batches
from diversity.ingest import ingest


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    (tmp_path / "tables").mkdir()
    turns = [
        {"role": "system", "content": "简短回答"},
        {"role": "user", "content": "一"},
        {"role": "assistant", "content": "甲"},
        {"role": "user", "content": "二"},
        {"role": "assistant", "content": "乙"},
    ]
    rows = [
        {"id": "a", "prompt": "p", "answer": "q", "task_type": "写作-诗"},
        {"id": "b", "messages": turns},
        {"id": "c", "prompt": "r", "answer": "s", "task_type": "翻译"},
    ]
    ingest(rows, tmp_path)
    return Corpus.open(tmp_path)


def test_units_are_numbered_in_reading_order(corpus: Corpus) -> None:
    assert (corpus.record_count, corpus.unit_count) == (3, 4)
    assert corpus.record_of_unit.tolist() == [0, 1, 1, 2]
    assert corpus.turn_of_unit.tolist() == [0, 0, 1, 0]
    assert corpus.first_units.tolist() == [0, 1, 3]
    assert corpus.prompts.to_pylist() == ["p", "一", "二", "r"]
    assert corpus.answers.to_pylist() == ["q", "甲", "乙", "s"]
    assert corpus.record_ids.to_pylist() == ["a", "b", "c"]


def test_unit_keys_of_all_and_of_some(corpus: Corpus) -> None:
    every = {name: column.to_pylist() for name, column in corpus.unit_keys().items()}
    assert every == {"record_id": ["a", "b", "b", "c"], "turn": [0, 0, 1, 0]}
    some = corpus.unit_keys(np.array([2, 0]))
    assert (some["record_id"].to_pylist(), some["turn"].to_pylist()) == (["b", "a"], [1, 0])
    assert len(corpus.unit_keys(np.array([], dtype=np.int64))["turn"]) == 0


def test_task_types_by_level(corpus: Corpus) -> None:
    assert corpus.task_types(1).to_pylist() == ["写作", None, "翻译"]
    assert corpus.task_types(2).to_pylist() == ["诗", None, None]


def test_batches_hold_every_text_once_in_order(corpus: Corpus) -> None:
    for size in (1, 3, 4, 100):
        found = list(batches(corpus.prompts, size))
        assert [text for batch in found for text in batch] == ["p", "一", "二", "r"]
        assert all(0 < len(batch) <= size for batch in found)
