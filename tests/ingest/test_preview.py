"""What a file will be read as."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from diversity.errors import InputError
from diversity.ingest import input_names, preview

ROWS = [{"Frage": f"q{n}", "Antwort": f"a{n}", "kind": "x/y"} for n in range(100)]


def lines(folder: Path, rows: list[dict[str, object]]) -> Path:
    path = folder / "rows.json"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_the_first_rows_as_they_will_be_read(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": n, "instruction": f"q{n}", "output": "" if n == 1 else "a"} for n in range(100)
    ]
    path = lines(tmp_path, rows)
    seen = preview(path, limit=3)
    assert (seen.format, seen.encoding, seen.compression, seen.shape, seen.files) == (
        "jsonl",
        "utf-8",
        None,
        "alpaca",
        (str(path),),
    )
    assert seen.fields == ("id", "instruction", "output")
    assert (seen.unused, seen.by_line) == ((), True)
    assert seen.field_map == {"prompt": "instruction", "answer": "output", "id": "id"}
    assert [(record.record_id, record.turns[0].query) for record in seen.records] == [
        ("0", "q0"),
        ("2", "q2"),
        ("3", "q3"),
    ]
    assert [(problem.line, problem.reason) for problem in seen.problems] == [(2, "no_answer")]


def test_unknown_fields_are_shown_so_that_they_can_be_mapped(tmp_path: Path) -> None:
    path = lines(tmp_path, list(ROWS))
    seen = preview(path, limit=5)
    assert (seen.records, seen.shape, seen.fields) == ((), "unknown", ("Frage", "Antwort", "kind"))
    assert {problem.reason for problem in seen.problems} == {"unknown_shape"}
    assert len(seen.problems) == 5
    mapped = preview(path, {"prompt": "Frage", "answer": "Antwort"}, task_type_field="kind", limit=5)
    assert [record.task_type for record in mapped.records] == [("x", "y")] * 5
    assert mapped.field_map == {"prompt": "Frage", "answer": "Antwort", "task_type": "kind"}


def test_ids_that_repeat_are_not_shown_as_ids() -> None:
    seen = preview([{"id": 1, "prompt": "p", "answer": "a"}, {"id": 1, "prompt": "p", "answer": "b"}])
    assert len({record.record_id for record in seen.records}) == 2
    assert all(len(record.record_id) == 32 for record in seen.records)


def test_half_a_character_is_a_problem_here_too() -> None:
    seen = preview([{"prompt": "p", "answer": "\ud83d"}, {"prompt": "p", "answer": "a"}])
    assert ([problem.reason for problem in seen.problems], len(seen.records)) == (["lone_surrogate"], 1)


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(InputError, match="empty"):
        preview(tmp_path / "x")


def test_any_of_several_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"prompt": "p", "answer": "a"}))
    (tmp_path / "b.json").write_text(json.dumps([{"instruction": "q", "output": "b", "kind": "x"}]))
    names = (str(tmp_path / "a.jsonl"), str(tmp_path / "b.json"))
    assert input_names(tmp_path) == names
    first, second = (preview(tmp_path, file=number) for number in (0, 1))
    assert (first.file, first.format, first.records[0].turns[0].query) == (names[0], "jsonl", "p")
    assert (second.file, second.format, second.records[0].turns[0].query) == (names[1], "json", "q")
    assert second.fields == ("instruction", "output", "kind")
    assert first.files == second.files == names


def test_a_field_that_does_not_look_like_a_task_type_is_told(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"prompt": f"q{n}", "answer": "a", "category": "x" * 300} for n in range(5)]
    seen = preview(lines(tmp_path, rows), limit=3)
    assert (len(seen.records), seen.problems) == (3, ())
    assert [(one.line, one.reason, one.detail) for one in seen.beside] == [
        (n, "long_label", "category: 300 characters") for n in (1, 2, 3)
    ]
