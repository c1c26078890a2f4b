"""Task types that came, went, or whose records are labelled otherwise."""

from __future__ import annotations

from diversity.comparison.task_types import LISTED, Levels, TypeChanges, type_changes


def names(found: TypeChanges) -> tuple[dict[Levels, int], dict[Levels, int], dict[tuple[Levels, Levels], int]]:
    return (
        {one.levels: one.records for one in found.vanished},
        {one.levels: one.records for one in found.new},
        {(one.before, one.after): one.records for one in found.relabelled},
    )


def paired(before: list[Levels], after: list[Levels]) -> TypeChanges:
    """The same records in both, in their order, as far as both go."""
    return type_changes(before, after, [(at, at) for at in range(min(len(before), len(after)))])


def test_what_came_and_went_is_counted_however_few() -> None:
    stays: list[Levels] = [("写作", "诗")] * 1000
    found = paired([*stays, ("翻译",)], [*stays[:-1], stays[0]])
    assert names(found) == ({("翻译",): 1}, {}, {})
    found = type_changes(stays, [*stays, ("安全", "拒答"), ("写作", "信")], [(at, at) for at in range(1000)])
    # Not ("安全", "拒答") beside ("安全",): it is said once.
    assert names(found) == ({}, {("安全",): 1, ("写作", "信"): 1}, {})
    assert (found.vanished_total, found.new_total) == (0, 2)


def test_another_label_for_the_same_records_is_no_loss() -> None:
    before: list[Levels] = [("写作", "文案")] * 13 + [("写作", "诗")] * 5
    after: list[Levels] = [("写作", "营销文案")] * 13 + [("写作", "诗")] * 5
    assert names(paired(before, after)) == ({}, {}, {(("写作", "文案"), ("写作", "营销文案")): 13})


def test_a_renamed_level_is_said_once_and_not_for_each_type_under_it() -> None:
    before: list[Levels] = [("写作", "诗")] * 6 + [("写作", "信")] * 4
    after: list[Levels] = [("创作", "诗")] * 6 + [("创作", "信")] * 4
    assert names(paired(before, after)) == ({}, {}, {(("写作",), ("创作",)): 10})


def test_half_of_the_records_must_explain_it() -> None:
    other: list[Levels] = [("b",)] * 9
    few = type_changes([("a",)] * 9 + other, [("c",)] * 4 + other, [(at, at) for at in range(4)])
    assert names(few) == ({("a",): 9}, {}, {(("a",), ("c",)): 4})
    none = type_changes([("a",)] * 9 + other, [("c",)] * 4 + other, [])
    assert names(none) == ({("a",): 9}, {("c",): 4}, {})


def test_a_type_that_went_under_another_names_the_one_it_became() -> None:
    stays: list[Levels] = [("写作", "诗")] * 5
    found = paired([*stays, *[("翻译",)] * 4], [*stays, *[("写作", "翻译")] * 4])
    assert names(found) == ({}, {}, {(("翻译",), ("写作",)): 4})


def test_labels_taken_away_are_types_that_vanished() -> None:
    assert names(paired([("a",)] * 3, [()] * 3)) == ({("a",): 3}, {}, {})


def test_names_of_records_do_not_fill_the_comparison() -> None:
    found = paired([(f"id {at}",) for at in range(LISTED + 9)], [])
    assert (len(found.vanished), found.vanished_total) == (LISTED, LISTED + 9)
