"""Words spelt out, Chinese and other scripts side by side."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.text.terms import terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请用Python写一个快速排序", ["请", "用", "python", "写", "一个", "快速", "排序"]),
        ("5G技术", ["5g", "技术"]),
        ("2024年", ["2024", "年"]),
        ("foo_bar and don’t, GPT-4o!", ["foo_bar", "and", "don’t", "gpt-4o"]),
        ("-- 'quoted' ？。", ["quoted"]),
        ("", []),
    ],
)
def test_words_end_where_the_script_changes(text: str, found: list[str]) -> None:
    assert terms(text) == found


@given(st.text(alphabet="aB5字写-_ ’，", max_size=40))
def test_no_word_mixes_chinese_with_other_letters_and_no_letter_is_lost(text: str) -> None:
    found = terms(text)
    assert all(word.isascii() or "’" in word or all("\u3400" <= one <= "\u9fff" for one in word) for word in found)
    letters = [one for one in text.lower() if one.isalnum()]
    assert [one for one in "".join(found) if one.isalnum()] == letters


def test_only_the_beginning_is_read() -> None:
    assert terms("ab cd", limit=2) == ["ab"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Résumé the café", ["résumé", "the", "café"]),
        ("हिन्दी में लिखो", ["हिन्दी", "में", "लिखो"]),
        ("สวัสดี ครับ", ["สวัสดี", "ครับ"]),
        ("تَعْلِيم جيد", ["تَعْلِيم", "جيد"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
    ],
)
def test_a_word_keeps_its_marks(text: str, found: list[str]) -> None:
    assert terms(text) == found


def test_one_word_however_its_accents_are_stored() -> None:
    assert terms(unicodedata.normalize("NFD", "Résumé the café")) == ["résumé", "the", "café"]
