"""Names that are not UTF-8."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.text.names import valid_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("数据集.jsonl".encode("gbk"), "数据集.jsonl"),
        ("數據.jsonl".encode("gb18030"), "數據.jsonl"),
        ("好/".encode() + "数据".encode("gbk"), "好/数据"),
        (b"a\xff.jsonl", "a\\xff.jsonl"),
    ],
)
def test_bytes_are_read_part_by_part(raw: bytes, shown: str) -> None:
    assert valid_name(os.fsdecode(raw)) == shown


def test_half_a_character_that_is_no_byte_is_its_code() -> None:
    assert valid_name("v\ud800") == "v\\ud800"


@given(st.text())
def test_a_valid_name_stays(name: str) -> None:
    assert valid_name(name) == name


@given(st.text(st.characters(categories=("Cs", "L", "Nd")), max_size=20))
def test_whatever_comes_out_can_be_stored(name: str) -> None:
    stored = valid_name(name)
    assert stored.encode("utf-8").decode("utf-8") == stored
