from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from diversity.features.key_info import KeyInfo, KeyInfoSettings, locate_key_info

EN = (
    "The lighthouse at Corran Point was finished in 1884 after six years of work. Its lamp was fed with colza oil "
    "until the keepers changed to paraffin. A storm in the winter of 1903 broke forty panes of the lantern. The last "
    "keeper, Ewan Laidlaw, left the island with his two dogs in 1971. Since then a clock has switched the light on "
    "at dusk."
)
ZH = (
    "临江县的图书馆建于一九五八年，最早只有三间平房。"
    "馆长周素琴带着两名职员抄写了第一批卡片目录。"
    "一九八三年夏天的洪水淹没了地下书库，损失图书四千余册。新馆由建筑师何远山设计，二〇〇六年对外开放。"
    "如今每个周末，社区的孩子们都会来听故事。"
)
ZH_HANT = (
    "青嶼是外海的一座小島，居民多以捕魚為生。島上的小學創立於大正年間，現有學生十二人。"
    "每年農曆三月，漁民會抬著媽祖像繞島一周。島的北端有一座廢棄的氣象站，由荷蘭工程師范德林設計。"
)


def count_tokens(texts: Sequence[str]) -> NDArray[np.int64]:
    return np.array([len(text) for text in texts], np.int64)


def locate(prompts: Sequence[str], answers: Sequence[str], **options: object) -> KeyInfo:
    options = {"encode": None, "count_tokens": count_tokens, **options}
    return locate_key_info(prompts, answers, **options)  # type: ignore[arg-type]


def winner(prompt: str, answer: str, **options: object) -> str:
    found = locate([prompt], [answer], **options)
    return prompt[found.span_start[0] : found.span_end[0]]


@pytest.mark.parametrize(
    "layout", ["{q}\n\n{p}", "{p}\n\n{q}", "{q}\n{p}", "{p}\n{q}", "Passage: {p}\nQuestion: {q}\nAnswer:", "{q} {p}"]
)
def test_the_quoted_sentence_wins_in_every_layout(layout: str) -> None:
    prompt = layout.format(p=EN, q="Who was the last keeper of the lighthouse?")
    assert winner(prompt, "Ewan Laidlaw") == "The last keeper, Ewan Laidlaw, left the island with his two dogs in 1971."


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("新馆是谁设计的？", "何远山", "新馆由建筑师何远山设计，二〇〇六年对外开放。"),
        ("洪水造成了多大损失？", "四千余册", "一九八三年夏天的洪水淹没了地下书库，损失图书四千余册。"),
    ],
)
@pytest.mark.parametrize("layout", ["{q}\n{p}", "材料：{p}\n\n问题：{q}\n答案：", "请根据下文回答：{q}\n\n{p}"])
def test_chinese(layout: str, question: str, answer: str, expected: str) -> None:
    assert winner(layout.format(p=ZH, q=question), answer) == expected


def test_traditional_chinese_and_an_answer_that_repeats_the_question() -> None:
    prompt = f"氣象站是誰設計的？\n{ZH_HANT}"
    expected = "島的北端有一座廢棄的氣象站，由荷蘭工程師范德林設計。"
    assert winner(prompt, "范德林") == expected
    assert winner(prompt, "島上的氣象站是范德林設計的。") == expected


def test_the_request_never_wins_though_it_holds_every_word() -> None:
    prompt = f"Did the lighthouse at Corran Point burn colza oil or paraffin or gas?\n\n{EN}"
    assert "fed with colza oil" in winner(prompt, "paraffin")


@pytest.mark.parametrize(
    "lead", ["根据以下文章回答下面问题：图书馆的新馆是谁设计的？", "请从以下文章中找出设计师的姓名："]
)
def test_a_request_on_the_line_of_its_material_never_wins(lead: str) -> None:
    assert winner(lead + ZH, "图书馆的新馆是建筑师何远山设计的。") == "新馆由建筑师何远山设计，二〇〇六年对外开放。"


