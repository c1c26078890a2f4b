"""Labels → levels."""

from __future__ import annotations

from typing import Any

import pytest

from diversity.normalize.task_types import LONGEST_LABEL, LongLabel, WrongLabel, levels_of

AUTO: list[tuple[Any, tuple[str, ...]]] = [
    ("逻辑推理-常识推理", ("逻辑推理", "常识推理")),
    ("逻辑推理 - 常识推理", ("逻辑推理", "常识推理")),
    ("逻辑推理—常识推理", ("逻辑推理", "常识推理")),
    ("逻辑推理－常识推理", ("逻辑推理", "常识推理")),
    ("数学-algebra", ("数学", "algebra")),
    ("math/algebra", ("math", "algebra")),
    ("math / algebra", ("math", "algebra")),
    ("math > algebra", ("math", "algebra")),
    ("math>algebra", ("math", "algebra")),
    ("math---algebra", ("math", "algebra")),
    ("math - algebra", ("math", "algebra")),
    ("math -> algebra", ("math", "algebra")),
    ("math::algebra", ("math", "algebra")),
    ("math|algebra", ("math", "algebra")),
    ("a/b/c", ("a", "b", "c")),
    ("open-qa", ("open-qa",)),
    ("multi-turn", ("multi-turn",)),
    ("open_qa", ("open_qa",)),
    ("GPT-4 evaluation", ("GPT-4 evaluation",)),
    ("role: play", ("role: play",)),
    ("  generation ", ("generation",)),
    ("closed  qa", ("closed qa",)),
    ("closed\u00a0qa", ("closed qa",)),
    ("closed\u3000 qa\n", ("closed qa",)),
    ("Closed QA", ("Closed QA",)),
    ("ＱＡ（开放）", ("QA(开放)",)),
    ("逻辑推理－常识推理", ("逻辑推理", "常识推理")),
    ("open－qa", ("open", "qa")),
    ("math/", ("math",)),
    ("", ()),
    ("  ", ()),
    ("-", ("-",)),
    (None, ()),
    (float("nan"), ()),
    ([], ()),
    (["math", "open-qa/x"], ("math", "open-qa/x")),
    (["math", None, ""], ("math",)),
    (3, ("3",)),
]


@pytest.mark.parametrize(("label", "levels"), AUTO)
def test_the_usual_separators(label: Any, levels: tuple[str, ...]) -> None:
    assert levels_of(label, None) == levels


def test_a_separator_that_is_named_is_the_only_one() -> None:
    assert levels_of("open-qa", "-") == ("open", "qa")
    assert levels_of("math/algebra-2", "-") == ("math/algebra", "2")
    assert levels_of("a##b", "##") == ("a", "b")
    assert levels_of("math/algebra", "") == ("math/algebra",)
    assert levels_of("closed\u00a0 qa", "") == ("closed qa",)


@pytest.mark.parametrize("label", [True, {"a": 1}, [{"a": 1}]])
def test_values_that_are_no_label(label: Any) -> None:
    with pytest.raises(WrongLabel):
        levels_of(label, None)


def test_a_text_is_measured_before_it_is_parted() -> None:
    assert levels_of("ab/" * 66 + "ab", None) == ("ab",) * 67
    for value in ("ab/" * 67, ["short", "x" * (LONGEST_LABEL + 1)]):
        with pytest.raises(LongLabel) as caught:
            levels_of(value, None)
        assert caught.value.length == 201
