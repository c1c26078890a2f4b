"""No text becomes markup, whatever stands in it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from diversity.ui.markup import Markup, escaped, join, show, tag
from diversity.ui.records import chat, marked_text
from diversity.ui.verdict import outcome_badge
from ui.factory import HOSTILE


class Reader(HTMLParser):
    """Collects elements and text as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@pytest.mark.parametrize("text", [*HOSTILE, '"><img src=x>', "' onmouseover='x", "&lt;b&gt;", "</div></span>"])
def test_texts_stay_texts(text: str):
    reader = read(tag("div", text, title=text))
    assert reader.elements == ["div"]
    assert reader.text == text


def test_markup_is_not_escaped_twice():
    assert tag("div", tag("span", "a<b")) == "<div><span>a&lt;b</span></div>"
    assert join("<", escaped("<")) == "&lt;&lt;"


@pytest.mark.parametrize("name", ["script", "iframe", "style", "svg", "img", "form", "a onclick"])
def test_other_elements_are_refused(name: str):
    if name in ("a onclick",):
        with pytest.raises(ValueError, match="not among"):
            tag(name, "x")
    else:
        with pytest.raises(ValueError, match="not among"):
            tag(name)


@pytest.mark.parametrize("attribute", ["onclick", "href", "src", "srcdoc"])
def test_other_attributes_are_refused(attribute: str):
    with pytest.raises(ValueError, match="not among"):
        tag("a", "x", **{attribute: "javascript:alert(1)"})


def test_only_markup_is_shown():
    with pytest.raises(TypeError):
        show("<b>x</b>")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_record_is_a_chat_of_texts(text: str):
    reader = read(chat({"system": text, "turns": [{"query": text, "answer": text}]}))
    assert set(reader.elements) == {"div"}
    assert reader.text.count(text) == 3


def test_marked_span_keeps_the_text():
    text = "a <b> c <script>"
    marked = marked_text(text, 2, 5)
    assert read(marked).text == text
    assert '<mark class="dv-hit">&lt;b&gt;</mark>' in marked


def test_long_texts_are_cut_and_say_so():
    reader = read(chat({"system": None, "turns": [{"query": "x" * 50, "answer": ""}]}, limit=10))
    assert "x" * 11 not in reader.text
    assert "40" in reader.text


def test_outcome_is_mark_and_word_and_colour():
    badge = outcome_badge("fail")
    assert isinstance(badge, Markup)
    assert "✗" in badge
    assert "background:#" in badge
    assert read(badge).text.strip() != "✗"