@pytest.mark.parametrize("request_", ["Summarize the text in one sentence.", "Give the text a title."])
def test_what_rests_on_all_of_the_text_is_diffuse(request_: str) -> None:
    answer = "A storm in the winter of 1903 broke forty panes of the lantern."
    found = locate([f"{request_}\n\n{EN}", f"What broke the panes?\n\n{EN}"], [answer, answer])
    assert found.klass.tolist() == ["diffuse", "localised"]


def test_a_preamble_neither_asks_nor_holds_key_information() -> None:
    preamble = "tools: enabled\naccess: lamp, clock\nUse the lamp to see what the keeper burned.\n"
    prompt = f"{preamble}Which lamp oil did the keepers use first?\n\n{EN}"
    answer = "keepers: lamp(oil), clock, keeper, burned"
    found = locate([prompt] * 2, [answer] * 2, preambles=[0, len(preamble)])
    assert found.span_start[0] < len(preamble)
    assert found.span_start[1] >= len(preamble)
    assert found.instruction_position[1] == "before"
    assert locate([preamble], ["x"], preambles=[len(preamble)]).klass[0] != ""


def test_the_request_chooses_between_two_places_that_quote_the_answer() -> None:
    text = (
        "The mill burned down in 1902. Trade was slow that year. The ferry to Lund began running in 1902. It sank soon."
    )
    assert "ferry" in winner(f"{text}\n\nWhen did the ferry begin running?", "1902")
    assert "mill" in winner(f"{text}\n\nWhen did the mill burn down?", "1902")


def test_position_and_thirds_of_a_hand_counted_prompt() -> None:
    lines = [f"{name} keeps {thing}." for name, thing in zip("ABCDEFGHI", "123456789", strict=True)]
    prompt = "\n".join(lines)
    found = locate([prompt], ["B keeps 2"], settings=KeyInfoSettings(quotes=50.0))
    assert found.klass[0] == "localised"
    assert prompt[found.span_start[0] : found.span_end[0]] == "B keeps 2."
    assert found.position[0] == pytest.approx((11 + 5.5) / len(prompt))
    assert found.head[0] == pytest.approx(1.0, abs=1e-6)
    assert found.tail[0] == pytest.approx(0.0, abs=1e-6)


def test_an_answer_over_the_whole_text_is_diffuse_and_a_foreign_one_is_none() -> None:
    text = (
        "Rain fell on Monday. Snow came on Tuesday. Hail hit on Wednesday. Fog rose on Thursday. Wind blew on Friday."
    )
    answer = "Monday rain, Tuesday snow, Wednesday hail, Thursday fog, Friday wind."
    found = locate([f"Shorten this diary.\n\n{text}"] * 2, [answer, "Quadratic polynomials factor over complex fields"])
    assert found.klass.tolist() == ["diffuse", "none"]
    assert found.head[0] + found.middle[0] + found.tail[0] == pytest.approx(1)
    assert np.isnan(found.head[1])
    assert found.score[0] > found.score[1]


def test_lists_code_and_tables() -> None:
    items = "Which port does the cache use?\n\n- web: 8080\n- cache: 6379\n- database: 5432\n- queue: 5672"
    assert winner(items, "6379") == "- cache: 6379"
    code = "下面的函数返回什么？\n\ndef area(r):\n    scale = 2\n    total = scale * r\n    return total - 7"
    assert winner(code, "total - 7") == "return total - 7"
    table = "Who lives in Oslo?\n| name | city |\n|---|---|\n| Ada | Oslo |\n| Per | Bergen |\n| Ida | Narvik |"
    assert winner(table, "Ada") == "| Ada | Oslo |"


def test_short_prompts_have_no_place() -> None:
    found = locate(
        ["", "Hi", "Write a story about a very patient fox who lives beside a railway line"], ["", "Hello", "x"]
    )
    assert found.klass.tolist() == ["short"] * 3
    assert found.span_start.tolist() == [-1] * 3
    assert np.isnan(found.position).all()
    assert found.instruction_position.tolist() == ["only"] * 3
    assert len(locate([], [])) == 0


