from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversity.text.words import fold, squash, tokenize


def ids(text: str) -> list[int]:
    return tokenize([text]).ids.tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tesla's cats", "tesla cat"),
        ("12,600 people", "12600 people"),
        ("ＡＢＣ １２", "abc 12"),
        ("walked walking walks", "walk walk walk"),
        ("parties", "part"),
        ("中文，测试", "中文测试"[:2] + " " + "测试"),
    ],
)
def test_same_words(one: str, other: str) -> None:
    assert ids(one) == ids(other)


@pytest.mark.parametrize(
    ("one", "other"), [("9.25", "9"), ("cat", "act"), ("中文", "文中"), ("class", "clas"), ("a", "b")]
)
def test_different_words(one: str, other: str) -> None:
    assert ids(one) != ids(other)


def test_chinese_gives_pairs_of_neighbours_and_a_lone_character_itself() -> None:
    assert len(ids("今天下雨")) == 3
    assert len(ids("雨")) == 1
    assert len(ids("共36个 8月")) == 5  # 共, 36, 个, 8, 月


def test_owners_follow_the_texts_in_order() -> None:
    tokens = tokenize(["a b", "", "中文字", "x\0y"])
    assert tokens.owner.tolist() == [0, 0, 2, 2, 3, 3]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["😀", "…"]])
def test_nothing_to_count(texts: list[str]) -> None:
    assert tokenize(texts).ids.size == 0


def test_no_two_common_words_share_a_hash() -> None:
    words = [f"{a}{b}{c}" for a in "bcdfghjk" for b in "aeiou" for c in "lmnprtvwx"]
    assert np.unique(tokenize(words).ids).size == len(words)


@given(st.lists(st.text(alphabet="ab c1,.中文\0é", max_size=12), max_size=6))
@settings(max_examples=50)
def test_a_text_has_the_same_words_in_any_company(texts: list[str]) -> None:
    together = tokenize(texts)
    for i, text in enumerate(texts):
        assert together.ids[together.owner == i].tolist() == ids(text)


def test_fold_and_squash() -> None:
    assert fold("ＡＢ") == "ab"
    assert squash("  “摩摩斯” (Momus)，136 次 ") == "摩摩斯momus 136次"
    assert squash("Well-known: the U.S. Navy!") == "well known the u s navy"


def test_vowel_signs_belong_to_their_word_and_emoji_are_none() -> None:
    assert len(tokenize(["हिन्दी में लिखो"]).ids) == 3
    assert len(tokenize(["❤\ufe0f 👨\u200d👩 ・"]).ids) == 0
    assert len(tokenize(["\U00020001\U00020002\U00020003"]).ids) == 2
