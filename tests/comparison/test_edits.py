"""What is changed about a record."""

from __future__ import annotations

import pytest

from diversity.comparison.edits import EditCounts, changed_turns, count_edits

ONE, TWO, THREE = ("q1", "a1"), ("q2", "a2"), ("q3", "a3")


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([ONE], [ONE], []),
        ([ONE], [("q", "a1")], ["prompt"]),
        ([ONE], [("q1", "a")], ["answer"]),
        ([ONE, TWO], [TWO, ONE], ["prompt", "answer"]),
        ([ONE], [ONE, TWO], ["turns_added"]),
        ([ONE, TWO, THREE], [ONE, THREE], ["turns_removed"]),
        ([ONE, TWO, THREE], [TWO, ("q3", "a")], ["turns_removed", "answer"]),
        ([ONE], [("q", "a"), TWO], ["turns_added", "prompt", "answer"]),
    ],
)
def test_turns(before: list[tuple[str, str]], after: list[tuple[str, str]], changed: list[str]) -> None:
    assert list(changed_turns(before, after)) == changed


def test_a_record_counts_in_each_thing_that_changed() -> None:
    found = count_edits([["system", "task_type"], ["system"], None, []])
    assert found == EditCounts(system=2, task_type=1)
