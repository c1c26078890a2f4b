"""Tables in text: delimiter and quoting by content."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.errors import InputError
from diversity.readers.delimited import Dialect, dialect_of, rows_of_table

from .helpers import read, values, written

ROWS = [
    {"prompt": "问题一, with a comma", "answer": 'she said "yes"', "type": "a"},
    {"prompt": "line one\nline two\r\nline three", "answer": "tab\there; semicolon | bar", "type": ""},
    {"prompt": "plain", "answer": "x" * 200_000, "type": "b"},
]


def table(rows: list[dict[str, str]], delimiter: str = ",", ending: str = "\r\n") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator=ending)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_tables_with_any_delimiter(tmp_path: Path, delimiter: str, ending: str, packed: bool) -> None:
    content = table(ROWS, delimiter, ending).encode()
    rows, problems, data = read(written(tmp_path, gzip.compress(content) if packed else content))
    assert values(rows) == ROWS
    assert [row.line for row in rows] == [2, 3, 6]
    assert problems == []
    assert data.format == ("tsv" if delimiter == "\t" else "csv")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_tables_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    rows, problems, _ = read(written(tmp_path, table(ROWS[:2] * 9).encode(encoding)))
    assert values(rows) == ROWS[:2] * 9
    assert problems == []


def test_quotation_marks_that_quote_nothing(tmp_path: Path) -> None:
    lines = ["query\tanswer", '"Foo" is what?\ta word', 'say "hi\t"hi', '5" pipe\t"quoted" and more']
    rows, problems, _ = read(written(tmp_path, "\n".join(lines)))
    assert values(rows) == [
        {"query": '"Foo" is what?', "answer": "a word"},
        {"query": 'say "hi', "answer": '"hi'},
        {"query": '5" pipe', "answer": '"quoted" and more'},
    ]
    assert problems == []


def test_a_row_with_other_columns_is_set_aside(tmp_path: Path) -> None:
    text = "q,a\n1,2\n3\n\n4,5,6\n7,8\n"
    rows, problems, _ = read(written(tmp_path, text))
    assert values(rows) == [{"q": "1", "a": "2"}, {"q": "7", "a": "8"}]
    assert [(p.line, p.reason, p.detail, p.text) for p in problems] == [
        (3, "column_count", "1 instead of 2", b"3\n"),
        (5, "column_count", "3 instead of 2", b"4,5,6\n"),
    ]


def test_a_quote_that_is_never_closed_costs_its_row_only(tmp_path: Path) -> None:
    good = table(ROWS[:2] * 40)
    text = good + '"open,b,c\n' + "".join(f"q{n},a{n},t\n" for n in range(20))
    rows, problems, _ = read(written(tmp_path, text))
    assert [row.value["prompt"] for row in rows[80:]] == [f"q{n}" for n in range(20)]
    assert [(p.line, p.reason, p.text) for p in problems] == [(162, "broken_csv", '"open,b,c\n')]
    assert [row.line for row in rows[79:82]] == [159, 163, 164]


@pytest.mark.parametrize("place", [0, 1, 150, 299])
@pytest.mark.parametrize("bad", ['"Say "hi" to her","hi"\n', '"open,"b"\n'])
def test_one_row_of_broken_quoting_costs_itself_only(tmp_path: Path, place: int, bad: str) -> None:
    good = [f'"question {n}","answer {n}"\n' for n in range(300)]
    text = "".join(["prompt,answer\n", *good[:place], bad, *good[place:]])
    rows, problems, _ = read(written(tmp_path, text))
    assert values(rows) == [{"prompt": f"question {n}", "answer": f"answer {n}"} for n in range(300)]
    assert [(p.line, p.reason, p.text) for p in problems] == [(place + 2, "broken_csv", bad)]


def test_broken_rows_do_not_outweigh_rows_whose_commas_are_quoted(tmp_path: Path) -> None:
    good = [f'question {n},"one, two"\n' for n in range(50)]
    rows, problems, _ = read(written(tmp_path, "q,a\n" + '"a "b" c",d\n' * 9 + "".join(good)))
    assert [row.value["a"] for row in rows] == ["one, two"] * 50
    assert {p.reason for p in problems} == {"broken_csv"}
    assert len(problems) == 9


def test_quoted_cells_none_of_which_can_be_read_as_such_are_taken_as_they_are(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, "q,a\n" + '"say "hi" {n}","say "ho" {n}"\n' * 30))
    assert rows[0].value == {"q": '"say "hi" {n}"', "a": '"say "ho" {n}"'}
    assert (len(rows), problems) == (30, [])


def test_a_quoted_row_that_is_longer_than_the_sample(tmp_path: Path) -> None:
    text = 'q,a\n"x, y","z"\n"long","' + "line\n" * 300_000 + '"\n"x, y","z"\n'
    rows, problems, _ = read(written(tmp_path, text))
    assert [len(row.value["a"]) for row in rows] == [1, 1_500_000, 1]
    assert problems == []


def test_undecodable_bytes_in_a_table(tmp_path: Path) -> None:
    rows, problems, _ = read(written(tmp_path, "q,a\n问,答\n".encode() + b"\xff,b\n" + "好,的\n".encode()))
    assert values(rows) == [{"q": "问", "a": "答"}, {"q": "好", "a": "的"}]
    assert [(p.line, p.reason, p.detail) for p in problems] == [(3, "undecodable", "character 1")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_rows_are_numbered_by_the_line_they_begin_on(ending: str, size: int) -> None:
    lines = ["q,a", '"two', 'lines","one', 'row"', "", "short", "x,y", '"lone \r in it",z', "last,one"]
    text = ending.join(lines).encode()
    chunks = iter([text[start : start + size] for start in range(0, len(text), size)])
    found = list(rows_of_table(chunks, Dialect(",", True)))
    inside = 0 if ending != "\r" else -2
    assert [item.line for item in found] == [2, 6 + inside, 7 + inside, 8 + inside, 9 + inside]
    if ending == "\n":
        assert [lines[item.line - 1][:4] for item in found] == ['"two', "shor", "x,y", '"lon', "last"]


def test_names_are_each_there_once(tmp_path: Path) -> None:
    rows, _, _ = read(written(tmp_path, "q, a ,a,,\n1,2,3,4,5\n"))
    assert values(rows) == [{"q": "1", "a": "2", "a_3": "3", "column_4": "4", "column_5": "5"}]


def test_text_that_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"neither JSON.*begins with 'Just a sentence"):
        read(written(tmp_path, "Just a sentence.\nAnd another.\n"))


def test_one_row_only() -> None:
    assert dialect_of("a\tb", True) == Dialect("\t", True)
    assert dialect_of("a", True) is None


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=12)


@given(
    st.lists(st.fixed_dictionaries({"q": cells, "a": cells, "t": cells}), min_size=1, max_size=5), st.integers(1, 30)
)
def test_tables_read_as_python_wrote_them(rows: list[dict[str, str]], size: int) -> None:
    text = table(rows).encode()
    found = list(
        rows_of_table(iter([text[start : start + size] for start in range(0, len(text), size)]), Dialect(",", True))
    )
    assert [item.value for item in found] == rows  # type: ignore[union-attr]


@pytest.mark.parametrize(("name", "read_as"), [("a.csv", "csv"), ("a.TSV.gz", "csv"), ("a.txt", None), ("a", None)])
def test_a_table_of_one_column_is_one_where_its_name_says_so(tmp_path: Path, name: str, read_as: str | None) -> None:
    talks = ['[{"role": "user", "content": "问, one"}]', "[]\n,", "three"]
    content = table([{"messages": talk} for talk in talks]).encode()
    path = written(tmp_path, gzip.compress(content) if name.endswith("gz") else content, name)
    if read_as is None:
        with pytest.raises(InputError, match="neither JSON"):
            read(path)
        return
    rows, problems, data = read(path)
    assert values(rows) == [{"messages": talk} for talk in talks]
    assert (problems, data.format) == ([], read_as)
