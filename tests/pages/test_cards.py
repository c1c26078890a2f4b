"""The page of metric cards in both languages, with and without a report, and the links that lead to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui.factory import check, ordinary, write_report

from diversity.ui.i18n import catalogue
from pages.apps import html, open_page

REPEATS = check(
    "answer_duplication", "fail", 0.25, evidence={"exact_ratio": 0.2, "near_ratio": 0.05, "semantic_ratio": 0.0}
)

ASIDE = check("rows_set_aside", "not_applicable", None, group="input", reason="no_prompts")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_cards_without_a_report(store: Path, language: str):
    app = open_page("about/cards", language, metric="key_info_position")
    assert not app.exception
    strings = catalogue(language)
    assert app.header[0].value == strings["page.cards.title"]
    assert app.subheader[0].value == strings["card.key_info_position.title"]
    said = html(app)
    assert strings["card.key_info_position.asks"] in said
    assert strings["check.key_info_position.title"] in said
    assert strings["cards.fails"] in said


def test_an_unknown_metric_opens_the_first_card(store: Path):
    app = open_page("about/cards", metric="<script>")
    assert not app.exception
    assert "<script" not in html(app)


def test_a_card_says_what_its_checks_say_of_the_version_at_hand(store: Path):
    write_report(store, "data", "v7", ordinary(), [REPEATS])
    said = html(open_page("about/cards", metric="answer_duplication"))
    assert "v7: " in said
    assert "25.0%" in said


def test_a_click_opens_another_card_and_the_address_follows(store: Path):
    app = open_page("about/cards", metric="answer_duplication")
    next(button for button in app.button if button.key == "card-prompt_length").click().run()
    assert not app.exception
    assert app.query_params["metric"] == "prompt_length"
    assert catalogue("en")["card.prompt_length.asks"] in html(app)


def card_links(app) -> list[str]:
    return [link.proto.label for link in app.get("page_link") if "metric=" in link.proto.query_string]


def test_the_overview_links_each_check_to_its_card(store: Path):
    write_report(store, "data", "v1", ordinary(), [REPEATS, ASIDE])
    assert card_links(open_page("report/overview")) == ["How"]


def test_a_report_page_links_its_verdict_to_the_card(store: Path):
    write_report(store, "data", "v1", ordinary(), [REPEATS])
    assert card_links(open_page("report/answer_duplicates")) == ["How it is measured: Repeated answers"]
