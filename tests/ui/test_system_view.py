"""A system and its answers side by side."""

from __future__ import annotations

import json

import pytest

from diversity.ui.system_view import sides


def test_the_call_that_the_evidence_speaks_of_stands_before_the_answer_that_rests_on_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    messages = [
        {"from": "human", "value": "How high is the water?"},
        {"from": "function_call", "value": 'get_tide("<pier>")'},
        {"from": "observation", "value": "2.0"},
        {"from": "gpt", "value": "Two metres."},
    ]
    record = {
        "system": "You may call get_tide(place).",
        "turns": [{"query": "How high is the water?", "answer": "Two metres."}],
        "source": json.dumps({"conversations": messages}),
        "kept": ["tool:get_tide"],
    }
    drawn = sides(record, 1000)
    assert drawn.count('<mark class="dv-hit">get_tide</mark>') == 2
    assert drawn.index("Tool call") < drawn.index("&lt;pier&gt;") < drawn.index("Two metres.")
    assert "2.0" not in drawn
    assert "Tool call" not in sides(record | {"source": None}, 1000)
