"""The marked passage and its place on the ruler."""

from __future__ import annotations

import pytest

from diversity.ui import prompt_view
from diversity.ui.prompt_view import prompt_markup, ruler_markup


def test_the_passage_is_marked_and_the_rest_escaped():
    assert prompt_markup("<b>ab</b>", 3, 5) == '&lt;b&gt;<mark class="dv-hit">ab</mark>&lt;/b&gt;'


def test_a_long_prompt_is_cut_around_its_passage_and_says_so(monkeypatch):
    monkeypatch.setattr("diversity.ui.prompt_view.t", lambda key, **numbers: f"[{numbers['n']}]")
    made = prompt_markup("x" * 100 + "HERE" + "y" * 50, 100, 104, around=10)
    assert "[90]" in made
    assert "[40]" in made
    assert "x" * 10 + '<mark class="dv-hit">HERE</mark>' + "y" * 10 in made


def test_no_passage_no_mark():
    assert "mark" not in prompt_markup("text", -1, -1)


def test_the_ruler_stands_where_the_passage_is(monkeypatch):
    monkeypatch.setattr("diversity.ui.prompt_view.t", lambda key, **numbers: key)
    made = ruler_markup(50, 60, 100, 0.55)
    assert "top:50.00%;height:10.00%" in made
    assert "55%" in made


@pytest.mark.parametrize(("kind", "marked"), [("localised", True), ("none", False)])
def test_the_nearest_candidate_is_no_finding(monkeypatch, kind, marked):
    made = []
    monkeypatch.setattr(prompt_view, "show", made.append)
    monkeypatch.setattr(prompt_view, "t", lambda key, **numbers: key)
    monkeypatch.setattr(prompt_view, "percent", str)
    unit = {"prompt": "abcdef", "answer": "x", "class": kind, "span_start": 1, "span_end": 3, "position": 0.3}
    prompt_view.show_prompt(unit)
    assert ("dv-hit" in made[0]) is marked
    assert ("dv-here" in made[0]) is marked
