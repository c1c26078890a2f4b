from __future__ import annotations

from diversity.neighbors.openings import shared_phrases

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


def test_whole_repeated_texts_are_no_openings() -> None:
    assert shared_phrases(["This is just fine."] * 20, "opening") == []


def test_nothing_shared_or_nothing_there() -> None:
    assert shared_phrases([f"{place} is far." for place in PLACES], "opening") == []
    assert shared_phrases([], "closing") == []
    assert shared_phrases(["", " "], "opening") == []
