"""JSON in all its layouts, whole and broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.readers import Problem, Row
from diversity.readers.json_rows import JsonRows, rows_of_lines

from .helpers import read, values, written

ROWS = [{"q": f'问题 {n} {{"a": [1, 2]}} \\ "', "a": f"answer {n}\n[x]", "n": n} for n in range(7)]
NESTED = [
    {"conversations": [{"from": "human", "value": f"{n}]}}"}, {"from": "gpt", "value": "[{"}], "id": n}
    for n in range(5)
]


def chunked(text: bytes, size: int) -> list[bytes]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def told(items: list[Row | Problem]) -> tuple[list[object], list[tuple[int, str]]]:
    return (
        [item.value for item in items if isinstance(item, Row)],
        [(item.line, item.reason) for item in items if isinstance(item, Problem)],
    )


LAYOUTS = {
    "array": lambda rows: json.dumps(rows, ensure_ascii=False),
    "array, escaped": json.dumps,
    "array, indented": lambda rows: json.dumps(rows, indent=2),
    "array, one row a line": lambda rows: "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n",
    "lines": lambda rows: "\n".join(json.dumps(row) for row in rows),
    "lines, blank ones and CRLF": lambda rows: "\r\n\r\n".join(json.dumps(row) for row in rows) + "\r\n",
    "lines ending in commas": lambda rows: ",\n".join(json.dumps(row) for row in rows),
    "objects, indented": lambda rows: "\n".join(json.dumps(row, indent=4) for row in rows),
    "objects in one line": lambda rows: "".join(json.dumps(row) for row in rows),
    "list inside": lambda rows: json.dumps({"version": "1.0", "meta": {"data": [1]}, "data": rows}),
    "list inside, indented": lambda rows: json.dumps({"version": "1.0", "train": rows, "count": 7}, indent=1),
    "two lists inside": lambda rows: json.dumps({"train": rows[:2], "test": rows[2:]}),
    "lists by names of their own": lambda rows: json.dumps({"easy": rows[:2], "empty": [], "hard": rows[2:]}),
    "lists beside known names": lambda rows: json.dumps(
        {"langs": ["zh", "en"], "train": rows[:1], "eval": rows[1:3], "meta": {"a": 1}, "holdout_2": rows[3:]}
    ),
    "two arrays": lambda rows: json.dumps(rows[:3]) + "\n" + json.dumps(rows[3:]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("rows", [ROWS, NESTED], ids=["flat", "nested"])
def test_every_layout_gives_the_same_rows(tmp_path: Path, layout: str, rows: list[dict[str, object]]) -> None:
    found, problems, data = read(written(tmp_path, LAYOUTS[layout](rows)))
    assert values(found) == rows
    assert problems == []
    assert data.format == ("jsonl" if layout.startswith(("lines", "objects")) else "json")


@pytest.mark.parametrize("names", [("train", "eval", "other"), ("other", "train", "eval"), ("easy", "hard", "odd")])
def test_every_list_of_an_object_larger_than_the_sample_is_read(tmp_path: Path, names: tuple[str, ...]) -> None:
    rows = [{"q": f"{n} " + "x" * 3000, "a": "y"} for n in range(900)]
    parts = dict(zip(names, (rows[:400], rows[400:700], rows[700:]), strict=True))
    found, problems, data = read(written(tmp_path, json.dumps({"version": 1, **parts} if "train" in names else parts)))
    assert values(found) == rows
    assert (problems, data.format) == ([], "json")


def test_a_row_with_lists_of_objects_is_a_row(tmp_path: Path) -> None:
    row = {"prompt": "p", "answer": "a", "notes": [{"x": 1}], "conversations": [{"y": 2}]}
    rows, _, _ = read(written(tmp_path, json.dumps(row, indent=1)))
    assert values(rows) == [row]
    rows, _, _ = read(written(tmp_path, json.dumps({"conversations": [{"y": 2}]}, indent=1)))
    assert values(rows) == [{"conversations": [{"y": 2}]}]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("rows", [ROWS, NESTED], ids=["flat", "nested"])
def test_the_size_of_the_chunks_does_not_matter(size: int, rows: list[dict[str, object]]) -> None:
    text = json.dumps(rows, ensure_ascii=False).encode()
    assert told(list(JsonRows(iter(chunked(text, size))))) == (rows, [])
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    assert told(list(rows_of_lines(iter(chunked(lines, size))))) == (rows, [])


def test_rows_of_a_list_are_numbered_and_other_objects_carry_their_line(tmp_path: Path) -> None:
    rows, _, _ = read(written(tmp_path, LAYOUTS["array, indented"](ROWS)))
    assert [row.line for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    rows, _, _ = read(written(tmp_path, '\n{"a": 1}\n\n{"a": 2}\n'))
    assert [row.line for row in rows] == [2, 4]
    rows, _, _ = read(written(tmp_path, '{\n"a": 1\n}\n{\n"a": 2}'))
    assert [row.line for row in rows] == [1, 4]


def test_an_array_that_ends_midway_keeps_its_rows(tmp_path: Path) -> None:
    text = json.dumps(ROWS, ensure_ascii=False, indent=1)
    rows, problems, _ = read(written(tmp_path, text[: text.index("answer 5") + 3]))
    assert values(rows) == ROWS[:5]
    assert [(problem.line, problem.reason) for problem in problems] == [(6, "truncated_file")]
    assert "line 27 of the file" in problems[0].detail
    assert b"ans" in problems[0].text  # type: ignore[operator]


def test_an_array_without_its_closing_bracket_is_told(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, json.dumps(ROWS)[:-1]))
    assert values(rows) == ROWS
    assert [(problem.line, problem.reason) for problem in problems] == [(8, "truncated_file")]


def test_a_trailing_comma_is_told_with_its_line(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, '[\n{"a": 1},\n{"a": 2},\n]   '))
    assert values(rows) == [{"a": 1}, {"a": 2}]
    assert problems == [Problem(3, "trailing_comma", "line 4 of the file", b",", costs_row=False)]


def test_missing_commas_are_told_once(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, '[{"a": 1} {"a": 2} {"a": 3}]'))
    assert values(rows) == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert [(problem.line, problem.reason) for problem in problems] == [(2, "missing_comma")]


@pytest.mark.parametrize("end", ['"ev', '"eval"', '"eval":', '"eval": [', '"eval": [{', '"other": [1, 2', '"n": {"a"'])
def test_an_object_of_lists_that_ends_midway_is_told(tmp_path: Path, end: str) -> None:
    rows, problems, _ = read(written(tmp_path, json.dumps({"train": ROWS})[:-1] + ", " + end))
    assert values(rows) == ROWS
    assert [problem.reason for problem in problems] == ["truncated_file"]


def test_words_behind_an_array_are_one_fault_that_costs_no_row() -> None:
    text = b'[{"a": 1}, {"a": 2}]\n-- end of {file}, "3 rows" ]}\n' + b"z" * 100_000 + b' [{"a": 3}]\nthe end'
    for size in (1, 7, 1000, 1_000_000):
        items = list(JsonRows(iter(chunked(text, size))))
        rows, problems = told(items)
        assert rows == [{"a": 1}, {"a": 2}, {"a": 3}]
        assert problems == [(3, "broken_json"), (4, "broken_json")]
        faults = [item for item in items if isinstance(item, Problem)]
        assert [(fault.detail, fault.costs_row) for fault in faults] == [
            ("line 2 of the file", False),
            ("line 4 of the file", False),
        ]
        assert faults[0].text.startswith(b'-- end of {file}, "3 rows" ]}')  # type: ignore[arg-type]
        assert faults[1].text == b"the end"


BROKEN_ROWS = {
    "a quote not escaped": '{"q": "he said "no" twice", "a": "x"}',
    "a quote missing": '{"q": "who?, "a": "x", "n": 1}',
    "a bracket missing": '{"q": "who?", "a": ["x", "n": 1}',
    "a comma missing": '{"q": "who?" "a": "x"}',
    "a single quote": "{'q': 'who?', 'a': 'x'}",
    "a real line end in a text": '{"q": "who\nis", "a": "x"}',
    "no value": '{"q": , "a": "x"}',
    "a comma too many": '{"q": "who?", "a": "x",}',
    "no closing brace": '{"q": "who?", "a": "x"',
}


@pytest.mark.parametrize("kind", BROKEN_ROWS)
@pytest.mark.parametrize("join", [",\n  ", ", "], ids=["indented", "one line"])
def test_a_broken_row_costs_itself_only(tmp_path: Path, kind: str, join: str) -> None:
    good = [json.dumps(row, ensure_ascii=False) for row in ROWS]
    text = "[" + join.join([*good[:3], BROKEN_ROWS[kind], *good[3:]]) + "]"
    rows, problems, _ = read(written(tmp_path, text))
    assert values(rows) == ROWS
    assert [(problem.line, problem.reason) for problem in problems[:1]] == [(4, "broken_json")]
    assert len(problems) == 1
    assert b"q" in problems[0].text  # type: ignore[operator]


def test_a_bracket_too_many_costs_no_row(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, '[{"a": 1}}, {"a": 2}, {"a": 3}]'))
    assert values(rows) == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert [(problem.line, problem.reason, problem.text) for problem in problems] == [(2, "broken_json", b"}")]


@pytest.mark.parametrize("place", [0, 7])
def test_a_broken_first_or_last_row(tmp_path: Path, place: int) -> None:
    good = [json.dumps(row) for row in ROWS]
    good.insert(place, BROKEN_ROWS["a quote not escaped"])
    rows, problems, _ = read(written(tmp_path, "[" + ",\n".join(good) + "]"))
    assert values(rows) == ROWS
    assert [(problem.line, problem.reason) for problem in problems] == [(place + 1, "broken_json")]


def test_broken_lines_cost_themselves_only(tmp_path: Path) -> None:
    lines = [json.dumps(row) for row in ROWS]
    lines[2:2] = ['{"q": "half', "null", '["q"]', "", "3"]
    rows, problems, _ = read(written(tmp_path, "\n".join(lines) + '\n{"q": "cut off'))
    assert values(rows) == ROWS
    assert [(problem.line, problem.reason) for problem in problems] == [
        (3, "broken_json"),
        (4, "not_an_object"),
        (5, "not_an_object"),
        (7, "not_an_object"),
        (13, "truncated_file"),
    ]


def test_array_items_that_are_no_objects(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, '[1, "two, [", null, {"a": 4}, [5], true, 7]'))
    assert values(rows) == [{"a": 4}]
    assert [(problem.line, problem.reason, problem.detail) for problem in problems] == [
        (1, "not_an_object", "number"),
        (2, "not_an_object", "text"),
        (3, "not_an_object", "null"),
        (5, "not_an_object", "list"),
        (6, "not_an_object", "true/false"),
        (7, "not_an_object", "number"),
    ]


def test_rubbish_between_objects_is_one_problem(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, '{\n"a": 1}\nrubbish !! here\n{\n"a": 2}'))
    assert values(rows) == [{"a": 1}, {"a": 2}]
    assert {problem.reason for problem in problems} == {"broken_json"}
    assert problems[0].line == 3


def test_a_row_beyond_the_limit_is_set_aside_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diversity.readers.json_rows.MAX_ROW", 1000)
    long = json.dumps({"a": "x" * 5000})
    text = f'{{"a": 1}}\n{long}\n{{"a": 3}}\n{long}'.encode()
    for size in (100, 1500, 100_000):
        rows, problems = told(list(rows_of_lines(iter(chunked(text, size)))))
        assert rows == [{"a": 1}, {"a": 3}]
        assert problems == [(2, "row_too_large"), (4, "row_too_large")]


@pytest.mark.parametrize("ending", [b"", b"\n", b'\n{"a": '])
def test_rows_behind_one_beyond_the_limit_are_read_to_the_last(monkeypatch: pytest.MonkeyPatch, ending: bytes) -> None:
    monkeypatch.setattr("diversity.readers.json_rows.MAX_ROW", 1000)
    good = [f'{{"a": {n}}}' for n in range(10)]
    text = "\n".join([*good, json.dumps({"a": "x" * 5000}), *good]).encode() + ending
    for size in (100, 300, 1500, 100_000):
        rows, problems = told(list(rows_of_lines(iter(chunked(text, size)))))
        assert rows == [{"a": n} for n in range(10)] * 2
        assert problems == [(11, "row_too_large"), *([(22, "truncated_file")] if ending[1:] else [])]


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ('{"a": "x", "b": [1, {"c', "truncated_file"),
        (' {"a": "问', "truncated_file"),
        ('{"a": "he said "no" twice"}', "broken_json"),
        ('{"a": 1}}', "broken_json"),
    ],
)
def test_a_last_line_is_cut_off_or_just_broken(tmp_path: Path, last: str, reason: str) -> None:
    rows, problems, _ = read(written(tmp_path, '{"a": 1}\n{"a": 2}\n' + last))
    assert values(rows) == [{"a": 1}, {"a": 2}]
    assert [(problem.line, problem.reason) for problem in problems] == [(3, reason)]


def test_a_file_that_ends_within_a_character_is_cut_off(tmp_path: Path) -> None:
    for text in ('{"a": 1}\n{"a": "问', '[{"a": 1}, {"a": "问'):
        rows, problems, _ = read(written(tmp_path, text.encode()[:-1]))
        assert values(rows) == [{"a": 1}]
        assert [(problem.line, problem.reason) for problem in problems] == [(2, "truncated_file")]


words = st.text(max_size=8) | st.sampled_from(['"', "\\", "{", "}", "[", "]", ",", ":", '{"a": 1}', "\\u0041", "\n"])
json_values = (
    words
    | st.integers()
    | st.booleans()
    | st.none()
    | st.lists(words, max_size=2)
    | st.dictionaries(words, words, max_size=2)
)
json_rows = st.lists(st.dictionaries(words, json_values, max_size=3), min_size=1, max_size=4)


@given(json_rows, st.sampled_from([None, 1]), st.booleans(), st.integers(1, 40))
def test_arrays_read_as_python_reads_them(
    rows: list[dict[str, object]], indent: int | None, ascii_only: bool, size: int
) -> None:
    text = json.dumps(rows, indent=indent, ensure_ascii=ascii_only).encode()
    assert told(list(JsonRows(iter(chunked(text, size))))) == (rows, [])


@given(json_rows, st.booleans(), st.integers(1, 40))
def test_objects_after_one_another_read_as_python_reads_them(
    rows: list[dict[str, object]], indented: bool, size: int
) -> None:
    text = "\n".join(json.dumps(row, indent=1 if indented else None) for row in rows).encode()
    assert told(list(JsonRows(iter(chunked(text, size))))) == (rows, [])


@given(json_rows, st.data())
def test_damage_anywhere_never_raises_and_never_invents(rows: list[dict[str, object]], data: st.DataObject) -> None:
    text = bytearray(json.dumps(rows).encode())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    items = list(JsonRows(iter(chunked(bytes(text), 16))))
    assert all(isinstance(item, (Row, Problem)) for item in items)
    try:
        expected = json.loads(bytes(text))
    except ValueError:
        return
    if isinstance(expected, list) and all(isinstance(row, dict) for row in expected):
        assert len(items) == len(expected)
