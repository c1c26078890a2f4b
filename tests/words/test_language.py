"""Texts from data, where a terminal shows them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.words.language import harmless, one_line, p_value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[31mBAD", "\\u001b[2J\\u001b[31mBAD"),
        ("a\x07\x08b", "a\\u0007\\u0008b"),
        ("a\x7fb", "a\\u007fb"),
        ("a\x9b31mb", "a\\u009b31mb"),
        ("请\u202e解释", "请\\u202e解释"),
        ("a\ud800", "a\\ud800"),
        ("翻译 👩‍👧 é", "翻译 👩‍👧 é"),
    ],
)
def test_what_acts_is_shown_as_its_code(text: str, shown: str) -> None:
    assert harmless(text) == one_line(text) == shown


def test_only_a_sentence_keeps_its_lines() -> None:
    assert harmless("a\tb\nc") == "a\tb\nc"
    assert harmless("a\rb") == "a\\u000db"
    assert one_line("a\tb\r\nc\x1cd\x85e") == "a b c d e"


@given(st.text(st.characters(codec=None)))
def test_no_control_is_left(text: str) -> None:
    assert not [one for one in harmless(text) if unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t"]
    assert not [one for one in one_line(text) if unicodedata.category(one) in ("Cc", "Cs")]


def test_no_chance_is_nought() -> None:
    assert [p_value(p) for p in (0.0, 0.0004, 0.0006, 0.25, None)] == ["<0.001", "<0.001", "0.001", "0.250", "–"]
