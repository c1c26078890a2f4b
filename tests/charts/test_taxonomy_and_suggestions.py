"""Bars of a taxonomy's items, and of suggestions by confidence."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest

from diversity.charts import draw
from diversity.charts.taxonomy_coverage import MOST_ROWS
from diversity.report import MetricResult
from diversity.words.catalogue import translate

EN, ZH = partial(translate, "en"), partial(translate, "zh")


def result(count: int = 3) -> MetricResult:
    items = [{"id": "a", "parent": None, "zh": "大类", "en": "<b>group</b>", "aliases": []}]
    items += [{"id": f"a.{n}", "parent": "a", "zh": f"项{n}", "en": f"item {n}", "aliases": []} for n in range(count)]
    status = ("absent", "thin", "enough")
    covered = [{"item": "a", "records": 33, "status": "divided"}]
    covered += [{"item": f"a.{n}", "records": (0, 3, 30)[n % 3], "status": status[n % 3]} for n in range(count)]
    info = {"taxonomy": {"name": "t", "title_zh": "", "title_en": "", "items": items}, "items": covered}
    return MetricResult(metric="taxonomy_coverage", field="set", value=0.5, info=info)


def test_absent_items_are_marked_and_names_are_in_the_readers_language():
    figure = draw("taxonomy_coverage", result(), None, EN)
    assert list(figure.data[0].x) == [0, 0, 3, 30]
    assert figure.data[0].text[1:3] == ("✗ absent", "3 · thin")
    assert figure.layout.yaxis.ticktext[0] == "<b>&lt;b&gt;group&lt;/b&gt;</b>"
    assert "项1" in draw("taxonomy_coverage", result(), None, ZH).layout.yaxis.ticktext[2]


def test_an_edited_mapping_is_drawn_in_place_of_the_stored_one():
    items = [{"item": "a", "records": 7, "status": "thin"}, {"item": "a.0", "records": 0, "status": "undivided"}]
    figure = draw("taxonomy_coverage", result(), None, EN, items=items)
    assert list(figure.data[0].x) == [7]


def test_a_very_long_taxonomy_shows_what_is_absent():
    figure = draw("taxonomy_coverage", result(600), None, EN)
    assert len(figure.data[0].x) == MOST_ROWS
    assert sum(text == "✗ absent" for text in figure.data[0].text) >= MOST_ROWS / 3


@pytest.mark.parametrize("t", [EN, ZH])
def test_suggestions_by_confidence(t):
    found = MetricResult(metric="task_type_suggestions", field="set", value=0.0, info={"cut": 0.8})
    table = pd.DataFrame({"kind": ["unlabelled"] * 3 + ["disagrees"], "confidence": [0.81, 0.99, 0.3, 0.9]})
    figure = draw("task_type_suggestions", found, table, t)
    assert sum(figure.data[0].y) == 3
    assert figure.layout.xaxis.title.text
    none = draw("task_type_suggestions", found, table[table["kind"] == "disagrees"], t)
    assert not none.data
