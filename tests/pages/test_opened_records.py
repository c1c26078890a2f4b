"""Records opened from a table of turns or of findings: the row that was clicked, not the first of its record."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from ui.factory import HOSTILE, Sketch, write_report

from diversity.analysis import analyze
from pages.apps import html, open_page, texts

TURNS = 3


def long_talks(store: Path) -> None:
    sketches = [
        Sketch([(f"question {n}.{turn}", f"answer {n}.{turn}") for turn in range(TURNS)], system="You are brief.")
        for n in range(4)
    ]
    write_report(store, "talks", "v1", [*sketches, Sketch([(HOSTILE[0], "one turn")])])


def table_of_turns() -> None:
    from diversity.ui.behind import draw_units
    from diversity.ui.view import open_view

    draw_units(open_view("talks", "v1"), "select record_id, turn from lengths", order="record_id, turn", key="turns")


def frame_of_turns() -> None:
    from diversity.ui.behind import draw_unit_frame
    from diversity.ui.view import open_view

    view = open_view("talks", "v1")
    draw_unit_frame(view, view.query("select record_id, turn from lengths order by record_id, turn"), key="turns")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("app", [table_of_turns, frame_of_turns])
def test_the_clicked_turn_is_marked_and_stands_first(store, clicked_rows, app, language):
    long_talks(store)
    for row in (0, 1, 5, 11):
        clicked_rows["turns"] = row
        test = AppTest.from_function(app)
        test.query_params["lang"] = language
        test.run()
        assert not test.exception, test.exception[0].value
        record, turn = divmod(row, TURNS)
        table = test.dataframe[0].value
        assert (table["record_id"].iloc[row], table["turn"].iloc[row]) == (f"r{record}", turn + 1)
        said = html(test)
        assert said.count("dv-turn user chosen") == 1
        assert f"question {record}.{turn}" in said.split("dv-turn user chosen")[1].split("dv-turn")[0]
        # What stands before it is there, folded away; what comes after stands open.
        folded = said.split("<details>")[1].split("</details>")[0] if turn else ""
        assert [f"question {record}.{one}" in folded for one in range(TURNS)] == [one < turn for one in range(TURNS)]
        assert ("You are brief." in folded) == (turn > 0)
        assert said.count("You are brief.") == 1


def test_a_record_of_one_turn_has_nothing_to_mark(store, clicked_rows):
    long_talks(store)
    clicked_rows["turns"] = 4 * TURNS
    test = AppTest.from_function(table_of_turns)
    test.query_params["lang"] = "en"
    test.run()
    said = html(test)
    assert "one turn" in said
    assert "dv-turn user chosen" not in said
    assert "<details>" not in said


@pytest.fixture
def two_requests(store: Path) -> Path:
    """Prompts that ask for two lengths, one of them in a later turn."""
    later = [["Name a harbour.", "Porto."]]
    rows = [
        {"id": f"p{n}", "history": later, "instruction": f"List harbour {n} in 3 lines. Use at most 20 words in total.",
         "output": f"Harbour {n} " + "sail " * 60}
        for n in range(12)
    ]  # fmt: skip
    analyze(rows, dataset="asked", version="v1", store=store, settings={"embedder": "none"})
    return store


def asked(kept: str) -> AppTest:
    app = open_page("report/lengths", dataset="asked", version="v1", kept=kept)
    assert not app.exception, app.exception[0].value
    return app


def test_every_request_of_a_prompt_can_be_opened(two_requests, clicked_rows):
    app = asked("broken")
    listed = app.dataframe[-1].value
    assert set(listed["record_id"].value_counts()) == {2}
    first = listed.index[listed["record_id"] == "p3"].tolist()
    said = {}
    for row in first:
        clicked_rows["lengths-requests"] = row
        chosen = html(asked("broken")).split("dv-turn user chosen")[1].split("dv-turn")[0]
        said[listed["asked"].iloc[row]] = chosen.split('<mark class="dv-hit">')[1].split("</mark>")[0]
        assert "List harbour 3" in chosen
    assert len(said) == 2
    assert any("3 lines" in marked for marked in said.values())
    assert any("20 words" in marked for marked in said.values())


def test_a_request_without_a_verdict_says_nothing_of_being_off(store, clicked_rows):
    rows = [{"id": f"p{n}", "instruction": f"上联：第{n}家家家贴福。请对出下联，并用一句话解释技法。",
             "output": f"下联：第{n}户户户迎春。上下联对仗工整。"} for n in range(12)]  # fmt: skip
    analyze(rows, dataset="asked", version="v1", store=store, settings={"embedder": "none"})
    clicked_rows["lengths-requests"] = 0
    app = asked("part")
    assert len(app.dataframe[-1].value) == 12
    assert '<mark class="dv-hit">一句话' in html(app)
    assert "nan" not in (html(app) + texts(app)).lower()
    assert "beyond the limit" not in html(app)


def opened_talk() -> None:
    from diversity.ui.records import open_record
    from diversity.ui.view import open_view

    open_record(open_view("tools", "v1"), "r0")


def test_what_tools_said_is_folded_away_where_it_stood(store):
    said = [("human", "q"), ("function_call", "the call"), ("observation", "the result"), ("gpt", "a")]
    kept = {"conversations": [{"from": role, "value": text} for role, text in said]}
    write_report(store, "tools", "v1", [Sketch([("q", "a")], extra=kept)])
    test = AppTest.from_function(opened_talk)
    test.query_params["lang"] = "zh"
    test.run()
    assert not test.exception, test.exception[0].value
    shown = html(test)
    places = [
        shown.index(part) for part in ("dv-turn user", "工具调用 1 次、返回 1 次", "the call", "the result", "助手")
    ]
    assert places == sorted(places)
