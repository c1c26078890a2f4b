from __future__ import annotations

from diversity.features.prompt_shape import spoken, table_heads


def test_a_conversation_needs_two_speakers_and_one_who_speaks_again() -> None:
    assert spoken(["Ann: Hi.", "Bob: Hello.", "Ann: Bye.", "What did Bob say?"]) == [True, True, True, False]
    assert not any(spoken(["Ann: Hi.", "Bob: Hello.", "Cid: Bye."]))
    assert not any(spoken(["Ann: Hi.", "Ann: Hello.", "Ann: Bye."]))


def test_labels_and_requests_are_no_speakers() -> None:
    assert not any(spoken(["问题：几点？", "文章：九点。", "问题：几个？", "文章：两个。"]))
    assert spoken(["用户：几点？", "客服：九点。", "用户：谢谢。", "请问：他问了什么？"]) == [True, True, True, False]


def test_the_head_of_a_table() -> None:
    assert table_heads(["name,age,city", "Ada,36,Oslo", "Per,41,Bergen"]) == [True, False, False]
    assert table_heads(["| a | b |", "|---|---|", "| x | y |", "| z | w |"]) == [True, False, False, False]
    assert not any(table_heads(["1,2,3", "4,5,6", "7,8,9"]))
    assert not any(table_heads(["name,age,city", "Ada,36,Oslo"]))
    assert not any(table_heads(["red, green, blue.", "1, 2, 3", "4, 5, 6"]))
