"""Bars of wordings, of verbs with their objects, and how far a few words go."""

from __future__ import annotations

import pytest

from diversity.charts import draw
from diversity.report import MetricResult


def a_type(name: str | None, prompts: int, counts: list[int]) -> dict:
    top = [{"frame_id": at, "text": f"<b>form {at}</b>", "count": count} for at, count in enumerate(counts)]
    share = counts[0] / prompts
    numbers = {"wordings": 9, "effective": 3.2, "expected": 2.5, "top_share": share}
    return {"type": name, "prompts": prompts, "top": top, **numbers}


@pytest.fixture
def worded() -> MetricResult:
    verbs = [
        {"verb": "写", "count": 30, "objects": [{"object": "诗", "count": 12}, {"object": "<i>信</i>", "count": 5}]},
        {"verb": "how?", "count": 10, "objects": []},
    ]
    info = {
        "types": [a_type("翻译", 40, [40]), a_type("<b>写作</b>", 20, [4, 3, 2, 2, 2, 1])],
        "draw": 10,
        "prompts": 60,
        "verbs": verbs,
    }
    return MetricResult(metric="prompt_wording", field="prompt", value=1.5, unit="wordings", info=info)


def test_every_bar_adds_up_to_its_type(worded, t):
    figure = draw("prompt_wording", worded, None, t)
    totals = {0: 0.0, 1: 0.0}
    for trace in figure.data:
        for row, share in zip(trace.y, trace.x, strict=True):
            totals[row] += share
    assert totals == pytest.approx({0: 1.0, 1: 1.0})
    assert "&lt;b&gt;写作" in figure.layout.yaxis.ticktext[1]
    assert "<b>" not in "".join(figure.data[0].hovertext)
    assert list(figure.data[-1].text) == [t("chart.wordings_in", expected=2.5, draw=10)] * 2


def test_a_set_without_types_is_one_bar(worded, t):
    info = worded.info | {"types": [a_type(None, 60, [20, 10])]}
    figure = draw("prompt_wording", worded.model_copy(update={"info": info}), None, t)
    assert list(figure.layout.yaxis.ticktext) == [t("chart.all_prompts")]


def test_objects_stand_in_the_bar_of_their_verb_and_are_named_beside_it(worded, t):
    figure = draw("prompt_wording", worded, None, t, form="verbs")
    assert list(figure.layout.yaxis.ticktext) == ["写", "how?"]
    assert [(list(bar.x), list(bar.y)) for bar in figure.data] == [([12], [0]), ([5], [0]), ([13, 10], [0, 1])]
    first, second = figure.data[-1].text
    assert first.endswith("诗 12 · &lt;i&gt;信&lt;/i&gt; 5")
    assert second.strip() == t("chart.bar", n=10, share=10 / 60)
    assert "<i>" not in "".join(text for bar in figure.data for text in bar.hovertext)


def test_objects_without_room_are_left_to_the_hover(worded, t):
    objects = [{"object": f"很长的宾语名称第{n}个", "count": 9} for n in range(10)]
    verbs = [{"verb": "写", "count": 100, "objects": objects}]
    crowded = worded.model_copy(update={"info": worded.info | {"verbs": verbs}})
    figure = draw("prompt_wording", crowded, None, t, form="verbs")
    assert len(figure.data) == 11
    assert 0 < figure.data[-1].text[0].count("宾语") < 10
    assert figure.layout.xaxis.range[1] > 200


def test_counts_of_wordings_have_one_decimal_each(worded, t):
    types = [a_type("甲", 40, [4]) | {"expected": expected} for expected in (9.999, 10.0, 10.02)]
    figure = draw("prompt_wording", worded.model_copy(update={"info": worded.info | {"types": types}}), None, t)
    assert all("10.0" in text and "10.00" not in text for text in figure.data[-1].text)


def test_no_verbs_say_so(worded, t):
    bare = worded.model_copy(update={"info": worded.info | {"verbs": []}})
    assert not draw("prompt_wording", bare, None, t, form="verbs").data


def test_a_bar_for_every_number_of_words_and_a_line_for_guessing(t):
    info = {"accuracy": {"1": 0.3, "2": 0.4, "5": 0.5, "10": 0.6}, "all": 0.8, "baseline": 0.1}
    told = MetricResult(metric="trigger_tokens", field="prompt", value=0.3, info=info)
    figure = draw("trigger_tokens", told, None, t)
    assert list(figure.data[0].y) == [0.3, 0.4, 0.5, 0.6, 0.8]
    assert figure.layout.shapes[0].y0 == figure.layout.shapes[0].y1 == 0.1
