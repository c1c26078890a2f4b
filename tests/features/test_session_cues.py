"""Cues, in both languages, each with phrases that must not show it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.features.session_cues import CUES, session_cues


def cues(query: str, before: str = "") -> set[str]:
    return {name for name, shown in zip(CUES, session_cues([query], [before])[0], strict=True) if shown}


@pytest.mark.parametrize(
    "query",
    [
        "By the way, how do I prune a rose bush in March?",
        "Nice. Completely different thing: name three lakes in Finland for me.",
        "OK, changing the subject: what should I pack for two days of walking?",
        "换个话题，西红柿炒蛋要不要先剥皮？",
        "好了谢谢！最后问个不相干的，述职报告第一页写什么？",
        "明白了。另外，晚上想给老人煲个汤，放什么好？",
    ],
)
def test_announced_changes(query):
    assert "announced" in cues(query)


@pytest.mark.parametrize(
    ("query", "cue"),
    [
        ("Does it also run on older phones with Android 9?", "reference"),
        ("Why is that cheaper than the second offer?", "reference"),
        ("这个办法对小户型也管用吗，面积四十平米？", "reference"),
        ("上面第二点能不能举个例子说明一下？", "reference"),
        ("What about the distance between London and Paris?", "continuation"),
        ("Can you give me another example with negative numbers?", "continuation"),
        ("那么一年下来大概要多交多少利息？", "continuation"),
        ("如果改成每个月还一次，总利息是多少呢？", "continuation"),
        ("Yes, book the table for four people please, at eight o'clock", "reply"),
        ("Thanks for the information!", "reply"),
        ("太好了，谢谢你的帮助！", "reply"),
        ("不，目前就这些。谢谢！", "reply"),
        ("Redwood City, please.", "fragment"),
        ("继续", "fragment"),
        ("。", "fragment"),
    ],
)
def test_queries_that_lean(query, cue):
    assert cue in cues(query)


@pytest.mark.parametrize(
    "query",
    [
        "Explain how photosynthesis turns light into sugar in plants.",
        "What are the main causes of the French Revolution of 1789?",
        "请写一首关于秋天的五言绝句，要押韵。",
        "小明有12个苹果，平均分给4个人，每人分到几个？",
        "行车记录仪怎么选，要不要带停车监控？",
        "对联的上联和下联怎么区分？",
        "Great! Write a short poem about the sea in winter.",
        "那太好了！请解释量子计算和经典计算的区别。",
    ],
)
def test_requests_that_stand_alone_show_nothing(query):
    assert cues(query) == set()


def test_a_pronoun_for_something_inside_the_query_does_not_count():
    assert cues("Write a story about a fox named Rufus, in which he saves his village.") == set()
    assert cues("已知一个正方形的边长为7厘米，求这个正方形的面积") == set()


def test_only_thanks_is_a_reply_and_a_request_after_it_is_none():
    assert "reply" in cues("Great, thank you so much!")
    assert "reply" not in cues("Thanks! Can you explain how tides work?")
    assert "reply" not in cues("谢谢！你能解释一下潮汐是怎么形成的吗？")


def test_an_answer_to_a_question_of_the_assistant():
    asked = "Of course. Which city are you travelling from?"
    assert "asked" in cues("I will be leaving from Bishops Stortford in the morning", asked)
    assert "asked" not in cues("How do I bake bread without any yeast in it?", asked)
    assert "asked" not in cues("I want to read about the history of Rome", "Done. Is there anything else I can do?")
    assert "asked" in cues("从杭州东站出发，两个大人一个孩子", "好的，请问您从哪里出发？")
    assert "asked" not in cues("帮我写一封请假信，孩子发烧了", "已订好。您还有其他需要吗？")


def test_any_number_of_queries_in_one_call():
    assert session_cues([], []).shape == (0, len(CUES))
    assert session_cues(["继续", "Why?"], ["", ""]).shape == (2, len(CUES))


@given(st.lists(st.tuples(st.text(max_size=300), st.text(max_size=100)), min_size=1, max_size=5))
def test_a_row_depends_on_its_own_text_alone(pairs):
    queries, before = zip(*pairs, strict=True)
    together = session_cues(queries, before)
    for row, (query, answer) in zip(together, pairs, strict=True):
        assert (row == session_cues([query], [answer])[0]).all()
