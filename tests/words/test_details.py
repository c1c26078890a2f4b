"""What was found in a row, in the reader's language."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.readers.parse import parse_row
from diversity.words.catalogue import catalogue
from diversity.words.details import detail_sentence


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("line 7 of the file: 3 instead of 4", "文件第 7 行：有 3 列，应为 4 列"),
        ("line 7 of the file", "文件第 7 行"),
        ("2 instead of 7", "有 2 列，应为 7 列"),
        ("character 3", "第 3 个字符"),
        (
            "line 2 of the file: trailing comma is not allowed (line 1, column 9 of the row)",
            "文件第 2 行：末尾多了逗号（该条内第 1 行第 9 列）",
        ),
        ("turn 2 of 3", "共 3 轮，第 2 轮"),
        ("message 4: number", "第 4 条消息：数字"),
        ("output: list", "output：列表"),
        ("category: 201 characters", "category：201 个字符"),
        ("prompt, answer: 3 and 2 texts", "prompt, answer：分别有 3 条和 2 条文本"),
        ("no such field; fields: 问, 答", "没有这样的字段；现有字段：问, 答"),
        ("what nobody has words for", "what nobody has words for"),
        ("message 4: {odd}", "第 4 条消息：{odd}"),
    ],
)
@pytest.mark.usefixtures("chinese")
def test_details_in_chinese(detail: str, said: str) -> None:
    assert detail_sentence(detail) == said


BROKEN = ['{"a":1', '{"a" 1}', "{a:1}", '{"a":"x', '{"a":1}}', '{"a":"\x01"}', '{"a":"\\x"}', '{"a":1,}', '{"a":tru}']


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("text", [*BROKEN, '{"a":01}', '{"a":1 "b":2}', '{"a":"\\ud800"}'])
def test_what_the_json_parser_says_has_chinese_words(text: str) -> None:
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(text)
    problem = parse_row(1, text.encode())
    said = detail_sentence(getattr(problem, "detail", "a row"))
    assert not any(word in said for word in ("expected", "unexpected", "string", "row", "allowed")), said


@given(st.one_of(st.text(max_size=40), st.sampled_from(sorted(catalogue("en")))))
def test_in_english_a_detail_is_itself(detail: str) -> None:
    assert detail_sentence(detail) == detail


@pytest.mark.parametrize(
    "detail",
    [
        "line 7 of the file: 3 instead of 4",
        "turn 2 of 3",
        "output: list",
        "fields: a, b",
        "byte 0xff at 7",
        "prompt, answer: 3 and 2 texts",
    ],
)
def test_every_part_reads_in_english_as_the_readers_wrote_it(detail: str) -> None:
    assert detail_sentence(detail) == detail
