"""Evidence by hand: kept and broken requests, habits, what the user said too."""

from __future__ import annotations

import math

import pytest

from diversity.features.answer_forms import FORMS
from diversity.features.system_checks import ASKED_TOO, HABITS, SAME_LANGUAGE, TRUST, Answered, weigh
from diversity.features.system_requests import _PATTERNS, Request


def turn(query: str, answer: str, asked: str = "zh", told: str = "zh") -> Answered:
    return Answered(query, query.lower(), answer, asked, told)


def ratio(habit: float) -> float:
    return math.log((habit + (1 - habit) * TRUST) / habit)


def test_an_answer_in_the_language_of_its_prompt_is_hardly_evidence() -> None:
    english = Request("language", "en")
    expected, surprising = (
        weigh(english, [turn("What is it?", "It is a tree and that is all.", "en", "en")]),
        weigh(english, [turn("这是什么？", "It is a tree and that is all.", "zh", "en")]),
    )
    assert expected == (True, pytest.approx(ratio(SAME_LANGUAGE)))
    assert surprising == (True, pytest.approx(ratio(0.02)))


def test_a_broken_request_speaks_against() -> None:
    assert weigh(Request("json"), [turn("介绍一下", "这是一段话。")]) == (False, pytest.approx(math.log(1 - TRUST)))


def test_what_the_prompt_asks_for_too_is_no_sign_of_the_system() -> None:
    found = weigh(Request("json"), [turn("用 JSON 回答", '{"a": 1}')])
    assert found == (True, pytest.approx(ratio(ASKED_TOO)))


def test_words_that_the_user_said_are_left_out() -> None:
    assert weigh(Request("words", "愿你安好"), [turn("请说愿你安好", "愿你安好")]) is None


def test_a_standing_request_holds_for_half_of_the_turns_one_for_some_cases_for_any() -> None:
    turns = [turn("一", "好的。"), turn("二", "好的。"), turn("三", "小竹来了。")]
    assert weigh(Request("words", "小竹"), turns) == (False, pytest.approx(math.log(1 - TRUST)))
    habit = 1 - (1 - HABITS["name"]) ** 3
    assert weigh(Request("name", "小竹"), turns) == (True, pytest.approx(ratio(habit)))


def test_latin_words_are_whole_words() -> None:
    assert weigh(Request("words", "tex"), [turn("hi", "Read the text.", "en", "en")]) == (False, math.log(1 - TRUST))
    kept = weigh(Request("words", "tex"), [turn("hi", "The text by Tex.", "en", "en")])
    assert kept is not None
    assert kept[0]


def test_a_length_is_held_against_the_answer() -> None:
    limit = Request("length", "zi:at_most::10")
    short, long = (
        weigh(limit, [turn("为什么", answer)]) for answer in ("因为天冷。", "因为天气实在是太冷了，所以叶子全都落了。")
    )
    assert short is not None
    assert short[0]
    assert long is not None
    assert not long[0]


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [
        ("json", '```json\n{"a": [1, 2]}\n```', "{not json}"),
        ("csv", "a,b\n1,2", "one, two"),
        ("table", "| a | b |\n|---|---|\n| 1 | 2 |", "a | b"),
        ("list", "- one\n- two", "one, two"),
        ("code_only", "SELECT a\nFROM b;", "先查表 b，再取列 a。"),
        ("label_only", "负面", "这条评论是负面的，因为它抱怨面太咸。"),
        ("paragraph", "只有一段。", "两\n段"),
        ("lowercase", "all of this is small", "Not this"),
        ("emoji", "好的😊", "好的"),
        ("question", "你想去哪里？", "去吧。"),
        (
            "verse",
            "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。",
            "他抬头看见月亮，想起了很远很远的家乡和亲人。",
        ),
        ("scope", "抱歉，我只能处理退换货。", "好的，这就为您办理。"),
        ("iso_date", "2024-10-01 放假", "10月1日放假"),
        ("hashtag", "好去处 #周末", "第1号"),
    ],
)
def test_forms(kind: str, yes: str, no: str) -> None:
    assert FORMS[kind](yes)
    assert not FORMS[kind](no)


def test_every_kind_that_is_read_can_be_checked_and_has_a_habit() -> None:
    own = {kind for kind in _PATTERNS if not kind.startswith("voice:")}
    assert own <= {*FORMS, "restate"}
    assert own | {"voice", "words", "label", "name", "figure"} <= set(HABITS)
    assert all(0 < habit < 1 for habit in HABITS.values())


def test_a_number_of_sentences_is_not_held_against_code() -> None:
    three = Request("length", "sentences:exact:3:3")
    code = turn("写一个函数", "```py\nx = 1\n\ny = 2\n\nz = 3\n```")
    assert weigh(three, [code]) is None
    assert weigh(three, [code, turn("介绍一下", "一。二。三。")]) is not None