def test_an_empty_answer_draws_on_nothing() -> None:
    assert locate([f"Who?\n{EN}"], [" "]).klass[0] == "none"


def test_hostile_characters() -> None:
    prompt = "ما اسم النهر؟\nيمر نهر بردى وسط المدينة القديمة. 😀😀 Emoji \u202e here \0 too. "
    prompt += "الجبل شمال المدينة يسمى قاسيون."
    assert "بردى" in winner(prompt, "بردى")
    assert locate(["\ud800 lone. surrogate. " * 9], ["lone"]).klass[0] != ""


def _fake(texts: Sequence[str]) -> NDArray[np.float32]:
    """Texts about dogs lie together, whatever their words; others are spread by length."""
    out = np.zeros((len(texts), 8), np.float32)
    for i, text in enumerate(texts):
        out[i, 0 if any(word in text for word in ("dog", "Hund")) else 1 + len(text) % 7] = 1
    return out


def test_embeddings_settle_what_words_cannot() -> None:
    prompt = f"What did the keeper take along?\n\n{EN}"
    found = locate([prompt], ["Zwei Hunde"], encode=_fake)
    assert found.method[0] == "embedding"
    assert "two dogs" in prompt[found.span_start[0] : found.span_end[0]]


def test_quoted_answers_cost_no_embedding() -> None:
    def refuse(texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("not to be called")

    assert locate([f"Who left?\n\n{EN}"], ["Ewan Laidlaw"], encode=refuse).method[0] == "lexical"


@pytest.mark.parametrize("limit", [1, 300, 10**6])
def test_rows_do_not_depend_on_their_neighbours(limit: int) -> None:
    prompts = [
        f"{EN}\n\nWhen was it finished?",
        f"谁是馆长？\n{ZH}",
        "Hi",
        f"Summarize.\n{EN}",
        f"{ZH_HANT}\n現有學生幾人？",
    ]
    answers = ["1884", "周素琴", "Hello", "An old lighthouse now runs by itself.", "十二人"]
    order = [3, 0, 4, 2, 1]
    small = KeyInfoSettings(batch_chars=limit)
    one = locate(prompts, answers, encode=_fake).to_table()
    other = locate([prompts[i] for i in order], [answers[i] for i in order], encode=_fake, settings=small).to_table()
    for name in one.column_names:
        left, right = one.take(order)[name].to_pylist(), other[name].to_pylist()
        assert left == pytest.approx(right) if isinstance(left[0], float) else left == right, name


@given(
    st.lists(st.text(alphabet="abc 中文字。.?？!\n1，,“”", max_size=120), min_size=1, max_size=4),
    st.text(alphabet="abc 中文字1。", max_size=20),
)
@settings(max_examples=40)
def test_bounds_hold_for_any_text(prompts: list[str], answer: str) -> None:
    found = locate(prompts, [answer] * len(prompts), settings=KeyInfoSettings(min_tokens=2))
    for i, prompt in enumerate(prompts):
        if found.klass[i] == "short":
            continue
        span = prompt[found.span_start[i] : found.span_end[i]]
        assert span
        assert span == span.strip()
        assert 0 <= found.position[i] <= 1
        if found.klass[i] != "none":
            assert found.head[i] + found.middle[i] + found.tail[i] == pytest.approx(1)


def test_table_and_length_check() -> None:
    table = locate([f"Who left?\n\n{EN}", "Hi"], ["Ewan Laidlaw", "Hello"]).to_table()
    wanted = {"class", "position", "head", "middle", "tail", "span_start", "span_end", "instruction_position", "score"}
    assert wanted <= set(table.column_names)
    assert table["position"].null_count == 1
    with pytest.raises(ValueError, match="1 prompts but 0 answers"):
        locate(["a"], [])


def test_a_megabyte_is_linear() -> None:
    prompt = (
        "Where is the key?\n\n"
        + "The garden was quiet and nobody came by. " * 25_000
        + "The key is under the blue pot."
    )
    begin = time.process_time()
    assert winner(prompt, "under the blue pot") == "The key is under the blue pot."
    assert time.process_time() - begin < 10
