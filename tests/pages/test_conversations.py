"""The conversations page over a report whose later turns are judged by hand, and over reports without any."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from ui.factory import HOSTILE, Sketch, check, hostile, ordinary, write_report

from diversity.report import MetricResult, Report
from diversity.stored_report import REPORT_FILE
from pages.apps import html, open_page, texts

TALKS = [
    Sketch(
        [
            ("盆栽叶子发黄怎么办？", "少浇水，多晒太阳。"),
            ("要晒多久？", "每天两三个小时。"),
            ("写一首关于海的诗", "潮水来去。"),
        ]
    ),
    Sketch([("What is a lighthouse for?", "It warns ships."), ("And in fog?", "A horn is sounded.")], ("qa", "plain")),
    Sketch([(HOSTILE[0], HOSTILE[1]), (HOSTILE[2], HOSTILE[3])]),
]
JUDGED = [
    ("r0", 1, 0.03, "related", "fragment"),
    ("r0", 2, 0.98, "unrelated", "announced"),
    ("r1", 1, 0.05, "related", "continuation,asked"),
    ("r2", 1, 0.55, "uncertain", ""),
]


def judged_report(store: Path, status: str = "ok") -> None:
    """A report with three conversations, one turn of each class at least."""
    found = check("topic_switch", "fail" if status == "ok" else "not_applicable", 0.02 if status == "ok" else None)
    found = found.model_copy(
        update={
            "group": "conversations",
            "unit": "ratio",
            "evidence": {"related": 0.98, "unrelated": 0.02, "smallest": "unrelated"},
            "where": {"topic": "unrelated"},
            "advice": "add_switches" if status == "ok" else None,
            "reason": None if status == "ok" else "too_few_follow_ups",
        }
    )
    folder = write_report(store, "talks", "v1", TALKS, [found])
    rows = pd.DataFrame(JUDGED, columns=["record_id", "turn", "score", "class", "cues"])
    rows.assign(similarity=0.21, recent_similarity=0.3, known_words=0.1).to_parquet(
        folder / "tables" / "topic_switch.parquet", index=False
    )
    classes = {name: sum(row[3] == name for row in JUDGED) for name in ("related", "uncertain", "unrelated")}
    info = {
        "classes": classes,
        "by_turn": [
            {"turn": 1, "related": 2, "uncertain": 1, "unrelated": 0},
            {"turn": 2, "related": 0, "uncertain": 0, "unrelated": 1},
        ],
        "last_turn": 9,
        "minimum": 30,
        "multi_turn_records": 3,
    }
    ok = status == "ok"
    result = MetricResult(
        metric="topic_switch", field="conversation", status="ok" if ok else "not_applicable",
        value=0.02 if ok else None, reason=None if ok else "too_few_follow_ups", info=info, table="topic_switch",
    )  # fmt: skip
    file = folder / REPORT_FILE
    report = Report.model_validate_json(file.read_bytes())
    file.write_text(report.model_copy(update={"results": [result]}).model_dump_json(), encoding="utf-8")


def page(language: str = "en", **parameters: str):
    app = open_page("report/conversations", language, dataset="talks", version="v1", **parameters)
    assert not app.exception, app.exception[0].value
    return app


@pytest.mark.parametrize("language", ["en", "zh"])
def test_verdict_figure_advice_and_the_judged_turn(store, language):
    judged_report(store)
    app = page(language)
    said = html(app)
    assert len(app.get("plotly_chart")) == 1
    assert said.index("dv-banner") < said.index("dv-next") < said.index("dv-strip")
    assert "写一首关于海的诗" in said.split("dv-turn user chosen")[1]
    assert {"en": "says that it changes the subject", "zh": "明说换话题"}[language] in said


def test_the_address_picks_the_class_and_carries_it(store):
    judged_report(store)
    judged = html(page(topic="related")).split("dv-turn user chosen")[1].split("dv-turn")[0]
    assert "要晒多久？" in judged
    assert "写一首关于海的诗" not in judged


def test_next_goes_on_to_the_next_turn(store):
    judged_report(store)
    app = page(topic="related")
    app.button(key="talk-next").click().run()
    assert not app.exception
    assert "And in fog?" in html(app).split("dv-turn user chosen")[1]
    assert "2 of 2" in texts(app)


def test_texts_are_shown_letter_by_letter(store):
    judged_report(store)
    said = html(page(topic="uncertain"))
    assert HOSTILE[0] not in said
    assert "&lt;script&gt;" in said


def test_too_few_turns_for_a_share_still_shows_them(store):
    judged_report(store, status="not_applicable")
    app = page()
    assert not app.get("plotly_chart")
    assert "Fewer than 30 later turns" in html(app)
    assert "dv-turn user chosen" in html(app)


@pytest.mark.parametrize("sketches", [ordinary(1), ordinary(9), hostile()])
def test_reports_without_the_figure_say_why(store, sketches):
    write_report(store, "talks", "v1", sketches)
    assert "dv-banner" in html(page())


def test_a_link_of_the_system_check_opens_the_systems(store):
    judged_report(store)
    assert "dv-turn user chosen" not in html(page(effect="decorative"))
    assert "dv-turn user chosen" in html(page(effect="decorative", section="topics"))


def many(store: Path, records: int = 60) -> None:
    """A report with three turns a record, both later ones of one class, many scores alike, rows in no order."""
    turns = [[(f"question {n}.{turn}", f"answer {n}.{turn}") for turn in range(3)] for n in range(records)]
    folder = write_report(store, "talks", "v1", [Sketch(one) for one in turns])
    rows = pd.DataFrame(
        [(f"r{n}", turn, 0.9 - (n % 4) / 10, "unrelated", "") for n in range(records) for turn in (1, 2)],
        columns=["record_id", "turn", "score", "class", "cues"],
    )
    rows = rows.assign(similarity=0.21, recent_similarity=0.3, known_words=0.1).sample(frac=1.0, random_state=3)
    rows.to_parquet(folder / "tables" / "topic_switch.parquet", index=False)
    counts = {"related": 0, "uncertain": 0, "unrelated": len(rows)}
    result = MetricResult(
        metric="topic_switch", field="conversation", status="not_applicable", value=None, reason="too_few_follow_ups",
        info={"classes": counts, "minimum": 1000}, table="topic_switch",
    )  # fmt: skip
    file = folder / REPORT_FILE
    report = Report.model_validate_json(file.read_bytes())
    file.write_text(report.model_copy(update={"results": [result]}).model_dump_json(), encoding="utf-8")


def shown_turn(app) -> str:
    """The query in the frame."""
    return html(app).split("dv-turn user chosen")[1].split("</div>")[1].split("<")[0]


def test_a_click_on_a_row_of_the_list_opens_that_turn(store, clicked_rows):
    many(store)
    app = page()
    app.toggle(key="talk-list").set_value(True).run()
    listed = list(app.dataframe[-1].value["prompt"])
    assert len(set(listed)) == 120
    # 0.9 first; equal scores in the order of the file, a record's turns one after the other.
    assert listed[:4] == ["question 0.1", "question 0.2", "question 4.1", "question 4.2"]
    for row in (119, 0, 1, 57, 58, 2, 30):
        clicked_rows["talk-list"] = row
        app.run()
        assert not app.exception
        assert shown_turn(app) == listed[row]
        assert f"{row + 1} of 120" in texts(app)


def test_the_list_stands_in_the_order_of_next(store):
    many(store, records=6)
    app = page()
    app.toggle(key="talk-list").set_value(True).run()
    listed, walked = list(app.dataframe[-1].value["prompt"]), [shown_turn(app)]
    for _ in listed[1:]:
        app.button(key="talk-next").click().run()
        walked.append(shown_turn(app))
    assert walked == listed
    assert app.button(key="talk-next").disabled


def test_the_buttons_go_on_from_the_clicked_row(store, clicked_rows):
    many(store)
    app = page()
    app.toggle(key="talk-list").set_value(True).run()
    clicked_rows["talk-list"] = 7
    app.run()
    app.button(key="talk-next").click().run()
    assert "9 of 120" in texts(app)
    app.button(key="talk-previous").click().run()
    app.button(key="talk-previous").click().run()
    assert "7 of 120" in texts(app)
