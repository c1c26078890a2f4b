"""The browse filters against records counted by hand."""

from __future__ import annotations

import pytest

from diversity.store import Store
from diversity.ui.flags import flags_of
from diversity.ui.search import RecordFilter, count_records, find_records, task_type_names
from diversity.ui.view import View
from ui.factory import HOSTILE, hostile, ordinary, write_report


@pytest.fixture
def view(store) -> View:
    write_report(store, "d", "v1", ordinary(12))
    return View(Store(store).load("d", "v1"))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (RecordFilter(), 12),
        (RecordFilter(text="第3个"), 1),
        (RecordFilter(text="ANSWER NUMBER"), 12),
        (RecordFilter(text="more of 4"), 1),
        (RecordFilter(text="r7"), 1),
        (RecordFilter(text="you are brief"), 3),
        (RecordFilter(text="100%"), 0),
        (RecordFilter(task_type="翻译"), 4),
        (RecordFilter(task_type=""), 0),
        (RecordFilter(language="en"), 4),
        (RecordFilter(several_turns=True), 3),
        (RecordFilter(several_turns=False), 9),
        (RecordFilter(has_system=True), 3),
        (RecordFilter(has_system=True, several_turns=True), 1),
        (RecordFilter(flag="answer_exact"), 2),
        (RecordFilter(flag="answer_drop"), 1),
        (RecordFilter(flag="no_such_flag"), 12),
        (RecordFilter(prompt_tokens=(13, 100)), 2),
    ],
)
def test_filters(view: View, wanted: RecordFilter, count: int):
    assert count_records(view, wanted) == count
    assert len(find_records(view, wanted, "reading", 0)) == count


def test_pages_hold_every_record_once(view: View):
    pages = [find_records(view, RecordFilter(), "answer_longest", page, rows=5) for page in range(3)]
    ids = [record_id for page in pages for record_id in page["record_id"]]
    assert len(ids) == 12
    assert len(set(ids)) == 12
    tokens = [value for page in pages for value in page["answer_tokens"]]
    assert tokens == sorted(tokens, reverse=True)


def test_quotes_and_wildcards_are_plain_text(store):
    write_report(store, "h", "v1", hostile())
    view = View(Store(store).load("h", "v1"))
    for text in [*HOSTILE, "' or 1=1 --", '"', "_____", "%"]:
        assert count_records(view, RecordFilter(text=text)) == sum(text.lower() in bad.lower() for bad in HOSTILE)
    assert count_records(view, RecordFilter(task_type=HOSTILE[0])) == 1


def test_flags_of_a_page(view: View):
    assert flags_of(view, ["r0", "r1", "r5"]) == {
        "r0": ["answer_exact"],
        "r1": ["answer_exact", "answer_drop"],
        "r5": [],
    }
    assert flags_of(view, []) == {}


def test_task_types_by_frequency(view: View):
    assert set(task_type_names(view)) == {"翻译", "writing", "逻辑推理"}
