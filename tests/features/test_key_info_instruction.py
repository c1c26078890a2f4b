from __future__ import annotations

import pytest

from diversity.features.instruction import Layout, read_layout
from diversity.text.segmentation import segment

PASSAGE = (
    "The ferry leaves Harwick at nine. It carries forty cars and a small post van. In winter the crossing takes two "
    "hours. The captain has served on the line for thirty years. Nobody remembers a missed departure."
)
ABSATZ = "渡轮每天上午九点离开港口。船上能装四十辆汽车。冬天航程需要两个小时。船长在这条航线上工作了三十年。"


def layout(prompt: str) -> Layout:
    return read_layout(prompt, segment(prompt))


def asks(prompt: str) -> list[str]:
    spans = segment(prompt)
    return [prompt[a:b] for (a, b), flag in zip(spans, read_layout(prompt, spans).request, strict=True) if flag]


@pytest.mark.parametrize(
    ("prompt", "position"),
    [
        (f"When does the ferry leave?\n\n{PASSAGE}", "before"),
        (f"{PASSAGE}\nWhen does the ferry leave?", "after"),
        (f"{PASSAGE} When does the ferry leave?", "after"),
        (f"Read the text.\n{PASSAGE}\nQuestion: When does it leave?", "around"),
        (f"Passage: {PASSAGE}\n\nQuestion: When does it leave?\nAnswer:", "after"),
        (f"### Instruction:\nSummarize the text.\n\n### Input:\n{PASSAGE}\n\n### Response:", "before"),
        (f"{PASSAGE}\n\nQuestion: When does it leave?\n\n{PASSAGE}", "inside"),
        (f"渡轮几点离开？\n{ABSATZ}", "before"),
        (f"{ABSATZ}\n船长工作了多少年", "after"),
        (f"请根据下文回答问题。\n\n文章：{ABSATZ}\n\n问题：渡轮几点离开？", "around"),
        (f"【材料】{ABSATZ}\n【问题】渡轮几点离开？", "after"),
        (f"<context>\n{PASSAGE}\n</context>\n\nWhen does it leave?", "after"),
        (f"```\n{PASSAGE}\n```\nWhen does it leave?", "after"),
        (f"Use the text to answer.\n\n{PASSAGE}\n\nQuestion: When does it leave?\nHelpful Answer:", "around"),
        (f"# 背景\n{ABSATZ}\n\n# 任务\n渡轮几点离开？\n\n# 输出要求\n只输出答案，不要解释。", "after"),
        ("Write a poem about the sea. Make it short.", "only"),
        ("写一首关于海的诗。", "only"),
        ("", "only"),
        (PASSAGE, "none"),
    ],
)
def test_where_the_request_stands(prompt: str, position: str) -> None:
    assert layout(prompt).position == position


def test_the_question_is_told_from_bare_labels_and_material() -> None:
    prompt = f"Context:\n{PASSAGE}\n\nQuestion:\nWho serves? And since when?\n\nAnswer:"
    assert asks(prompt) == ["Who serves?", "And since when?"]
    found = layout(prompt)
    assert sum(found.material) == 5


def test_worked_examples_are_material_but_the_last_question_asks() -> None:
    prompt = "Q: 2 + 2 is what?\nA: four\nQ: 3 + 3 is what?\nA: six\nQ: 4 + 4 is what?\nA:"
    assert asks(prompt)[-1] == "Q: 4 + 4 is what?"
    assert "A: four" not in asks(prompt)


def test_a_rhetorical_question_within_the_passage_stays_material() -> None:
    prompt = f"Summarize this text.\n\nWhy hurry? {PASSAGE} Was it worth it?"
    assert asks(prompt) == ["Summarize this text."]


def test_something_is_always_material() -> None:
    for prompt in ("Who? What? Where?", "Question:", "答案：\n问题："):
        found = layout(prompt)
        assert all(found.material)
