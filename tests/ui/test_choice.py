"""What a picker takes from the address, and what it leaves there."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest


def pickers(kind: str, more: dict[str, int]) -> None:
    import streamlit as st

    from diversity.ui import choice

    st.text(getattr(choice, kind)("side", ("answer", "prompt", "both"), "prompt", "Side", str.upper, **more))


def opened(kind: str, more: dict[str, int] | None = None, **parameters: str) -> AppTest:
    app = AppTest.from_function(pickers, args=(kind, more or {}))
    app.query_params.update(parameters)
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].value
    return app


def widget(app: AppTest) -> Any:
    return [*app.button_group, *app.selectbox][0]


both_kinds = pytest.mark.parametrize("kind", ["choose", "choose_from_list"])


@both_kinds
def test_the_default_where_the_address_says_nothing(kind: str):
    app = opened(kind)
    assert (app.text[0].value, widget(app).value) == ("prompt", "prompt")
    assert "side" not in app.query_params


@both_kinds
def test_the_address_is_taken_and_kept(kind: str):
    app = opened(kind, side="both")
    assert (app.text[0].value, widget(app).value) == ("both", "both")
    assert app.query_params["side"] == "both"


@both_kinds
def test_an_address_that_names_no_option_is_ignored_and_mended(kind: str):
    app = opened(kind, side="elsewhere")
    assert app.text[0].value == "prompt"
    assert "side" not in app.query_params


@both_kinds
def test_a_choice_stands_in_the_address_unless_it_is_the_default(kind: str):
    app = opened(kind)
    checked(widget(app).set_value("answer").run())
    assert app.text[0].value == "answer"
    assert app.query_params["side"] == "answer"
    checked(widget(app).set_value("prompt").run())
    assert app.text[0].value == "prompt"
    assert "side" not in app.query_params


@both_kinds
def test_options_stand_in_order_and_in_words(kind: str):
    app = opened(kind)
    assert (widget(app).label, widget(app).options) == ("Side", ["ANSWER", "PROMPT", "BOTH"])
    assert widget(app).key == "side"


@pytest.mark.parametrize(
    ("kind", "more", "seen"),
    [
        ("choose", {}, False),
        ("choose_from_list", {}, True),
        ("choose_from_list", {"width": 260, "labelled": False}, False),
    ],
    ids=["buttons", "list", "list without label"],
)
def test_who_sees_the_label(kind: str, more: dict[str, int], seen: bool):
    visibility = widget(opened(kind, more)).proto.label_visibility
    assert visibility.value == (visibility.VISIBLE if seen else visibility.COLLAPSED)
