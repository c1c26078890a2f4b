from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.text.language import LANGUAGES, detect_languages


def detect(*texts: str) -> list[str]:
    return detect_languages(pa.chunked_array([list(texts)], type=pa.large_string())).tolist()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("北京今天的气温是多少度？", "zh"),
        ("What is the capital of Peru?", "en"),
        ("用 Python 写一个快速排序，要求处理重复元素。", "zh"),
        ("把下面这句话译成中文：The meeting has been moved to Thursday afternoon.", "mixed"),
        ("今日はとてもいい天気ですね", "ja"),
        ("오늘 날씨가 정말 좋네요", "ko"),
        ("Привет, как дела?", "other"),
        ("12 + 30 = 42", "none"),
        ("", "none"),
        ("🎉🎉", "none"),
    ],
)
def test_language_by_script(text: str, language: str) -> None:
    assert detect(text) == [language]


@given(st.lists(st.text(max_size=40), max_size=20))
def test_every_text_gets_a_known_code_and_order_does_not_matter(texts: list[str]) -> None:
    codes = detect(*texts) if texts else []
    assert set(codes) <= set(LANGUAGES)
    assert detect(*reversed(texts))[::-1] == codes if texts else True


def test_no_texts_at_all() -> None:
    assert detect_languages(pa.chunked_array([[]], type=pa.large_string())).tolist() == []
