"""Differences word by word, in Chinese character by character, losing nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.ui.diff_view import differences, marked_sides, pieces


@given(st.text())
def test_pieces_are_the_text_again(text):
    assert "".join(pieces(text)) == text


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_sides_are_whole(before, after):
    found = differences(before, after)
    assert "".join(old for _, old, _ in found) == before
    assert "".join(new for _, _, new in found) == after
    assert all(old == new for kind, old, new in found if kind == "equal")


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("今天天气很好", "今天天气不好", [("很", "不")]),
        ("the red house", "the blue house", [("red", "blue")]),
        ("same", "same", []),
        ("第13号仓库", "第16号仓库", [("13", "16")]),
        ("one", "one two", [("", " two")]),
    ],
)
def test_what_changed(before, after, changed):
    assert [(old, new) for kind, old, new in differences(before, after) if kind == "change"] == changed


def test_markup_in_texts_is_text():
    left, right = marked_sides("<script>a</script>", "<script>b</script>")
    for side in (left, right):
        assert "<script>" not in side
        assert "&lt;script&gt;" in side.replace('<mark class="dv-del">', "").replace(
            '<mark class="dv-ins">', ""
        ).replace("</mark>", "")


def test_an_accent_is_not_torn_from_its_letter() -> None:
    text = "cafe\u0301 ok, हिन्दी"
    assert pieces(text) == ["cafe\u0301", " ", "ok", ",", " ", "हिन्दी"]
