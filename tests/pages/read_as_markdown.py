"""What a page hands to Streamlit to be read as Markdown: labels, tooltips, options of button groups, bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest

# Fields that the frontend reads as Markdown wherever they stand, and messages whose every text it takes as it is.
FIELDS = frozenset({"label", "help", "content", "body", "caption", "captions", "text", "title"})
OPTIONS = frozenset({"Radio"})
PLAIN = frozenset({"Html", "Text", "Code", "Json", "PlotlyChart", "Dataframe", "Arrow", "Exception"})


def read_as_markdown(app: AppTest) -> list[str]:
    """All such texts of the page and its sidebar."""
    found = [text for block in (app.main, app.sidebar) for node in nodes(block) for text in texts_in(node.proto)]
    return [text for text in found if text]


def nodes(block: Any) -> Iterator[Any]:
    """Every element and block under `block`, itself included."""
    if getattr(block, "proto", None) is not None:
        yield block
    for child in getattr(block, "children", {}).values():
        yield from nodes(child)


def texts_in(message: Any) -> Iterator[str]:
    """The texts of one protobuf message that are read as Markdown."""
    kind = message.DESCRIPTOR.name
    if kind in PLAIN:
        return
    for field, value in message.ListFields():
        for one in value if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]:
            if hasattr(one, "DESCRIPTOR"):
                yield from texts_in(one)
            elif isinstance(one, str) and (field.name in FIELDS or (field.name == "options" and kind in OPTIONS)):
                yield one
