"""Encodings are told apart from a sample, and no byte is replaced."""

from __future__ import annotations

import codecs
import gzip
import json
from pathlib import Path

import pytest

from diversity.readers.encoding import Utf8, of_sample
from diversity.readers.stream import CHUNK

from .helpers import read, values, written

ROWS = [
    {"question": f"请解释第{n}个概念：量子纠缠", "answer": "它是一种物理现象，two particles share a state 😀", "n": n}
    for n in range(30)
]
LINES = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
ENCODINGS = {
    "utf-8": (LINES.encode("utf-8"), "utf-8"),
    "utf-8 with mark": (codecs.BOM_UTF8 + LINES.encode("utf-8"), "utf-8-sig"),
    "utf-16 little endian": (codecs.BOM_UTF16_LE + LINES.encode("utf-16-le"), "utf-16"),
    "utf-16 big endian": (codecs.BOM_UTF16_BE + LINES.encode("utf-16-be"), "utf-16"),
    "utf-16 without mark": (LINES.encode("utf-16-le"), "utf-16-le"),
    "utf-16 big endian without mark": (LINES.encode("utf-16-be"), "utf-16-be"),
    "utf-32": (codecs.BOM_UTF32_LE + LINES.encode("utf-32-le"), "utf-32"),
    "gb18030": (LINES.encode("gb18030"), "gb18030"),
    "ascii": (json.dumps(ROWS).encode("ascii"), "utf-8"),
}


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_every_encoding_gives_the_same_rows(tmp_path: Path, name: str, packed: bool) -> None:
    content, expected = ENCODINGS[name]
    rows, problems, data = read(written(tmp_path, gzip.compress(content) if packed else content))
    assert values(rows) == ROWS
    assert problems == []
    assert data.encoding == expected
    assert data.compression == ("gzip" if packed else None)


def test_traditional_and_rare_characters_in_gb18030(tmp_path: Path) -> None:
    rows = [{"q": "臺灣的歷史與𠮷野家", "a": "這是一段說明文字。"}] * 3
    text = json.dumps(rows, ensure_ascii=False)
    found, _, data = read(written(tmp_path, text.encode("gb18030")))
    assert values(found) == rows
    assert data.encoding == "gb18030"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_long_ascii_head_decides_nothing(tmp_path: Path, encoding: str) -> None:
    rows: list[object] = [{"q": "x" * 1000, "a": "y"}] * (2 * CHUNK // 1000)
    rows.append({"q": "中文问题在很后面", "a": "答案"})
    found, problems, data = read(
        written(tmp_path, "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(encoding))
    )
    assert found[-1].value == rows[-1]
    assert (len(found), problems, data.encoding) == (len(rows), [], encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_characters_across_chunks_are_whole(encoding: str) -> None:
    text = LINES
    content = text.encode(encoding)
    for size in (7, 31, 1000):
        if encoding == "utf-16-le" and size == 7:
            continue
        pieces = (content[start : start + size] for start in range(0, len(content), size))
        assert b"".join(Utf8(pieces)).decode() == text


def test_a_row_with_undecodable_bytes_is_set_aside(tmp_path: Path) -> None:
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in ROWS]
    lines[4] = lines[4].replace("量子".encode(), b"\xe9\x87\xff")
    rows, problems, data = read(written(tmp_path, b"\n".join(lines)))
    assert values(rows) == ROWS[:4] + ROWS[5:]
    assert [(problem.line, problem.reason) for problem in problems] == [(5, "undecodable")]
    assert problems[0].detail.startswith("byte 0xe9")
    assert data.encoding == "utf-8"
    rows, problems, _ = read(written(tmp_path, b"[" + b",\n".join(lines) + b"]"))
    assert values(rows) == ROWS[:4] + ROWS[5:]
    assert [(problem.line, problem.reason) for problem in problems] == [(5, "undecodable")]


def test_a_row_with_undecodable_bytes_in_gb18030_is_set_aside(tmp_path: Path) -> None:
    lines = [json.dumps(row, ensure_ascii=False).encode("gb18030") for row in ROWS]
    lines[6] = lines[6].replace("量子".encode("gb18030"), b"\xff\xff")
    rows, problems, data = read(written(tmp_path, b"\n".join(lines)))
    assert values(rows) == ROWS[:6] + ROWS[7:]
    assert [(problem.line, problem.reason) for problem in problems] == [(7, "undecodable")]
    assert data.encoding == "gb18030"


def test_western_single_byte_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    rows = [
        {"q": "Où est le café près de l'hôtel ?", "a": "À côté du théâtre, mon général."},
        {"q": "plain", "a": "ascii"},
    ]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    found, problems, data = read(written(tmp_path, text.encode("cp1252")))
    assert values(found) == rows[1:]
    assert [(problem.line, problem.reason) for problem in problems] == [(1, "undecodable")]
    assert data.encoding == "utf-8"


def test_a_sample_that_ends_within_a_character() -> None:
    assert of_sample('{"a": "中'.encode()[:-1]) == "utf-8"
    assert of_sample("中文".encode()) == "utf-8"
    assert of_sample("中文".encode("gb18030")) == "gb18030"
