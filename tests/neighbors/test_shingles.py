from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.neighbors.shingles import as_sets, shingle

WIDE = re.compile("[\u3041-\u30fa\u4e00-\u9fff]")


def plain_set(text: str) -> set[str]:
    """The definition, written down with Python strings."""
    if not re.search(r"[^\W\d_]", text):
        return {text} if text else set()
    sizes = [3 if WIDE.match(char) else 5 for char in text]
    fitting = {text[at : at + size] for at, size in enumerate(sizes) if at + size <= len(text)}
    return fitting or {text}


def sets_of(texts: list[str]) -> list[set[int]]:
    found = as_sets(shingle(texts))
    return [set(part.tolist()) for part in np.split(found.hashes, found.offsets[1:-1])]


@given(st.lists(st.text(alphabet="ab c1好的呀x", max_size=14), min_size=2, max_size=6))
def test_same_sets_as_the_plain_definition(texts: list[str]) -> None:
    hashed, plain = sets_of(texts), [plain_set(text) for text in texts]
    for i in range(len(texts)):
        for j in range(len(texts)):
            assert len(hashed[i] & hashed[j]) == len(plain[i] & plain[j])


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("a", 1), ("abcd", 1), ("abcde", 1), ("abcdef", 2), ("好", 1), ("你好吗", 1), ("你好吗呀", 2)],
)
def test_sizes(text: str, count: int) -> None:
    assert len(sets_of([text, "other text"])[0]) == count


def test_numbers_do_not_look_alike() -> None:
    assert not sets_of(["11111", "111111"])[0] & sets_of(["11111", "111111"])[1]


def test_no_texts() -> None:
    assert shingle([]).offsets.tolist() == [0]
    assert shingle(["", ""]).offsets.tolist() == [0, 0, 0]


def test_lone_surrogates_are_characters_like_others() -> None:
    assert len(sets_of(["abc\ud83ddefg", "x"])[0]) == 4
