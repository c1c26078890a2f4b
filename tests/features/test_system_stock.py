"""Stock phrases in many wordings, and systems that say something although they sound alike."""

from __future__ import annotations

import pytest

from diversity.features.system_stock import is_stock


@pytest.mark.parametrize(
    "text",
    [
        "You are a helpful assistant.",
        "You are ChatGPT, a large language model.",
        "You are a helpful, reliable and patient AI chatbot.",
        "You are a bilingual assistant.",
        "You're a multilingual chatbot.",
        "You are a Chinese-speaking AI assistant.",
        "You are an English and Chinese language assistant.",
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.",
        "你是一个乐于助人的人工智能助手。",
        "你是一个热心的中文助手。",
        "你是中文AI助手",
        "你是一位可靠的英语助理。",
        "你是一个精通中英双语的智能助手，请认真回答用户的问题。",
        "你是一个中文和英文双语助手",
        "你是一個樂於助人的繁體中文助手。",
    ],
)
def test_stock_phrases(text: str) -> None:
    assert is_stock(text)


@pytest.mark.parametrize(
    "text",
    [
        "You are a pirate.",
        "Answer in French.",
        "Answer in English.",
        "You are an assistant that answers in English.",
        "Please reply in Chinese, assistant.",
        "You are a Chinese teacher.",
        "You are a Chinese poetry assistant.",
        "Keep it short.",
        "你是数学老师。",
        "请用英文回答。",
        "请英文回答。",
        "你是一个只说中文的助手。",
        "你是英语老师。",
        "你是中文写作助手。",
        "你是一名客服。",
    ],
)
def test_what_says_something_is_no_stock_phrase(text: str) -> None:
    assert not is_stock(text)
