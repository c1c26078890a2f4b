"""What makes two rows the same row: their texts, but for white space at the ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from diversity.analysis import analyze
from diversity.comparison.rows import class_tables, classes_of, record_contents, turn_contents, units_of
from diversity.stored_report import StoredReport


def stored(folder: Path, name: str, prompts: list[str], system: str = "you are brief") -> StoredReport:
    rows = [
        {"id": f"r{n}", "system": system, "prompt": prompt, "answer": f"answer {n}"} for n, prompt in enumerate(prompts)
    ]
    return analyze(rows, dataset="d", version=name, store=folder, settings={"embedder": "none"})


KEYS = ["content_key", "prompt_key", "answer_key"]


@pytest.mark.parametrize("space", [" ", "\n", "\t\r\n", "\u3000", "\u00a0", "\ufeff", "\u2003"])
def test_white_space_at_the_ends_makes_no_other_row(tmp_path: Path, space: str) -> None:
    plain = stored(tmp_path, "plain", ["ask one", "ask two"])
    spaced = stored(tmp_path, "spaced", [f"{space}ask one{space}", f"ask two{space}"], f"you are brief{space}")
    assert units_of(plain)[KEYS].equals(units_of(spaced)[KEYS])
    (table,) = {*class_tables(plain)} & {"system_effect"}
    assert classes_of(plain, table)["content_key"].tolist() == classes_of(spaced, table)["content_key"].tolist()


def test_line_ends_and_composed_letters_make_no_other_row(tmp_path: Path) -> None:
    plain = stored(tmp_path, "plain", ["ask\none", "caf\u00e9"])
    other = stored(tmp_path, "other", ["ask\r\none", "cafe\u0301"])
    assert units_of(plain)[KEYS].equals(units_of(other)[KEYS])
    for contents in (record_contents, turn_contents):
        assert contents(plain).equals(contents(other))


def test_the_contents_of_turns_are_those_of_units(tmp_path: Path) -> None:
    """Of records of one turn; and a record's content is that of its turns and system together."""
    report = stored(tmp_path, "plain", ["ask one", "ask two", "ask two"])
    units, turns = units_of(report), turn_contents(report)
    assert turns["turn"].tolist() == [0, 0, 0]
    for name in ("prompt_key", "answer_key"):
        assert turns[name].tolist() == units[name].tolist()
    assert (
        turns["record_key"].tolist() == units["content_key"].tolist() == record_contents(report)["record_key"].tolist()
    )


def test_white_space_inside_and_other_texts_do(tmp_path: Path) -> None:
    plain, other = stored(tmp_path, "a", ["ask one", "ask two"]), stored(tmp_path, "b", ["ask  one", "ask two"])
    same = (units_of(plain)[KEYS] == units_of(other)[KEYS]).to_numpy().tolist()
    assert same == [[False, False, True], [True, True, True]]
    strict = stored(tmp_path, "c", ["ask one", "ask two"], "you are strict")
    assert not (units_of(plain)["content_key"] == units_of(strict)["content_key"]).any()
