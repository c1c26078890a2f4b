"""Whatever reads a text takes time in proportion to it, however long its runs of blanks, marks or phrases are."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from diversity.features.answer_forms import FORMS
from diversity.features.instruction import asks_about_all, part_request, read_layout
from diversity.features.session_cues import session_cues
from diversity.features.system_requests import requests_of
from diversity.features.system_stock import is_stock
from diversity.features.system_tools import called_tools, declared_tools, only_tools
from diversity.features.verb_object import verb_object
from diversity.features.wording import masked_tokens
from diversity.neighbors.guards import has_units, word_exchanged
from diversity.neighbors.literals import Literals
from diversity.normalize.chat import moss_chat
from diversity.text.folding import fold
from diversity.text.segmentation import segment
from diversity.text.words import tokenize

LENGTH = 40_000
REPEATED = (
    " ", "\t", "\n", " \n", "\r\n", "\u3000", "\u200b", ".", "。", "…", "-", "- ", "#", "*", "_", "|", "（", "”",
    '"', "“", "'", "`", "```\n", "《a\n", "<", "1", "1,", "1. ", "\n1. a", "a ", "a.", "X", "的", "五", "五百", "😀",
    "？", "如果", "好的", "thanks ", "你叫", "Aa of ", "写一篇五十字的作文", "Write 50 words. ", "www.a", "a@a-",
    '{"name":"a', "get_a(", "## get\n", "- get(a): ", "中文助手", "“a”、", "tools [a, ", "_'a", "f_'x ", "a - ", "a(",
    "what class ", "write a ", "a:", "1,2,3\n",
)  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "segment": segment,
    "read_layout": lambda text: read_layout(text, segment(text)),
    "asks_about_all": lambda text: (part_request(text, segment(text)), asks_about_all(text)),
    "masked_tokens": masked_tokens,
    "verb_object": verb_object,
    "session_cues": lambda text: session_cues([text], [text]),
    "requests_of": requests_of,
    "answer_forms": lambda text: [form(text) for form in FORMS.values()],
    "is_stock": is_stock,
    "declared_tools": lambda text: (declared_tools(f"Tools: {text}"), only_tools(f'"parameters": {text}')),
    "called_tools": lambda text: called_tools(["get"], [f"get{text}"], [text], [f"get{text}"]),
    "fold": fold,
    "tokenize": lambda text: tokenize([text]),
    "has_units": lambda text: has_units([text], len(text)),
    "literals": lambda text: Literals.of(text, text),
    "word_exchanged": lambda text: word_exchanged(text, f"b{text}c"),
    "moss_chat": lambda text: moss_chat({"turn_1": {"Human": text, "MOSS": text}}),
}


@pytest.mark.parametrize("name", READERS)
def test_endless_texts_are_read_in_linear_time(name: str) -> None:
    """A square of the length took from seconds to minutes for each of these where it was met."""
    for repeated in REPEATED:
        text = repeated * (LENGTH // len(repeated))
        begin = time.process_time()
        for one in (text, f"a{text}x", f"50{text}字"):
            READERS[name](one)
        assert time.process_time() - begin < 6, repr(repeated)
