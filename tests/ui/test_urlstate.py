"""What the address and the session say about a widget."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from diversity.ui import urlstate


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made = SimpleNamespace(query_params={}, session_state={})
    monkeypatch.setattr(urlstate, "st", made)
    return made


def test_the_address_wins_when_it_changed(page: SimpleNamespace):
    page.session_state["lang"] = "en"
    page.query_params["lang"] = "zh"
    assert urlstate.adopt("lang", ("zh", "en"), "en") == "zh"


def test_the_session_wins_over_an_address_already_seen(page: SimpleNamespace):
    urlstate.publish("lang", "zh")
    page.session_state["lang"] = "en"
    assert urlstate.adopt("lang", ("zh", "en"), "zh") == "en"


def test_the_address_says_what_the_session_has_forgotten(page: SimpleNamespace):
    """A run that did not draw a widget loses its value: the language must not fall back to the browser's."""
    urlstate.publish("lang", "zh")
    assert urlstate.adopt("lang", ("zh", "en"), "en") == "zh"


def test_what_is_not_allowed_becomes_the_default(page: SimpleNamespace):
    page.query_params["lang"] = "fr"
    assert urlstate.adopt("lang", ("zh", "en"), "en") == "en"
