"""Task types of rows: the field they are read from, and their levels."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.normalize import Draft, Failure, Normalizer
from diversity.normalize.labels import MAX_LABELS, Labels
from diversity.normalize.plan import plan_of

CHAT = [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]


def draft(row: dict[str, Any], **options: Any) -> Draft:
    (found,) = Normalizer(**options).drafts(row)
    return found


TASKS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "one": ({"task_type": "逻辑推理-常识推理"}, ("逻辑推理", "常识推理")),
    "two columns": ({"task_type_1": "a-b/c", "task_type_2": "d"}, ("a-b/c", "d")),
    "type and sub type": ({"task_type": "a", "sub_task_type": "b"}, ("a", "b")),
    "two columns, one blank": ({"category": "a", "subcategory": None}, ("a",)),
    "class": ({"class": "generation"}, ("generation",)),
    "Skill": ({"Skill": "Math"}, ("Math",)),
    "list": ({"category": ["a", "b"]}, ("a", "b")),
    "task_type before category": ({"category": "c", "task_type": "t"}, ("t",)),
    "blank": ({"task_type": ""}, ()),
    "the first level alone": ({"一级分类": "问答"}, ("问答",)),
    "the second level alone": ({"二级分类": "常识"}, ("常识",)),
    "two levels by another name": ({"任务类型一级": "问答", "任务类型二级": "常识"}, ("问答", "常识")),
    "another Chinese name": ({"任务类别": "问答"}, ("问答",)),
    "another English name": ({"primary_category": "qa", "secondary_category": "open"}, ("qa", "open")),
    "one level in English": ({"category_l1": "qa"}, ("qa",)),
    "an object, guessed": ({"type": {"x": 1}}, ()),
    "Chinese": ({"一级分类": "甲", "二级分类": "乙"}, ("甲", "乙")),
    "none": ({}, ()),
}


@pytest.mark.parametrize("kind", TASKS)
@pytest.mark.parametrize("base", [{"prompt": "p", "answer": "a"}, {"conversations": CHAT}], ids=["fields", "messages"])
def test_task_types(kind: str, base: dict[str, Any]) -> None:
    fields, levels = TASKS[kind]
    assert draft({**base, **fields}).task_type == levels


def test_the_field_and_separator_of_the_task_type_can_be_named() -> None:
    row = {"prompt": "p", "answer": "a", "task_type": "t", "meta": {"kind": "x-y", "sub": "z"}}
    assert draft(row, task_type_field="meta.kind", task_type_separator="-").task_type == ("x", "y")
    assert draft(row, task_type_field="meta.kind,meta.sub").task_type == ("x-y", "z")
    assert draft(row, task_type_field=["meta.kind", "meta.sub"]).task_type == ("x-y", "z")
    assert draft(row, field_map={"task_type": "meta.sub"}).task_type == ("z",)
    assert draft(row, field_map={"task_type_1": "task_type", "task_type_2": "meta.sub"}).task_type == ("t", "z")


def test_a_task_type_that_is_named_and_wrong_is_a_failure() -> None:
    with pytest.raises(Failure, match="wrong_type"):
        draft({"prompt": "p", "answer": "a", "kind": {"x": 1}}, task_type_field="kind")


@pytest.mark.parametrize(
    ("levels", "task_type"),
    [
        ({"task_type_1": "", "task_type_2": "x"}, ()),
        ({"task_type_1": None, "task_type_2": "x", "type": "t"}, ()),
        ({"task_type_1": "a-b", "task_type_2": "x"}, ("a-b", "x")),
        ({"category": "甲-乙", "subcategory": None}, ("甲-乙",)),
        ({"task_type_1": None, "task_type_2": None, "type": "t"}, ("t",)),
    ],
)
def test_a_blank_level_is_not_filled_from_below(levels: dict[str, Any], task_type: tuple[str, ...]) -> None:
    assert draft({"prompt": "p", "answer": "a", **levels}).task_type == task_type


def test_ever_new_labels_do_not_fill_the_memory() -> None:
    labels = Labels({}, None, None)
    plan = plan_of(["category"], {}, ())
    levels = [labels.of({"category": f"{number}/x"}, plan, []) for number in range(MAX_LABELS + 10)]
    assert levels == [(str(number), "x") for number in range(MAX_LABELS + 10)]
    assert len(labels._known) == 10


LONG = "a text of somebody's, no label / with a slash - and more. " * 80


@pytest.mark.parametrize("value", ["x" * 201, LONG, ["a", LONG]])
@pytest.mark.parametrize("options", [{}, {"task_type_field": "category"}, {"task_type_separator": "/"}])
def test_a_text_too_long_for_a_label_is_none_and_is_said(value: Any, options: dict[str, Any]) -> None:
    normalizer = Normalizer(**options)
    (found,) = normalizer.drafts({"prompt": "p", "answer": "a", "category": value})
    assert (found.task_type, found.turns) == ((), [("p", "a")])
    longest = max(map(len, value)) if isinstance(value, list) else len(value)
    assert [(one.reason, one.detail) for one in normalizer.faults] == [
        ("long_label", f"category: {longest} characters")
    ]
    normalizer.drafts({"prompt": "p", "answer": "a", "category": "short"})
    assert normalizer.faults == []


def test_the_longest_label_is_one() -> None:
    assert draft({"prompt": "p", "answer": "a", "category": "标" * 200}).task_type == ("标" * 200,)


def test_a_long_second_level_leaves_the_first() -> None:
    normalizer = Normalizer(task_type_field="one,two")
    (found,) = normalizer.drafts({"prompt": "p", "answer": "a", "one": "问答", "two": LONG})
    assert found.task_type == ("问答",)
    assert [one.detail for one in normalizer.faults] == [f"two: {len(LONG)} characters"]
