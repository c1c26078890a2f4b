from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.neighbors.shingles import as_sets, shingle

WIDE = re.compile("[\u3041-\u30fa\u4e00-\u9fff]")


def plain_set(text: str) -> set[str]:
    """The definition, written down with Python strings; a rest is marked to differ from the same text alone."""
    if not re.search(r"[^\W\d_]", text):
        return {text} if text else set()
    fitting, reached = set(), [False] * len(text)
    for at, char in enumerate(text):
        size = 3 if WIDE.match(char) else 5
        if at + size <= len(text):
            fitting.add(text[at : at + size])
            reached[at : at + size] = [True] * size
    if not fitting:
        return {text}
    rest = "".join("\0" if hit else char for char, hit in zip(text, reached, strict=True))
    return fitting | {f"\0{run}" for run in rest.split("\0") if run}


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


@pytest.mark.parametrize(
    ("left", "right", "shared", "union"),
    [
        ("价格为182元", "价格为185元", 3, 5),
        ("答案是14", "答案是147", 3, 4),
        ("首都城市是rome", "首都城市是roma", 5, 7),
        ("a好的呀", "b好的呀", 1, 3),
    ],
)
def test_what_no_shingle_reaches_is_one_too(left: str, right: str, shared: int, union: int) -> None:
    one, other = sets_of([left, right])
    assert (len(one & other), len(one | other)) == (shared, union)


@pytest.mark.parametrize(("text", "size"), [("plain english", 5), ("今天天气很好", 3)])
def test_one_script_gives_its_character_grams_alone(text: str, size: int) -> None:
    assert len(sets_of([text, "x"])[0]) == len({text[at : at + size] for at in range(len(text) - size + 1)})


def test_numbers_do_not_look_alike() -> None:
    assert not sets_of(["11111", "111111"])[0] & sets_of(["11111", "111111"])[1]


def test_no_texts() -> None:
    assert shingle([]).offsets.tolist() == [0]
    assert shingle(["", ""]).offsets.tolist() == [0, 0, 0]


def test_lone_surrogates_are_characters_like_others() -> None:
    assert len(sets_of(["abc\ud83ddefg", "x"])[0]) == 4
