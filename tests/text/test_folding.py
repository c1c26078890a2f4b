from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.text.folding import fold, fold_all

SAME = [
    ("Positive.", "positive"),
    ("好的，谢谢！", "好的 谢谢"),
    ("“你好”", "你好"),
    ("ＡＢＣ", "abc"),
    ("Hello, world", "hello world"),
    ("**Positive**", "Positive"),
    ("- item", "item"),
    ("使用 Python 编程", "使用Python编程"),
    ("约翰·史密斯", "约翰史密斯"),
    ("3.", "3"),
    ("# Title", "title"),
    ("Rome - the city", "Rome: the city"),
    ("Plan A - good enough", "Plan A: good enough"),
    ("e-mail", "e mail"),
    ("Wait-- what", "Wait, what"),
    ("周一~周五", "周一周五"),
    ("好的 ~", "好的"),
    ("well-known", "well known"),
    ("好~", "好"),
    ("1–2", "1-2"),
    ("it’s", "it's"),
    ("yes\n\n no", "yes no"),
    ("x\u200by", "xy"),
    ("x²", "x^2"),
]
DIFFERENT = [
    ("-1", "1"),
    ("C++", "C"),
    ("C#", "C"),
    ("1.5", "15"),
    (".5", "5"),
    ("=", "!="),
    ("a = b", "a != b"),
    ("2³", "23"),
    ("1½", "11/2"),
    ("①②", "12"),
    ("10:30", "1030"),
    ("1,000", "1.000"),
    ("2*3", "23"),
    ("2 * 3", "2 3"),
    ("5 - 3", "5 3"),
    ("a - b", "a b"),
    ("求 a－b", "求 a＋b"),
    ("write i--;", "write i;"),
    ("count--;", "count++;"),
    ("grade A-", "grade A"),
    ("ls ~", "ls"),
    ("~/notes", "/notes"),
    ("x ~ y", "x - y"),
    ("5!", "5"),
    ("2020-2021", "2020 2021"),
    ("$5", "5"),
    ("5%", "5"),
    ("(a)", "a"),
    ("a_b", "ab"),
    ("don't", "dont"),
    ("U.S.", "US"),
    ('print("x") == 1', "print(x) == 1"),
    ("😀", "😁"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_full_folding_overlooks_what_carries_no_meaning(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
@pytest.mark.parametrize("level", ["nfkc", "full"])
def test_signs_and_numbers_stay_apart(left: str, right: str, level: str) -> None:
    assert fold(left, level) != fold(right, level)  # type: ignore[arg-type]


def test_levels_differ() -> None:
    assert fold(" Yes! ", "strip") == "Yes!"
    assert fold(" Yes! ", "nfkc") == "yes!"
    assert fold(" Yes! ", "full") == "yes"


@pytest.mark.parametrize("text", ["!!!", "---", "……", "", " \n"])
def test_marks_alone_fold_to_nothing(text: str) -> None:
    assert fold(text) == ""


@given(st.lists(st.text(max_size=30), max_size=8), st.sampled_from(["strip", "nfkc", "full"]))
def test_batch_equals_one_by_one(texts: list[str], level: str) -> None:
    assert fold_all(texts, level) == [fold(text, level) for text in texts]  # type: ignore[arg-type]


@given(st.text(max_size=40))
def test_levels_are_nested(text: str) -> None:
    """Texts equal at a level are equal at the next: a change of outer white space changes no level."""
    padded = f"  {text}\n"
    assert all(fold(padded, level) == fold(text, level) for level in ("strip", "nfkc", "full"))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The area is 5 m².", "The area is 5 m²"),
        ("面积是5平方米（5 m²）。", "面积是5平方米（5 m²）"),
        ("“10⁻³” mol", "10⁻³ mol"),
        ("שלום\u200f", "שלום"),
        ("\u200eHello wörld\u200e", "Hello wörld"),
        ("\u202bשלום\u202c", "שלום"),
        ("I ❤\ufe0f it", "I ❤ it"),
    ],
)
def test_full_folding_overlooks_marks_around_superscripts_and_what_nobody_sees(left: str, right: str) -> None:
    assert fold(left) == fold(right)
    assert fold(left, "nfkc") == fold(right, "nfkc") or "²" in left or "⁻" in left


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("5 m²", "5 m2"),
        ("10⁻³", "10³"),
        ("x² ≠ 'y'", "x² ≠ y = 1"),
        ("👨\u200d👩\u200d👧", "👨👩👧"),
        ("می\u200cخواهم", "می خواهم"),
    ],
)
def test_superscripts_and_joiners_still_tell_texts_apart(left: str, right: str) -> None:
    assert fold(left) != fold(right)


def test_code_with_a_superscript_is_still_code() -> None:
    assert fold('if (a == "m²")') != fold("if (a == m²)")
