"""What a file is, by its content alone."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from diversity.errors import InputError
from diversity.readers import InputData, Problem

from .helpers import read, values, written


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (gzip.compress(b""), "empty"),
        (b"PK\x03\x04 and so on", "zip"),
        (b"\x00\x01\x02\x03" * 50, "neither JSON"),
    ],
    ids=["empty", "empty gzip", "zip", "binary"],
)
def test_files_that_are_not_read(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(InputError, match=f"odd.json.*{what}"):
        InputData(written(tmp_path, content, "odd.json"))


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    assert read(written(tmp_path, '{"a": 1}\n{"a": 2}\n', "x.json"))[2].format == "jsonl"
    assert read(written(tmp_path, '[{"a": 1}]', "x.jsonl"))[2].format == "json"
    assert read(written(tmp_path, gzip.compress(b'[{"a": 1}]'), "y.json"))[2].compression == "gzip"
    assert read(written(tmp_path, "a,b\n1,2\n", "z.jsonl"))[2].format == "csv"


def test_a_gzip_file_that_ends_midway_keeps_its_rows(tmp_path: Path) -> None:
    import random

    draw = random.Random(1)
    lines = [f'{{"a": "{draw.getrandbits(400):x}"}}' for _ in range(4000)]
    packed = gzip.compress("\n".join(lines).encode())
    rows, problems, _ = read(written(tmp_path, packed[: len(packed) // 2]))
    assert 1000 < len(rows) < 3000
    assert {problem.reason for problem in problems} == {"truncated_file"}


def test_progress_is_counted_in_bytes_on_disk(tmp_path: Path) -> None:
    data = InputData(written(tmp_path, '{"a": 1}\n' * 400_000))
    seen = {data.position for _ in data.rows()}
    assert len(seen) > 2
    assert data.position == data.size


HARD = {
    "the same key twice": ('{"a": 1, "b": 2, "a": 3}', "duplicate_keys", "a"),
    "the same key twice, inside": ('{"a": [{"b": 1, "b": 2}]}', "duplicate_keys", "b"),
    "the same key twice, a blank before one colon": ('{"a": "A", "a" : "B"}', "duplicate_keys", "a"),
    "the same key twice, blanks before one colon": ('{"a": "A", "a"  :"B"}', "duplicate_keys", "a"),
    "the same key twice, a tab before one colon": ('{"a": "A", "a"\t:"B"}', "duplicate_keys", "a"),
    "the same key twice, blanks before both, inside": ('{"a": {"b" :1, "b"  : 2}}', "duplicate_keys", "b"),
    "half a character": ('{"a": "cut \\ud83d"}', "lone_surrogate", "\\ud83d"),
    "nested too deep": ('{"a": ' + "[" * 2000 + "]" * 2000 + "}", "broken_json", ""),
}


@pytest.mark.parametrize("kind", HARD)
@pytest.mark.parametrize("layout", ["lines", "array"])
def test_rows_that_are_json_of_a_kind(tmp_path: Path, kind: str, layout: str) -> None:
    text, reason, detail = HARD[kind]
    good = '{"a": 0}'
    content = f"{good}\n{text}\n{good}" if layout == "lines" else f"[{good}, {text}, {good}]"
    rows, problems, _ = read(written(tmp_path, content))
    assert values(rows) == [{"a": 0}, {"a": 0}]
    assert [(p.line, p.reason) for p in problems] == [(2, reason)]
    assert detail in problems[0].detail


KEPT = {
    "the same key twice, the same value": ('{"a": 1, "a": 1}', {"a": 1}),
    "an integer beyond 64 bits": ('{"a": 123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
    "an integer beyond 64 bits, inside": (
        '{"a": {"ids": [1, 18446744073709551617, 0.5]}}',
        {"a": {"ids": [1, 18446744073709551617, 0.5]}},
    ),
    "an integer beyond 64 bits, in a list": ('{"a": [-9223372036854775809]}', {"a": [-(2**63) - 1]}),
    "many digits that are no integer": ('{"a": [0.1234567890123456789]}', {"a": [0.12345678901234568]}),
    "a zero byte": ('{"a": "x\\u0000y"}', {"a": "x\0y"}),
    "colons and quotes in a text": ('{"a": "{\\"b\\": 1, \\"b\\": 2}"}', {"a": '{"b": 1, "b": 2}'}),
    "a pair of surrogates": ('{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
    "infinity": ('{"a": Infinity}', {"a": float("inf")}),
    "a blank before the colon": ('{"a" : 1, "b" : 2}', {"a": 1, "b": 2}),
}


def test_a_line_end_before_the_colon_hides_no_key(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, '[{"a": 0}, {"a": "A", "a"\r\n:"B"}, {"a": "x : y"}]'))
    assert values(rows) == [{"a": 0}, {"a": "x : y"}]
    assert [(p.line, p.reason) for p in problems] == [(2, "duplicate_keys")]


@pytest.mark.parametrize("kind", KEPT)
def test_rows_that_are_kept_whole(tmp_path: Path, kind: str) -> None:
    text, value = KEPT[kind]
    rows, problems, _ = read(written(tmp_path, text))
    assert values(rows) == [value]
    assert problems == []


def test_not_a_number_is_read(tmp_path: Path) -> None:
    rows, _, _ = read(written(tmp_path, '{"a": "x", "score": NaN}'))
    assert rows[0].value["score"] != rows[0].value["score"]


def test_a_problem_names_the_row(tmp_path: Path) -> None:
    _, problems, _ = read(written(tmp_path, '{"a": 1}\n{"a": "x" "b"}\n{"a": 2}\n'))
    assert problems == [
        Problem(
            2,
            "broken_json",
            "unexpected character, expected ',' or '}' (line 1, column 11 of the row)",
            b'{"a": "x" "b"}',
        )
    ]
