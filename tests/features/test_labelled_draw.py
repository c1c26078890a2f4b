from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from helpers import MakeInputs

from diversity.features.labelled_draw import Labelled, at_fixed_sizes, draw, labelled_units, type_labels, water_level
from diversity.features.narrow_views import ShortcutSettings


def labelled(rows: Sequence[tuple[str, str, int]]) -> Labelled:
    """Rows of system, prompt and class, in the order given."""
    record, prompt = (
        np.unique([*made], return_inverse=True)[1].astype(np.uint64)
        for made in ((f"{system}|{text}" for system, text, _ in rows), (text for _, text, _ in rows))
    )
    codes = np.array([code for *_, code in rows])
    return Labelled(np.arange(len(rows)), codes, [f"t{n}" for n in range(int(codes.max()) + 1)], record, prompt)


def different(code: int, count: int) -> list[tuple[str, str, int]]:
    return [("", f"{code}-{n}", code) for n in range(count)]


def test_large_classes_are_cut_first() -> None:
    assert water_level(np.array([10, 500, 3000]), 1000) == 495
    assert water_level(np.array([10, 20]), 1000) == 20
    assert water_level(np.array([], np.int64), 1000) == 0


def test_a_class_needs_enough_different_prompts() -> None:
    rows = [*different(0, 12), *different(1, 12), *[("", "joke", 2)] * 30]
    rows += [(f"system {n}", "Begin.", 3) for n in range(30)]
    drawn = draw(labelled(rows), ShortcutSettings(), 10)
    assert drawn.names == ["t0", "t1"]
    assert drawn.left_out == 31
    assert draw(labelled([*different(0, 4), *different(1, 5)]), ShortcutSettings(), 1).names == ["t1"]


def test_the_same_record_counts_once() -> None:
    rows = [*different(0, 12), *different(1, 12)]
    once, often = (draw(labelled(some), ShortcutSettings(), 10) for some in (rows, [*rows, *rows[:5] * 9]))
    assert once.units.tolist() == often.units.tolist()
    assert once.fold.tolist() == often.fold.tolist()


def test_a_class_that_is_cut_keeps_its_different_prompts() -> None:
    rows = [*different(0, 12), *((f"system {n}", "Begin.", 0) for n in range(500)), *different(1, 12)]
    table = labelled(rows)
    drawn = draw(table, ShortcutSettings(records=50), 10)
    assert len(np.unique(table.prompt[drawn.units[drawn.labels == 0]])) == 13
    assert np.bincount(drawn.labels).tolist() == [38, 12]


def test_no_more_classes_than_leave_enough_of_each() -> None:
    rows = [one for code in range(9) for one in different(code, 10 + code)]
    drawn = draw(labelled(rows), ShortcutSettings(records=50), 10)
    assert drawn.names == ["t4", "t5", "t6", "t7", "t8"]
    assert np.bincount(drawn.labels).tolist() == [10] * 5


def test_a_group_of_a_size_holds_as_much_whatever_the_set_holds() -> None:
    """Merged before they are cut, groups of a large set with a bounded stock of prompts would look more varied."""
    random = np.random.default_rng(3)
    sizes = []
    for count in (400, 3200):
        stock = [("", f"{code}-{n}", code) for code in range(2) for n in range(150)]
        table = labelled([stock[at] for at in random.integers(0, len(stock), count)])
        found = dict(at_fixed_sizes(table, ShortcutSettings(), 10, 0))
        sizes.append(np.mean([len(one.units) for cut in found[200] for one in cut]))
    assert sizes[0] == pytest.approx(sizes[1], rel=0.03)


def test_sizes_of_which_there_are_two_groups() -> None:
    table = labelled([*different(0, 300), *different(1, 300)])
    found = dict(at_fixed_sizes(table, ShortcutSettings(), 10, 0))
    assert {size: (len(cuts), len(cuts[0])) for size, cuts in found.items()} == {200: (3, 3), 100: (2, 6)}
    assert all(len(one.units) == size for size, cuts in found.items() for cut in cuts for one in cut)


def test_types_and_first_turns_of_a_corpus(make_inputs: MakeInputs) -> None:
    turns = [{"role": role, "content": f"{role} {n}"} for n in range(2) for role in ("user", "assistant")]
    rows = [
        {"prompt": "p", "answer": "a", "task_type": "b"},
        {"messages": turns, "task_type": "a"},
        {"prompt": "q", "answer": "a"},
        {"system": "s", "prompt": "p", "answer": "a", "task_type": "b"},
    ]
    inputs = make_inputs(rows)
    codes, names = type_labels(inputs)
    assert (codes.tolist(), names) == ([1, 0, -1, 1], ["a", "b"])
    found = labelled_units(inputs, codes, names)
    assert sorted(zip(found.units.tolist(), found.labels.tolist(), strict=True)) == [(0, 1), (1, 0), (4, 1)]
    by_unit = np.argsort(found.units)
    first, _, last = found.prompt[by_unit]
    assert first == last
    assert len(set(found.record.tolist())) == 3
