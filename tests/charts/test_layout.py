"""Names from the data reach plotly as texts, whole, and token axes speak in doublings."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.charts.layout import NAME_LIMIT, doublings, escaped, label, rows_height, share_axis, token_axis, width

HOSTILE = ["<b>bold</b>", '<a href="javascript:alert(1)">x</a>', "&lt;script&gt;", "%{x}", "a\nb", "‮gnp.exe"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_markup_or_template(name):
    for made in (escaped(name), label(name).replace("<br>", "")):
        assert "<" not in made
        assert ">" not in made
        assert "%{" not in made
        assert "\n" not in made
        assert "‮" not in made


def test_an_entity_in_a_name_stays_the_letters_it_is():
    assert escaped("a&lt;b") == "a&amp;lt;b"


@given(st.text())
def test_labels_are_safe_and_never_empty(name):
    made = label(name)
    assert made
    assert "<" not in made.replace("<br>", "")


@given(st.text(alphabet="中文字母abc -", min_size=1, max_size=NAME_LIMIT))
def test_a_label_keeps_every_character_of_a_name(name):
    flat = " ".join(name.split())
    if flat:
        assert label(name).replace("<br>", "").replace(" ", "") == flat.replace(" ", "")


def test_a_wide_label_breaks_into_lines_that_fit():
    lines = label("逻辑推理与常识问答以及多步骤数学应用题的综合类型", 20).split("<br>")
    assert len(lines) > 1
    assert all(width(line) <= 20 for line in lines)


def test_a_name_beyond_the_limit_says_that_it_goes_on():
    assert escaped("x" * 500).endswith("…")
    assert len(escaped("x" * 500)) == NAME_LIMIT


@pytest.mark.parametrize(("tokens", "place"), [(0, 0.0), (1, 0.0), (32, 5.0), (2048, 11.0)])
def test_places_on_a_token_axis(tokens, place):
    assert doublings(tokens) == place


def test_ticks_double_and_reach_the_longest():
    axis = token_axis("", 3000)
    assert [text for text in axis["ticktext"] if text in ("32", "64", "128", "1k", "2k", "4k")] == [
        "32", "64", "128", "1k", "2k", "4k",
    ]  # fmt: skip
    assert axis["range"][1] >= math.log2(3000)
    assert axis["tickangle"] == 0


def test_an_axis_of_small_shares_has_decimals():
    assert [share_axis("x", top)["tickformat"] for top in (1.0, 0.05, 0.004)] == [".0%", ".1%", ".2%"]


def test_one_bar_has_room_for_its_axis():
    assert rows_height(1) == rows_height(2) < rows_height(3)
