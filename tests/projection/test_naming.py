from __future__ import annotations

from diversity.projection.naming import distinctive_terms


def test_names_are_what_sets_a_group_apart_in_both_languages() -> None:
    cooking = ["红烧肉怎么做才不腻", "清蒸鲈鱼要蒸几分钟", "红烧肉用什么酱油", "炖红烧肉放多少糖"]
    coding = ["write a python function that sorts", "python loop over a list", "what does python yield do"]
    food, code = distinctive_terms([cooking, coding])
    assert "红烧肉" in food
    assert "python" in code


def test_shared_words_name_nothing() -> None:
    groups = [["合同 违约金 怎么算", "合同 违约金 上限"], ["合同 定金 返还", "合同 定金 双倍"]]
    first, second = distinctive_terms(groups, count=1)
    assert first == ("违约金",)
    assert second == ("定金",)


def test_the_order_of_texts_does_not_matter() -> None:
    texts = ["春天 播种", "夏天 除草", "秋天 收割"]
    assert distinctive_terms([texts, ["python"]]) == distinctive_terms([texts[::-1], ["python"]])


def test_a_group_without_words_has_no_name() -> None:
    assert distinctive_terms([["123", "!!!"], ["猫 喜欢 晒太阳"]])[0] == ()
