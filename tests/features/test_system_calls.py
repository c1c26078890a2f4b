"""Calls of tools, read from the records' own fields, for the asked rows only and across batches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers import MakeInputs

from diversity.features import system_calls
from diversity.features.system_calls import messages_to_tools


def row(n: int, called: bool) -> dict[str, Any]:
    messages = [{"role": "user", "content": f"How high is the water at pier {n}?"}]
    if called:
        call = {"type": "function", "function": {"name": f"tide_{n}", "arguments": "{}"}}
        messages += [
            {"role": "assistant", "content": None, "tool_calls": [call]},  # type: ignore[dict-item]
            {"role": "tool", "content": "2"},
        ]
    return {"id": f"r{n}", "messages": [*messages, {"role": "assistant", "content": f"It is {n} metres."}]}


@pytest.mark.parametrize("batch", [2, 3, 100])
def test_calls_of_the_asked_rows_in_their_order(
    make_inputs: MakeInputs, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(system_calls, "BATCH", batch)
    corpus = make_inputs([row(n, called=n % 2 == 0) for n in range(9)]).corpus
    found = messages_to_tools(corpus, np.array([0, 3, 4, 8]))
    assert [len(calls) for calls in found] == [1, 0, 1, 1]
    assert [f"tide_{n}" in "".join(calls) for n, calls in zip((0, 3, 4, 8), found, strict=True)] == [
        True,
        False,
        True,
        True,
    ]
    assert messages_to_tools(corpus, np.array([], np.int64)) == []


def test_a_corpus_without_a_folder_has_no_calls(make_inputs: MakeInputs) -> None:
    corpus = make_inputs([row(0, called=True)]).corpus
    assert messages_to_tools(replace(corpus, folder=None), np.array([0])) == [()]
