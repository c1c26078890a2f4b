"""Requests for a length: found as the golden phrasings say, numbers read, answers counted and judged."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diversity.features.length_request import (
    UNITS,
    LengthRequest,
    LengthRequestSettings,
    judge,
    measure,
    parse_requests,
)
from diversity.features.length_request.numbers import chinese_number, english_number

GOLDEN = Path(__file__).parents[1] / "golden" / "length_requests.jsonl"
Key = tuple[Any, ...]


def phrasings(part: str) -> Iterator[tuple[str, list[Key], list[Key]]]:
    """Text, requests wanted and requests found, of the golden phrasings in a part."""
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["part"] == part:
            wanted = [
                tuple(one[name] for name in ("unit", "relation", "low", "high", "scope")) for one in row["requests"]
            ]
            found = [(one.unit, one.relation, one.low, one.high, one.scope) for one in parse_requests(row["text"])]
            yield row["text"], wanted, found


def request(relation: str, low: int | None, high: int | None, unit: str = "words", **more: Any) -> LengthRequest:
    return LengthRequest(unit, relation, low, high, more.pop("scope", "answer"), 0, 1, **more)


def test_the_golden_file_is_as_large_as_it_claims():
    rows = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 150
    assert sum(not row["requests"] for row in rows) >= 50
    assert {row["language"] for row in rows} == {"zh", "en"}


@pytest.mark.parametrize("part", ["tuned", "held_out"])
def test_precision_and_recall_on_the_golden_phrasings(part):
    right = wrong = missed = 0
    for _, wanted, found in phrasings(part):
        right += sum(one in found for one in wanted)
        missed += sum(one not in found for one in wanted)
        wrong += sum(one not in wanted for one in found)
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.95


SUBJECTS = [json.loads(line) for line in (GOLDEN.parent / "length_subjects.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", SUBJECTS, ids=[case["text"] for case in SUBJECTS])
def test_a_length_of_another_thing_is_not_asked_of_the_answer(case):
    """A password that a program makes, variable names, a line that is cut: and beside them texts about such things."""
    assert bool(parse_requests(case["text"])) == case["asks"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("三", (3, 3)), ("十", (10, 10)), ("十二", (12, 12)), ("二十五", (25, 25)), ("一百五十", (150, 150)),
        ("两千", (2000, 2000)), ("两三百", (200, 300)), ("一两百", (100, 200)), ("三五", (3, 5)), ("几", (2, 9)),
        ("几百", (200, 900)), ("十几", (11, 19)), ("十来", (10, 19)), ("三百多", (300, 399)), ("千", (1000, 1000)),
        ("1.5万", (15000, 15000)), ("2,000", (2000, 2000)), ("3千", (3000, 3000)), ("一万二千", (12000, 12000)),
    ],
)  # fmt: skip
def test_chinese_numbers(text, numbers):
    assert chinese_number(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("three", (3, 3)), ("Twenty-five", (25, 25)), ("a hundred", (100, 100)), ("two hundred", (200, 200)),
        ("one thousand", (1000, 1000)), ("1,500", (1500, 1500)), ("2k", (2000, 2000)), ("a few", (2, 5)),
        ("an", (1, 1)),
    ],
)  # fmt: skip
def test_english_numbers(text, numbers):
    assert english_number(text) == numbers


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("请写一篇作文，不少于2000字。", "不少于2000字"),
        ("請用一百字以內介紹台北。", "一百字以內"),
        ("Explain gravity within 50 words.", "within 50 words"),
        ("Write a 500-word essay about tea.", "500-word"),
    ],
)
def test_the_span_is_the_passage_that_asks(text, passage):
    (found,) = parse_requests(text)
    assert text[found.start : found.end] == passage


@pytest.mark.parametrize(
    "text",
    [
        "",
        "字" * 5000,
        "1" * 200_000 + "字",
        "1," * 100_000 + " words",
        "one " * 50_000 + "words",
        "一万万万万万万字",
        "一" * 3000 + "字",
        "a " * 4000 + "words",
        "\x00 3 words\u202e",
        "<b>3 words</b>",
    ],
)
def test_strange_texts_ask_for_no_length(text):
    assert parse_requests(text) == []


LONG = 100_000
ENDLESS = [
    f"50{' ' * LONG}words", f"五十{' ' * LONG}字", f"word count{' ' * LONG}", f"字数{'： ' * LONG}",
    f"3 or{' ' * LONG}", f"5 a{' ' * LONG}b{' ' * LONG}", f"write 5 words{' ' * LONG}x", f"at most{' ' * LONG}50 words",
    " " * LONG, "\n" * LONG,
    " \n" * LONG, "1," * LONG, "a " * LONG, "." * LONG + "x", "（" * LONG, "“" * LONG, '"' * LONG, "《a\n" * LONG,
    "的" * LONG, "😀" * LONG, "写一篇五十字的作文" * 10_000, "写三个版本，每个五十字。" * 10_000,
    "Write a list of five items in two sentences. " * 2_000, "Write 50 words “now” " * 5_000, "写一段话，" * 20_000,
    "密码不得" * 20_000 + "超过5个字符", "生成一个密码，50字。" * 5_000, "让它不超过5个字符。" * 5_000,
    "The password must be only at most 5 words. " * 2_000, "I want it to be 12 characters long. " * 2_000,
]  # fmt: skip


@pytest.mark.parametrize("text", ENDLESS, ids=range(len(ENDLESS)))
def test_endless_texts_are_read_in_linear_time(text):
    """Twice the text, and not four times the seconds: each of these took from seconds to hours when read in a square of
    its length."""
    begin = time.process_time()
    found = parse_requests(text)
    for unit in UNITS:
        measure(text, unit)
    for one in found:
        judge(one, text)
    assert time.process_time() - begin < 8


@pytest.mark.parametrize(
    "text", ["字数：" + "1" * 400, "word count: " + "1" * 400, "1" * 400 + " words", "1" * 400 + "字"]
)
def test_a_number_of_hundreds_of_digits_is_no_length(text):
    assert parse_requests(text) == []


def test_a_mark_inside_an_item_stays_when_its_own_mark_is_taken_away():
    asked = request("at_most", None, 2, scope="each", of="items")
    # "well-known" and "up-to-date" are one or two, one or three words: neither becomes "wellknown".
    assert judge(asked, "1. a well-known\n2. up-to-date").kept
    assert judge(request("exact", 4, 4, scope="each", of="items"), "1. a well-known poet\n2. an up to-date").kept


@pytest.mark.parametrize(
    ("text", "unit", "count"),
    [
        # Four wide characters, one Latin word and one number; two marks.
        ("你好，GPT 4模型。", "zi", (6, 8)),
        ("The well-known cat's 3 toys.", "words", (5, 6)),
        ("ab cd", "characters", (4, 5)),
        ("It rained. We stayed! Why?", "sentences", (3, 3)),
        ("天黑了。下雨了！", "sentences", (2, 2)),
        ("春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。", "verses", (2, 4)),
        ("# Title\n\nFirst.\n\nSecond.", "paragraphs", (2, 3)),
        ("1. a\n2. b\n3. c", "items", (3, 3)),
        ("Here they are:\n1. a\n- x\n- y\n2. b", "items", (2, 4)),
        ("tent, rope and torch", "items", (1, 3)),
        ("roses\nviolets\n\nsugar", "lines", (3, 3)),
        ("", "words", (0, 0)),
        ("", "items", (0, 0)),
    ],
)
def test_counting(text, unit, count):
    assert measure(text, unit) == count


@pytest.mark.parametrize(
    ("asked", "words", "kept", "deviation"),
    [
        (request("at_least", 10, None), 10, True, 0.0),
        (request("at_least", 10, None), 5, False, -0.5),
        (request("at_most", None, 10), 15, False, 0.5),
        (request("exact", 10, 10), 10, True, 0.0),
        (request("exact", 10, 10), 11, False, 0.1),
        (request("about", 10, 10), 12, True, 0.0),
        (request("about", 10, 10), 13, False, 0.3),
        (request("about", 3, 3), 4, True, 0.0),
        (request("between", 4, 6), 5, True, 0.0),
        (request("between", 4, 6), 3, False, -0.25),
    ],
)
def test_judging(asked, words, kept, deviation):
    outcome = judge(asked, " ".join(["word"] * words))
    assert outcome.kept is kept
    assert outcome.deviation == pytest.approx(deviation)
    assert outcome.actual == words


def test_the_tolerance_of_about_is_a_setting():
    exact = LengthRequestSettings(about_tolerance=0.0, least_tolerance=0)
    assert judge(request("about", 10, 10), "word " * 11, exact).kept is False


def test_each_part_is_judged_and_the_worst_one_counts():
    asked = request("at_most", None, 3, scope="each", of="items")
    assert judge(asked, "1. one two\n2. three").kept
    outcome = judge(asked, "1. one two\n2. three four five six")
    assert (outcome.kept, outcome.actual) == (False, 4)


def test_a_request_for_a_part_is_not_judged():
    assert judge(request("at_most", None, 3, scope="part"), "one two three four").kept is None


def test_two_demands_that_no_text_can_meet_are_about_parts():
    found = parse_requests("a) 用五句话写出预测 b) 用两句话描述后果。")
    assert [one.scope for one in found] == ["part", "part"]


@pytest.mark.parametrize("laid_out", ["Here:\n```py\nx = 1\n```", "| a | b |\n|---|---|\n| 1 | 2 |"])
def test_lines_of_code_and_of_tables_are_not_counted_as_sentences(laid_out: str) -> None:
    for unit in ("sentences", "paragraphs"):
        asked = LengthRequest(unit=unit, relation="exact", low=1, high=1, scope="answer", of="", start=0, end=1)
        assert judge(asked, laid_out).kept is None
        assert judge(asked, "One sentence with a | b and `code` in it.").kept
    words = LengthRequest(unit="words", relation="at_most", low=None, high=20, scope="answer", of="", start=0, end=1)
    assert judge(words, laid_out).kept


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("提供一段说明请求，以解释为什么需要延期。", False),
        ("请提供一段说明。", False),
        ("给我一段描述海边的文字。", False),
        ("写一段说明接口用途的请求。", False),
        ("写80字左右的一段代码。", False),
        ("给我一段对话。", False),
        ("给我写一段介绍家乡的文字。", True),
        ("用一段话总结下文。", True),
        ("请用一段说明介绍长城。", True),
        ("提供一个段落，介绍北京。", True),
        ("写一段描述海边的文字。", True),
        ("提供80字左右的一段话。", True),
        ("Write a piece of code that adds two numbers.", False),
        ("Summarise the text in one paragraph.", True),
    ],
)
def test_a_passage_that_is_handed_over_is_no_length(text: str, asked: bool) -> None:
    assert ("paragraphs" in {one.unit for one in parse_requests(text)}) == asked
