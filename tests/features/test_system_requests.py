"""What a system asks for, read from phrasings in both languages, and what must not be read into it."""

from __future__ import annotations

import pytest

from diversity.features.system_requests import Request, asks_too, requests_of, requests_of_all


def codes(system: str) -> set[str]:
    return {request.code for request in requests_of(system)}


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("请始终用英文回答。", "language:en"),
        ("Respond in French.", "language:fr"),
        ("请使用繁體中文回覆。", "language:zh-Hant"),
        ("中英双语回答。", "language:both"),
        ("以JSON格式输出。", "json"),
        ("Return CSV with a header.", "csv"),
        ("请用表格形式回答。", "table"),
        ("不要分点，写成一段话。", "not:list"),
        ("Avoid Markdown.", "not:markdown"),
        ("只输出 SQL 语句。", "code_only"),
        ("Reply with a single word.", "label_only"),
        ("回答不得超过二十个字。", "length:zi:at_most::20"),
        ("Answer in no more than 15 words.", "length:words:at_most::15"),
        ("以“愿你安好”结尾。", "words:愿你安好"),
        ('Never use the word "very".', "not:words:very"),
        ("你叫小竹，说话亲切。", "name:小竹"),
        ("Your name is Captain Brill.", "name:Captain Brill"),
        ("输出格式：\n诊断：……\n建议：……", "label:诊断"),
        ("退货须在 45 天内。", "figure:45"),
        ("Give the number 01555 010 020.", "figure:01555 010 020"),
        ("请用文言文作答。", "voice:classical"),
        ("Speak like a pirate.", "voice:pirate"),
        ("对用户使用敬称“您”。", "honorific"),
        ("你只负责退换货问题，其他一律拒绝。", "scope"),
        ("Never give the final answer, guide the student.", "hint"),
    ],
)
def test_a_request_is_read(system: str, code: str) -> None:
    assert code in codes(system)


@pytest.mark.parametrize(
    "system",
    [
        "",
        "You are a helpful assistant.",
        "你是一位历史学家，请根据用户的提问给出客观的回答。",
        "You are a SQL expert.",
        "你是一名擅长英语的老师。",
        "It can communicate in the language chosen by the user such as English and 中文.",
    ],
)
def test_nothing_is_read_into_a_system_that_asks_for_nothing(system: str) -> None:
    assert codes(system) == set()


def test_a_case_is_told_from_a_rule() -> None:
    always, sometimes = (
        next(one for one in requests_of(system) if one.kind == "words")
        for system in ("请回复“正在转接”。", "如果用户要求人工，请回复“正在转接”。")
    )
    assert (always.conditional, sometimes.conditional) == (False, True)
    assert (always.sometimes, sometimes.sometimes) == (False, True)


@pytest.mark.parametrize(
    "system",
    [
        'Rely on facts or phrases like "some farmers say", "others hold", etc.',
        'Use words such as "ahoy" and "matey".',
        'Greet the user, e.g. "good day".',
        'Say "fair enough" or similar.',
        "可以用例如“我觉得”“依我看”这样的说法。",
        "请使用“综上所述”、“由此可见”等词语。",
        "像“老铁”这样的词要常用。",
        "开头可以说“好嘞”之类的话。",
    ],
)
def test_phrases_that_are_examples_are_no_rule(system: str) -> None:
    words = [one for one in requests_of(system) if one.kind == "words"]
    assert words
    assert all(one.sometimes and not one.forbidden for one in words)


@pytest.mark.parametrize(
    ("system", "forbidden"),
    [
        ('Say "thank you" at the end.', False),
        ('Speak of "ferries", "tides" and "piers".', False),
        ("必须包含“风险”和“收益”。", False),
        ("不要说“作为模型”“很抱歉”之类的话。", True),
        ('Never say "as a model", "I cannot", etc.', True),
    ],
)
def test_quotations_without_a_choice_and_forbidden_ones_stay_rules(system: str, forbidden: bool) -> None:
    words = [one for one in requests_of(system) if one.kind == "words"]
    assert words
    assert not any(one.sometimes for one in words)
    assert {one.forbidden for one in words} == {forbidden}


def test_many_systems_are_read_as_each_alone() -> None:
    systems = ["请用英文回答。", "", "Use bullet points. Write no code.", "只输出标签。", "“" * 200, "\x00[[(("]
    assert requests_of_all(systems) == [requests_of(system) for system in systems]


def test_a_prompt_that_asks_for_the_same_is_noticed() -> None:
    assert asks_too(Request("language", "en"), "把这句话翻译成英文")
    assert asks_too(Request("json"), "用JSON给出结果")
    assert asks_too(Request("length", "zi:at_most::20"), "写三句话")
    assert not asks_too(Request("language", "en"), "今天天气怎么样")
