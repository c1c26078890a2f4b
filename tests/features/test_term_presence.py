from __future__ import annotations

from diversity.features.term_presence import HALF, term_presence


def test_words_that_three_texts_have_each_once_a_text() -> None:
    found = term_presence(["翻译 翻译 Now", "请翻译 now", "翻译成 x", "翻译，now"])
    assert found.words == ["now", "翻译"]
    assert found.matrix.toarray().tolist() == [[1, 1], [1, 1], [0, 0], [1, 1]]


def test_both_ends_of_a_long_text_are_read() -> None:
    long = f"first {'x ' * HALF} last"
    assert {"first", "last"} <= set(term_presence([long] * 3).words)


def test_no_words_at_all() -> None:
    found = term_presence(["", "\0", "?!"])
    assert (found.words, found.matrix.shape) == ([], (3, 0))
