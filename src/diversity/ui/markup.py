"""The only way this project writes HTML. Strings are escaped, always; only what `tag` made is taken as markup."""

from __future__ import annotations

from html import escape

import streamlit as st

_TAGS = frozenset(
    [
        "a",
        "b",
        "br",
        "details",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "i",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_ATTRIBUTES = frozenset(
    {"class", "title", "style", "lang", "dir", "role", "aria-label", "aria-hidden", "colspan", "open", "id"}
)


class Markup(str):
    """HTML made by `tag`: every text in it has been escaped."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """A text of any origin as HTML that shows exactly that text. The one escape function."""
    return Markup(escape(text, quote=True))


def tag(name: str, *children: str, **attributes: str) -> Markup:
    """An element. Children that are not Markup are texts and get escaped, attribute values always.

    `class_` and `aria_label` stand for `class` and `aria-label`. Names outside a short list are an error: no script,
    no link, no handler.
    """
    if name not in _TAGS:
        raise ValueError(f"element {name!r} is not among the allowed ones")
    written = "".join(f' {_attribute(key)}="{escape(value, quote=True)}"' for key, value in attributes.items())
    inner = "".join(child if isinstance(child, Markup) else escaped(child) for child in children)
    return Markup(f"<{name}{written}>{inner}</{name}>")


def join(*parts: str) -> Markup:
    """Parts one after the other; texts among them are escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escaped(part) for part in parts))


def show(markup: Markup) -> None:
    """Puts markup on the page."""
    if not isinstance(markup, Markup):
        raise TypeError("only Markup reaches the page: build it with tag()")
    st.html(str(markup))


def _attribute(key: str) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name not in _ATTRIBUTES:
        raise ValueError(f"attribute {name!r} is not among the allowed ones")
    return name
