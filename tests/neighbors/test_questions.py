from __future__ import annotations

import time

import numpy as np
import pytest

from diversity.neighbors.pairs import Pairs
from diversity.neighbors.questions import formulaic, other_questions

MANUAL = (
    "You may use a calculator. Write calc(…) with a formula in it, and the result will be put in its place before the "
    "reader sees the answer. Use it wherever a sum is asked for, and never do a sum in your head. "
)
说明 = "你可以使用计算器：写出算式，系统会在读者看到答案之前把结果填进去。凡是要计算的地方都要用它，不要心算。问题："
OTHER = [
    (f"{MANUAL}Who built the first lighthouse?", f"{MANUAL}Which birds sleep while they fly?"),
    (f"{说明}谁建造了第一座灯塔？", f"{说明}哪些鸟会边飞边睡？"),
    (f"Who built the first lighthouse? {MANUAL}", f"Which birds sleep while they fly? {MANUAL}"),
    (f"{MANUAL}What is 12 and 30?", f"{MANUAL}What is 12 and 31?"),
    (f"{MANUAL}Is the door open?", f"Hello. {MANUAL}Is the gate open?"),
]
SAME = [
    (f"{MANUAL}Who built the lighthouse?", f"{MANUAL}Who built the first lighthouse, please?"),
    (f"{说明}谁建造了灯塔？", f"{说明}请问谁建造了第一座灯塔？"),
    (f"{MANUAL}How far is the harbour from the mill?", f"{MANUAL}How far from the mill is the harbour?"),
    (f"Hello there. {MANUAL}Who built it?", f"{MANUAL}Who built it? Thanks!"),
    (MANUAL, MANUAL.upper()),
]


def one_pair(left: str, right: str) -> bool:
    pair = Pairs(np.array([0]), np.array([1]), np.array([0.9], np.float32))
    return bool(other_questions([left, right], pair, 0.8)[0])


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_a_shared_form_does_not_make_two_questions_one(left: str, right: str) -> None:
    assert one_pair(left, right)
    assert one_pair(right, left)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_words_added_or_moved_ask_the_same(left: str, right: str) -> None:
    assert not one_pair(left, right)
    assert not one_pair(right, left)


def test_every_pair_is_judged_by_its_own_texts() -> None:
    texts = ["Something else", OTHER[0][0], OTHER[0][1], f"Well: {OTHER[0][0]}"]
    pairs = Pairs(np.array([1, 1, 2]), np.array([2, 3, 3]), np.full(3, 0.9, np.float32))
    assert other_questions(texts, pairs, 0.8).tolist() == [True, False, True]
    assert other_questions([], pairs.only(np.zeros(3, bool)), 0.8).tolist() == []


def test_formulaic_by_hand() -> None:
    texts = ["abcdef 1", "abcdef 2", "abcdef 3", "abcxyz uvw", "other words", "1 uvwxyz", "2 uvwxyz", "3 uvwxyz"]
    assert formulaic(texts, 3).tolist() == [True] * 3 + [False] * 2 + [True] * 3
    assert formulaic(texts, 4).tolist() == [False] * 8
    assert formulaic(texts, 9).tolist() == [False] * 8
    assert formulaic([], 2).tolist() == []


def test_formulaic_is_fast_where_all_texts_share_a_long_form() -> None:
    texts = [f"{'word ' * 2_000}{number}" for number in range(3_000)]
    started = time.process_time()
    assert formulaic(texts, 10).all()
    assert time.process_time() - started < 20
