"""Content is masked, the instruction stays."""

from __future__ import annotations

import unicodedata

import pytest

from diversity.features.wording import CODE, END, GAP, LINE, LINK, NAME, NUMBER, QUOTE, START, masked_tokens, spelled


def inner(prompt: str) -> list[str]:
    tokens = masked_tokens(prompt)
    assert (tokens[0], tokens[-1]) == (START, END)
    return tokens[1:-1]


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("Translate “Good morning” into French.", f"translate {QUOTE} into {NAME}."),
        ("List 10 rivers in South America, please", f"list {NUMBER} rivers in {NAME}, please"),
        ("Read https://example.org/a?b=1 and sum it up", f"read {LINK} and sum it up"),
        ("Fix this:\n```\nprint(1)\n```", f"fix this: {CODE}"),
        ("把“你好”翻译成英文", f"把{QUOTE}翻译成英文"),
        ("写三百字左右的读后感，评《边城》", f"写{NUMBER}字左右的读后感，评{QUOTE}"),
        ("请列出 5 个城市", f"请列出{NUMBER}个城市"),
    ],
)
def test_what_is_content_becomes_a_sign(prompt: str, shown: str) -> None:
    assert spelled(masked_tokens(prompt)) == shown


def test_the_first_word_and_abbreviations_after_it_are_no_names() -> None:
    assert NAME not in inner("Write a poem. Use rhymes.")


def test_chinese_is_read_character_by_character() -> None:
    assert inner("翻译 this 句子") == ["翻", "译", "this", "句", "子"]


def test_of_a_long_line_only_the_ends_stay() -> None:
    words = [f"w{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(100)]
    tokens = inner("Sum this up:\n" + " ".join(words) + "\nThank you")
    assert tokens[:5] == ["sum", "this", "up", ":", LINE]
    assert GAP in tokens
    assert tokens[-3:] == [LINE, "thank", "you"]
    assert words[0] in tokens
    assert words[50] not in tokens


def test_of_a_very_long_prompt_the_ends_are_read() -> None:
    tokens = inner("Please summarise. " + "filler text " * 100_000 + "\nIn two lines.")
    assert len(tokens) < 60
    assert tokens[:2] == ["please", "summarise"]
    assert tokens[-3:] == ["two", "lines", "."]


@pytest.mark.parametrize("prompt", ["", " ", "\n\n", "```", '"', "\ue000\ue005", "=1+1", "<b>x</b>", "👍" * 50, "\x00"])
def test_hostile_texts_are_read(prompt: str) -> None:
    assert masked_tokens(prompt)[0] == START
    assert isinstance(spelled(masked_tokens(prompt)), str)


def test_a_word_keeps_its_accents_in_either_form() -> None:
    wanted = [START, "résumé", "the", "café", END]
    assert masked_tokens("Résumé the café") == wanted
    assert masked_tokens(unicodedata.normalize("NFD", "Résumé the café")) == wanted
    assert masked_tokens("हिन्दी में")[1:-1] == ["हिन्दी", "में"]


def test_a_link_ends_where_chinese_begins() -> None:
    assert masked_tokens("见https://a.example/b，然后总结")[1:4] == ["见", LINK, "，"]
