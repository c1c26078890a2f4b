from __future__ import annotations

import unicodedata

from diversity.neighbors.openings import Phrase, Side, edge_text, edges
from diversity.neighbors.openings import shared_phrases as phrases_of


def shared_phrases(texts: list[str], side: Side) -> list[Phrase]:
    return phrases_of(texts, edges(texts, side))


PLACES = ["Paris", "London", "Rome", "Oslo", "Cairo", "Lima", "Quito", "Delhi"]


def test_the_longest_shared_opening_is_listed_with_its_count() -> None:
    texts = [f"As an AI language model, I cannot go to {place}." for place in PLACES] + ["Water boils.", "Go north."]
    found = shared_phrases(texts, "opening")
    assert [(p.text, p.count) for p in found] == [("As an AI language model, I cannot go to", 8)]
    assert found[0].share == 0.8
    assert found[0].example == 0


def test_chinese_openings_and_closings() -> None:
    texts = [f"好的，以下是关于{topic}的介绍。希望对您有帮助！" for topic in "山水花鸟鱼虫云雨"]
    assert shared_phrases(texts, "opening")[0].text == "好的，以下是关于"
    assert shared_phrases(texts, "closing")[0].text == "的介绍。希望对您有帮助！"


def test_short_ones_count_only_before_a_mark() -> None:
    texts = [f"Sure! {place} it is." for place in PLACES] + [f"The {place} of old, quite so." for place in PLACES]
    assert [p.text for p in shared_phrases(texts, "opening")] == ["Sure!"]


def test_branches_are_listed_beside_a_stem_that_they_do_not_exhaust() -> None:
    texts = [f"Here is a list of {p}" for p in PLACES[:6]] + [f"Here is a map of {p}" for p in PLACES[:5]]
    found = {p.text: p.count for p in shared_phrases(texts, "opening")}
    assert found == {"Here is a": 11, "Here is a list of": 6, "Here is a map of": 5}


def losing(words: list[str], texts: int, share: float) -> list[str]:
    """Texts that begin with all of `words`, fewer by `share` at every word from the third on, then go on each alone."""
    kept = [round(texts * share ** max(0, at - 2)) for at in range(len(words))]
    return [
        " ".join([w for w, n in zip(words, kept, strict=True) if row < n] + [f"x{row}", "y"]) for row in range(texts)
    ]


def test_what_is_lost_word_by_word_is_counted_against_each_beginning() -> None:
    words = ["Here", "is", "a", "short", "list", "of", "useful", "points", "about", "the", "subject"]
    texts = losing(words, 100, 0.82) + [f"Other{n} goes {n} here" for n in range(150)]
    found = shared_phrases(texts, "opening")
    assert (found[0].text, found[0].count, found[0].share) == ("Here is a", 100, 0.4)
    counts = {p.text: p.count for p in found}
    # Every beginning that is not listed has a listed phrase that keeps 70% of it.
    for units in range(3, len(words) + 1):
        beginning = " ".join(words[:units])
        having = sum(text.startswith(beginning) for text in texts)
        assert any(p.startswith(beginning) and count >= 0.7 * having for p, count in counts.items())


def test_the_most_frequent_phrase_stands_first_though_a_longer_one_keeps_most_of_it() -> None:
    texts = [f"Once upon a time {p} fell" for p in PLACES] + [f"Once upon a {n} {n} b" for n in "gh"]
    assert [(p.text, p.count) for p in shared_phrases(texts, "opening")] == [
        ("Once upon a", 10),
        ("Once upon a time", 8),
    ]


def test_whole_repeated_texts_are_no_openings() -> None:
    assert shared_phrases(["This is just fine."] * 20, "opening") == []


def test_nothing_shared_or_nothing_there() -> None:
    assert shared_phrases([f"{place} is far." for place in PLACES], "opening") == []
    assert shared_phrases([], "closing") == []
    assert shared_phrases(["", " "], "opening") == []


def test_the_texts_that_have_a_phrase() -> None:
    texts = [f"As an AI language model, I cannot go to {place}." for place in PLACES] + ["Water boils.", "Go north."]
    found = edges(texts, "opening")
    (phrase,) = phrases_of(texts, found)
    assert found.having(phrase).tolist() == [True] * 8 + [False] * 2
    assert edge_text(texts[0], phrase.units, "opening") == phrase.text


def test_first_units_as_written() -> None:
    assert edge_text("  Well, then: go", 3, "opening") == "Well, then"
    assert edge_text("好的，以下是", 3, "opening") == "好的，"
    assert edge_text("", 3, "opening") == ""


def test_a_tag_is_one_mark_and_no_phrase_by_itself() -> None:
    cited = [f"结论{word}情况各不相同<sup><|1|></sup>" for word in "甲乙丙丁戊己庚辛"]
    assert shared_phrases(cited, "closing")[0].text == "情况各不相同<sup><|1|></sup>"
    tagged = [f"第{word}点<sup><|{number}|></sup>" for number, word in enumerate("甲乙丙丁戊己庚辛")]
    assert not shared_phrases(tagged, "closing")


def test_an_accent_of_its_own_neither_tears_a_word_nor_makes_another_of_it() -> None:
    composed = [f"Résumé du café numéro {n}, voilà" for n in range(4)]
    stored = [unicodedata.normalize("NFD", text) if n % 2 else text for n, text in enumerate(composed)]
    assert edge_text(stored[1], 2, "opening") == unicodedata.normalize("NFD", "Résumé du")
    keys = edges(stored, "opening").keys
    assert (keys[:, :4] == keys[0, :4]).all()
    assert (keys[:, 4] != keys[0, 4])[1:].all()
    assert edge_text("हिन्दी में लिखो", 1, "opening") == "हिन्दी"


def test_last_units_as_written() -> None:
    assert edge_text("一二三，四五。 ", 3, "closing") == "四五。"
    assert edge_text("", 3, "closing") == ""


def test_a_closing_after_several_marks_is_listed_once() -> None:
    texts = [f"{n} 个{one}。希望对你有帮助！" for n, one in enumerate("山水花鸟鱼虫")]
    texts += [f"{n} 个{one}？希望对你有帮助！" for n, one in enumerate("云雨风雪日月")]
    assert [(p.text, p.count) for p in shared_phrases(texts, "closing")] == [("希望对你有帮助！", 12)]


def test_two_words_are_a_phrase_where_a_fifth_of_the_texts_share_them() -> None:
    texts = [f"请问{one}是什么" for one in "山水花鸟鱼虫"] + [
        f"{one}{one}{one}是什么" for one in "云雨风雪日月星辰春夏"
    ]
    assert [(p.text, p.count) for p in shared_phrases(texts, "opening")] == [("请问", 6)]
    assert shared_phrases(texts + [f"{n} {n} {n} go" for n in range(40)], "opening") == []
