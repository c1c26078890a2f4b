from __future__ import annotations

import pytest

from diversity.report import InputFile, Intake, OwnIds, Rows
from diversity.words.intake import file_sentence, id_sentences


def intake(ids: OwnIds | None) -> Intake:
    return Intake(
        files=[], shape="alpaca", field_map={}, rows=Rows(read=9, set_aside=0), records=9, units=9, reasons={},
        fingerprint="", ids=ids,
    )  # fmt: skip


@pytest.mark.parametrize(
    "ids", [None, OwnIds(used=9, missing=0, repeated=0), OwnIds(used=0, missing=9, repeated=0)], ids=str
)
def test_nothing_is_said_where_all_ids_were_used_or_there_are_none(ids: OwnIds | None) -> None:
    assert id_sentences(intake(ids)) == []


def test_ids_that_were_not_used_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = intake(OwnIds(used=0, missing=1, repeated=8, example="=x\n\u202e"))
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    assert id_sentences(odd) == [
        "8 records with an id that others have too (such as =x \\u202e) named by content instead",
        "1 record without an id named by content instead",
    ]
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    assert id_sentences(odd)[1] == "1 条没有 id，用内容哈希作 id"


def test_a_file_among_others_says_how_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    file = InputFile(
        path="a.csv", format="csv", encoding="gb18030", compression=None, rows_read=1200, rows_set_aside=0, bytes=1,
        shape="moss", field_map={"messages": "chat"},
    )  # fmt: skip
    assert file_sentence(file, alone=True) == "a.csv (csv, gb18030, 1,200)"
    assert file_sentence(file, alone=False) == "a.csv (csv, gb18030, 1,200) · MOSS chat · messages ← chat"
    old = file.model_copy(update={"shape": None, "field_map": None})
    assert file_sentence(old, alone=False) == "a.csv (csv, gb18030, 1,200)"
