from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from diversity.neighbors.guards import contradictory, has_units, word_exchanged
from diversity.neighbors.pairs import Pairs

CONTRADICTORY = [
    ("The height of the tower is 8,848 meters.", "The tower is 8,850 meters high."),
    ("Yes, the product is in stock today.", "The product is not in stock today, sorry."),
    ("The capital of France is Paris.", "The capital of France is Rome."),
    ("这部电影的评论是正面的。", "这部电影的评论是负面的。"),
    ("三角形的面积是20平方厘米。", "三角形的面积是40平方厘米。"),
    ("Press North twice: North, North.", "Press South twice: South, South."),
    ("The total is python('m + n') dollars in all.", "The total is python('m - n') dollars in all."),
    ("Type shell('pwd') and then nothing else.", "Type shell('pwd -P') and then nothing else."),
    ("In the folder, the 'cat' command helps you.", "In the folder, the 'cat -n' command helps you."),
    ("Your new password is: k4T&w7Q. Keep it safe.", "This is your new password: k7T&m4Q. Keep it safe."),
    ("We suggest the R2D motor for this old boat.", "For this old boat we suggest the K2D motor."),
    ("先在终端里输入「查看」再回车就可以了。", "先在终端里输入「删除」再按回车就可以了。"),
]
COMPATIBLE = [
    ("I went to the store yesterday and bought some apples.", "Yesterday, I went to the store and bought some apples."),
    ("珠穆朗玛峰高 8,848 米。", "珠穆朗玛峰的高度为 8,848 米。"),
    ("The result of 9 x 5 is 45.", "The result of 5 x 9 is 45."),
    ("The film “Night Train” was shown on Monday.", "On Monday the film Night Train was shown to all."),
    ("Oslo - a town by the sea - is cold.", "Oslo is cold, a town by the sea."),
]


def judged(left: str, right: str) -> bool:
    pair = Pairs(np.array([0]), np.array([1]), np.array([0.95], np.float32))
    return bool(contradictory([left, right], pair)[0])


@pytest.mark.parametrize(("left", "right"), CONTRADICTORY)
def test_contradictions(left: str, right: str) -> None:
    assert judged(left, right)
    assert judged(right, left)


@pytest.mark.parametrize(("left", "right"), COMPATIBLE)
def test_paraphrases_pass(left: str, right: str) -> None:
    assert not judged(left, right)


def test_units_are_words_and_chinese_characters() -> None:
    texts = ["one two three", "你好吗", "用 Python 写", "", "!!", "one two three four"]
    assert has_units(texts, 3).tolist() == [True, True, True, False, False, True]
    assert has_units(texts, 4).tolist() == [False] * 5 + [True]
    assert has_units(texts, 0).all()


def test_marks_belong_to_their_letter() -> None:
    assert has_units(["हिन्दी में"], 2).tolist() == [True]
    assert has_units(["हिन्दी में"], 3).tolist() == [False]
    assert has_units([unicodedata.normalize("NFD", "Résumé café")], 3).tolist() == [False]


FILLER = "The report is sent to every office of the company and is read there by the people who keep the books. " * 4
EXCHANGED = [
    ("Save the file before the update runs.", "Save the file after the update runs."),
    ("在更新数据之前检查这一列的值。", "在更新数据之后检查这一列的值。"),
    ("这一步会让内存占用增加。", "这一步会让内存占用减少。"),
    ("They sell bread in Paris all year.", "They sell bread in New York all year."),
    (f"{FILLER}Take the max of both.", f"First of all: {FILLER}Take the min of both, as always."),
]
ADDED = [
    ("Save the file before the update runs.", "Please save the file before the update runs."),
    ("在更新数据之前检查这一列的值。", "在更新数据之前，先检查这一列的值。"),
    ("Open the door and close the window.", "Close the window and open the door."),
    ("Same in all but CASE, marks.", "same in all but case marks"),
    ("", "Something"),
]


@pytest.mark.parametrize(("left", "right"), EXCHANGED)
def test_a_word_in_place_of_another_is_seen_in_a_text_of_any_length(left: str, right: str) -> None:
    assert word_exchanged(left, right)
    assert word_exchanged(right, left)


@pytest.mark.parametrize(("left", "right"), ADDED)
def test_what_is_added_left_out_or_moved_is_no_exchange(left: str, right: str) -> None:
    assert not word_exchanged(left, right)
    assert not word_exchanged(right, left)
