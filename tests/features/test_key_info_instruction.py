from __future__ import annotations

import pytest

from diversity.features.instruction import Layout, asks_about_all, part_request, read_layout
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
        (f"给定一篇文章，写一篇总结。{ABSATZ}", "before"),
        (f"Given the sentences below, find a common theme. {PASSAGE}", "before"),
        (f"根据以下文章回答下面问题：\n渡轮几点离开？文章内容：{ABSATZ}", "before"),
        (f"{ABSATZ}一句话总结上文。", "after"),
        ("下面的代码有什么错误？如何修复？```for x in y: print(z)```。谢谢。", "before"),
        ("为给定的食材编写一道菜谱。\n\n猪五花，青蒜，豆瓣酱，姜，蒜，酱油，料酒，辣椒", "before"),
        (f"礼貌地回信，谢绝这项邀请。\n\n亲爱的同事：\n{ABSATZ}\n此致\n编辑部", "before"),
        ("请按照以下要求写一篇短文。不少于二百字。要有两个人物。", "only"),
        ("编写一个程序，找出给定文本中的问句。\n\n你在哪里？他买了什么？", "before"),
        ("以下四条时间线显示了地质年代。第二条压缩了最近的时代。第四纪很短。\n\n第二条为何需要？", "after"),
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


TALK = "店员：您好，请问有什么可以帮您？\n顾客：这双鞋有黑色的吗？\n店员：有，需要多大码？\n顾客：四十二码。"


def test_turns_of_a_told_conversation_ask_nothing_unless_nothing_else_does() -> None:
    assert asks(f"{TALK}\n顾客要多大的鞋？") == ["顾客要多大的鞋？"]
    assert layout(f"{TALK}\n顾客要多大的鞋？").position == "after"
    assert layout(f"请总结以下对话。\n{TALK}").position == "before"
    assert any(layout(f"{TALK}\n顾客：有没有优惠？").request)


def test_the_head_of_a_table_is_no_material() -> None:
    rows = '水果,1月销量,价格\n苹果,200,2元\n香蕉,350,"1,200"\n橙子,150,4元'
    found = layout(f"{rows}\n哪种水果卖得最多？")
    assert found.material == [False, True, True, True, False]
    assert layout("张三,早班,八点\n李四,晚班,七点\n王五,早班,九点\n谁上晚班？").material[0]


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        (f"请将以下文章进行摘要:{ABSATZ}", "请将以下文章进行摘要:"),
        (f"Translate the following text: {PASSAGE}", "Translate the following text:"),
        ("按照以下要求写一个查询：找出所有女生。", "按照以下要求写一个查询：找出所有女生。"),
        ("渡轮时刻：每天九点离开港口。", "渡轮时刻：每天九点离开港口。"),
        ("以下文章：", "以下文章："),
    ],
)
def test_a_request_is_parted_from_the_material_after_its_colon(prompt: str, first: str) -> None:
    spans = part_request(prompt, segment(prompt))
    assert prompt[slice(*spans[0])] == first
    assert "".join(prompt[a:b] for a, b in spans).replace(" ", "") == prompt.replace(" ", "")


@pytest.mark.parametrize(
    "request_",
    [
        "请用一句话总结以下文章。",
        "为这篇文章选一个标题。",
        "请提取文中所有的人名。",
        "这段话的主旨是什么？",
        "Summarize the text.",
        "Please translate this into French.",
        "Give me a short headline for it.",
        "Take the article and summarize it.",
        "Which category does the text belong to?",
    ],
)
def test_tasks_about_all_of_the_text(request_: str) -> None:
    assert asks_about_all(request_)


@pytest.mark.parametrize(
    "request_",
    [
        "渡轮几点离开？",
        "谁把这本书翻译成中文？",
        "根据摘要回答问题。",
        "Who translated the book?",
        "When was the title won?",
    ],
)
def test_questions_about_one_thing(request_: str) -> None:
    assert not asks_about_all(request_)


def test_something_is_always_material() -> None:
    for prompt in ("Who? What? Where?", "Question:", "答案：\n问题："):
        found = layout(prompt)
        assert all(found.material)
