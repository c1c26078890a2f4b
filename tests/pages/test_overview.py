"""The overview says the verdict first, then what to do, and hides no check."""

from __future__ import annotations

from pathlib import Path

from ui.factory import check, ordinary, write_report

from pages.apps import html, open_page

CHECKS = [
    check("answer_openings", "pass", 0.01, evidence={"phrase": "您好", "count": 1, "texts": 100}),
    check(
        "answer_duplication",
        "fail",
        0.25,
        evidence={
            "exact_ratio": 0.2,
            "near_ratio": 0.05,
            "semantic_ratio": 0.0,
            "drop": 3,
            "top_size": 3,
            "top_mended": 3,
            "top_text": "好的",
        },
        advice="drop_repeats",
    ),
    check(
        "task_type_coverage", "warn", 0.97, group="purpose", direction="higher", evidence={"missing": 4}, advice="label"
    ),
    check("semantic_map", "not_applicable", None, group="whole_set", reason="no_embedder"),
]


def test_the_verdict_comes_first(store: Path):
    write_report(store, "data", "v1", ordinary(), CHECKS)
    said = html(open_page("report/overview"))
    assert "v1 (12 records), 3 checks: 1 fails, 1 warns, 1 passes. Answers repeat too much: 25.0%" in said
    assert said.index("1 fails") < said.index("Do next") < said.index("Answers open in different ways")


def test_what_to_do_is_that_of_the_worst_checks(store: Path):
    write_report(store, "data", "v1", ordinary(), CHECKS)
    said = html(open_page("report/overview"))
    assert said.index("Drop the 3 records whose answers only repeat") < said.index(
        "Label the 4 records that have no task type"
    )


def test_several_failures_are_named(store: Path):
    fails = [check(name, "fail", 0.4) for name in ("brand_new", "other_new")]
    write_report(store, "data", "v1", ordinary(), [*CHECKS, *fails])
    said = html(open_page("report/overview"))
    assert "5 checks: 3 fail, 1 warns, 1 passes." in said
    assert "Failing: “Answers are not repeated”, “brand new”, “other new”." in said


def test_what_fails_can_be_seen_alone(store: Path):
    write_report(store, "data", "v1", ordinary(), CHECKS)
    said = html(open_page("report/overview", checks="fail")).split("Key figures")[1]
    assert "Answers are not repeated" in said
    assert "Answers open in different ways" not in said
    write_report(store, "sound", "v1", ordinary(), [CHECKS[0]])
    app = open_page("report/overview", dataset="sound", version="v1", checks="fail")
    assert "Answers open in different ways" in html(app)


def test_groups_hold_every_check_worst_first(store: Path):
    write_report(store, "data", "v1", ordinary(), CHECKS)
    said = html(open_page("report/overview"))
    assert said.index("What the data is for") < said.index("Form of the answers") < said.index("The set as a whole")
    assert said.index("Answers are not repeated") < said.index("Answers open in different ways")
    assert "made without one" in said


def test_history_against_earlier_versions(store: Path):
    write_report(store, "data", "v1", ordinary(), CHECKS, "2026-01-01T00:00:00+00:00")
    write_report(store, "data", "v2", ordinary(), CHECKS, "2026-02-01T00:00:00+00:00")
    assert "dv-bar" in html(open_page("report/overview", version="v2"))
    assert "dv-bar" not in html(open_page("report/overview", version="v1")).split("</style>")[-1]


def test_without_report_one_button_loads_the_sample_and_one_adds_a_file(store: Path):
    app = open_page("report/overview")
    assert [button.label for button in app.main.button] == ["Load the sample data", "Add a file"]


def test_all_checks_pass(store: Path):
    write_report(store, "data", "v1", ordinary(), [CHECKS[0]])
    said = html(open_page("report/overview"))
    assert "1 check: 1 passes. Nothing here needs mending." in said


def test_no_check_at_all(store: Path):
    write_report(store, "data", "v1", ordinary(), [])
    app = open_page("report/overview")
    assert not app.exception
    assert "no check could be held" in html(app)
