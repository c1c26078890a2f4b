"""Which characters words are made of."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest

from diversity.text.scripts import HAN, MARKS, UNIT, UNSPACED, WIDE, WORD, is_wide


@pytest.mark.parametrize(
    ("char", "classes"),
    [
        ("中", (True, True, True)),
        ("々", (True, True, True)),
        ("𠀀", (True, True, True)),
        ("か", (False, True, True)),
        ("ー", (False, True, True)),
        ("ㄅ", (False, True, True)),
        ("ก", (False, False, True)),
        ("・", (False, False, False)),
        ("。", (False, False, False)),
        ("한", (False, False, False)),
        ("a", (False, False, False)),
    ],
)
def test_classes_lie_within_each_other(char: str, classes: tuple[bool, bool, bool]) -> None:
    assert tuple(re.match(f"[{one}]", char) is not None for one in (HAN, WIDE, UNSPACED)) == classes


def test_the_array_says_what_the_pattern_says() -> None:
    codes = np.array([c for c in range(0x110000) if not 0xD800 <= c < 0xE000], np.uint64)
    found = set(re.findall(f"[{WIDE}]", "".join(map(chr, codes.tolist()))))
    assert {chr(code) for code in codes[is_wide(codes)].tolist()} == found


def test_marks_are_all_of_the_first_plane_but_those_that_choose_a_picture() -> None:
    marks = {chr(c) for c in range(0x10000) if unicodedata.category(chr(c)) in ("Mn", "Mc")}
    seen = set(re.findall(f"[{MARKS}]", "".join(map(chr, [*range(0xD800), *range(0xE000, 0x10000)]))))
    assert marks - seen == {chr(code) for code in [*range(0xFE00, 0xFE10), 0xFB1E]}
    assert seen - marks == {"\u200c", "\u200d"}


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("cafe\u0301 au_lait 3d", ["cafe\u0301", "au", "lait", "3d"]),
        ("用Python写", ["用", "Python", "写"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("か\u3099っこう", ["か\u3099", "っ", "こ", "う"]),
        ("\u0301", []),
        ("❤\ufe0f", []),
    ],
)
def test_units_keep_their_marks(text: str, units: list[str]) -> None:
    assert re.findall(UNIT, text) == units


def test_a_word_is_read_once_however_long_it_is() -> None:
    long = "e\u0301" * 200_000
    assert re.findall(WORD, long) == [long]
