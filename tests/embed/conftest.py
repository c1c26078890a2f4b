from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray


class FakeEmbedder:
    """Unit vectors drawn from the text itself; remembers every text it was asked for."""

    name = "fake"
    dimension = 16

    def __init__(self, key: str = "fake-1") -> None:
        self.key = key
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen.extend(texts)
        rows = np.stack([self.vector(text) for text in texts])
        return rows.astype(np.float32)

    def vector(self, text: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "little")
        values = np.random.default_rng(seed).normal(size=self.dimension)
        return values / np.linalg.norm(values)


@pytest.fixture
def make_fake() -> type[FakeEmbedder]:
    return FakeEmbedder


@pytest.fixture
def fake() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """Chinese and English, plain and awkward."""
    return [
        "请把下面这段话翻译成英文:今天的会议改到下午三点。",
        "写一首关于秋天的七言绝句,要求押韵。",
        "「繁體中文」的標點、用詞與簡體不同,例如「軟體」與「软件」。",
        "全角空格\u3000和全角字母ＡＢＣ１２３,还有半角ｶﾅ。",
        "Explain the difference between a list and a tuple in Python, with an example.",
        "What's the capital of Australia? Answer in one word.",
        "  leading,   inner   and trailing spaces \t\r\n\n ",
        "Café au lait, naïve résumé; e\u0301 decomposed, ﬁ ligature, ½ cup, x² + y²",
        "混合 mixed 语言 text,with ASCII, 全角,标点。",
        "😀 emoji 👨\u200d👩\u200d👧 family 👍🏽 and 🇨🇳 flag",
        "生僻字:龘靐齉爩 𠮷野家",
        "def f(x):\n    return {'a': [1, 2.5e-3], \"b\": x[::-1]}  # comment",
        "∑ᵢ xᵢ² ≤ ‖x‖² ⇒ ∀ε>0 ∃δ",
        "< unk > <b>bold</b> 😀<br/>",
        "a",
        "好",
        "\u200b",
        "한국어 문장과 日本語の文章、Русский текст, عربي ﷺ, हिन्दी में",
        "1,234,567.89 元(约合 $170,000)—— 2024年3月5日",
        "https://example.org/path?query=值&x=1#片段",
        "lone surrogate \ud83d inside",
        "▁ literally ▁▁",
        "重复" * 800,
        "A long English sentence that goes on and on about very little. " * 120,
    ]
