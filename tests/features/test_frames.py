"""Wordings are found from what prompts share, whatever the order in which they come."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversity.features.frames import Frames, group_frames
from diversity.features.wording import DEFAULT_WORDING, masked_tokens

THINGS = ["白鹭", "渡船", "灯塔", "码头", "集市", "石桥", "山门", "竹林", "稻田", "水车"]
FORMS = [
    "把下面的句子翻译成英文：{}飞过。",
    "请以{}为主题写一首短诗，不要押韵。",
    "{}是什么时候建成的？请给出年份和出处。",
]


def frames(prompts: list[str]) -> Frames:
    tokens = pa.chunked_array([pa.array([masked_tokens(one) for one in prompts], pa.list_(pa.string()))])
    return group_frames(tokens, DEFAULT_WORDING)


def same_groups(first: np.ndarray, second: np.ndarray) -> bool:
    pairs = set(zip(first.tolist(), second.tolist(), strict=True))
    return len(pairs) == len(set(first.tolist())) == len(set(second.tolist()))


def test_prompts_made_from_one_form_have_one_wording() -> None:
    prompts = [form.format(thing) for form in FORMS for thing in THINGS]
    found = frames(prompts)
    assert same_groups(found.frame, np.repeat(np.arange(3), len(THINGS)))
    assert set(found.frame.tolist()) == {0, 1, 2}
    assert any(text.startswith("把下面的句子翻译成英文：…") for text in found.texts)


def test_prompts_that_share_nothing_have_wordings_of_their_own() -> None:
    found = frames(["今天吃什么", "帮我订一张去上海的票", "Why do cats purr?", "给这张照片起个名字"])
    assert len(set(found.frame.tolist())) == 4
    assert "why do cats purr?" in found.texts


def test_a_shared_phrase_alone_is_no_wording() -> None:
    odd = ["昨晚的雨", "那家老店", "门前的树", "他写的信", "隔壁的狗", "这条小路"]
    ends = ["一直没有停下来", "突然就关了门", "今年不开花了", "拖到现在才寄", "见了人总要叫", "到冬天就封上"]
    found = frames([f"{one}，我很想知道为什么{two}" for one, two in zip(odd, ends, strict=True)])
    question = frames([f"{one}{two}为什么" for one, two in zip(odd, ends, strict=True)])
    assert len(set(found.frame.tolist())) == 1
    assert len(set(question.frame.tolist())) == 6


def test_what_is_shown_of_a_wording_most_of_its_prompts_say_together() -> None:
    lively, short = "，要写得生动有趣", "，不超过半页纸"
    ends = [lively] * 4 + [short] * 4 + [lively + short] * 2
    prompts = [f"请介绍一下{thing}的历史{end}" for thing, end in zip(THINGS, ends, strict=True)]
    found = frames(prompts)
    assert set(found.frame.tolist()) == {0}
    parts = [part for part in found.texts[0].split("…") if part]
    assert "请介绍一下" in parts
    assert sum(all(part in prompt for part in parts) for prompt in prompts) >= 6


def test_a_sign_that_few_prompts_have_is_a_gap() -> None:
    own = ["12", "34", '"deep sea"', '"dry land"', "www.rain.org", "www.snow.org"]
    found = frames(
        [f"Could you please tell me all about {one} {thing}" for one, thing in zip(own, THINGS, strict=False)]
    )
    assert found.texts == ["could you please tell me all about …"]


def test_the_same_prompt_again_is_the_same_wording() -> None:
    found = frames(["只有这句话"] * 30)
    assert set(found.frame.tolist()) == {0}
    assert found.texts == ["只有这句话"]


def test_the_most_frequent_wording_comes_first() -> None:
    prompts = [FORMS[0].format(thing) for thing in THINGS] + [FORMS[1].format(thing) for thing in THINGS[:6]]
    found = frames(prompts)
    assert found.frame[:10].tolist() == [0] * 10
    assert found.frame[10:].tolist() == [1] * 6


@pytest.mark.parametrize("prompts", [[], [""], ["嗯"], ["", ""], ["a b"]])
def test_a_few_short_prompts_are_no_trouble(prompts: list[str]) -> None:
    found = frames(prompts)
    assert len(found.frame) == len(prompts)
    assert len(found.texts) == len(set(found.frame.tolist()))


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 10))
def test_the_order_of_prompts_does_not_matter(seed: int, things: int) -> None:
    prompts = [form.format(thing) for form in FORMS for thing in THINGS[:things]] + ["只有这句话", "另外一句话"]
    order = np.random.default_rng(seed).permutation(len(prompts))
    first, second = frames(prompts), frames([prompts[at] for at in order])
    assert second.frame.tolist() == first.frame[order].tolist()
    assert second.texts == first.texts
