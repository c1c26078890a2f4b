"""What the figures share: names that plotly cannot take for markup, labels that stay whole, log axes in tokens, a
bare layout."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

Translate = Callable[..., str]

INVISIBLE = "rgba(0,0,0,0)"
FAINT = "rgba(128,136,148,0.22)"
FAINTER = "rgba(128,136,148,0.10)"
NAME_LIMIT = 120
LABEL_CELLS = 26
ROW_PIXELS = 27
SHORTEST_TICK, LONGEST_TICK = 1, 2**24


def escaped(name: str, limit: int = NAME_LIMIT) -> str:
    """A name from the data as plotly shows it letter by letter: one line, at most `limit` characters, no tag,
    entity or template.

    Plotly reads `<b>`, `<a href>` and entities in every label and hover, and `%{…}` in templates.
    """
    flat = " ".join(_printable(name[: limit * 4]).split())
    flat = flat if len(flat) <= limit else flat[: limit - 1] + "…"
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%{", "%&#123;")):
        flat = flat.replace(character, entity)
    return flat or "–"


def label(name: str, cells: int = LABEL_CELLS, limit: int = NAME_LIMIT) -> str:
    """A name for an axis: whole, over several lines where it is wider than `cells` columns (a Chinese character
    takes two)."""
    flat = " ".join(_printable(name[: limit * 4]).split())
    flat = flat if len(flat) <= limit else flat[: limit - 1] + "…"
    return "<br>".join(escaped(line, limit) for line in _lines(flat, cells)) or "–"


def width(text: str) -> int:
    """Columns that a text takes: two for a wide character, none for a combining one."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def bare(height: int, **more: Any) -> dict[str, Any]:
    """Layout of every figure: no ground of its own, so that light and dark both work, and no chart junk."""
    plain: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 28, "b": 8},
        "paper_bgcolor": INVISIBLE,
        "plot_bgcolor": INVISIBLE,
        "showlegend": False,
        "hoverlabel": {"align": "left", "namelength": -1},
        "bargap": 0.25,
        "modebar": {"bgcolor": INVISIBLE},
    }
    return plain | more


def figure(traces: Iterable[Any], height: int, **more: Any) -> go.Figure:
    """Traces on the bare layout."""
    return go.Figure(data=list(traces), layout=bare(height, **more))


def rows_height(rows: int, *, lines: int = 1, extra: int = 70) -> int:
    """Pixels for so many horizontal bars, each with a label of at most `lines` lines."""
    # At least two: in less height the axis stands over its own title.
    return max(rows, 2) * max(ROW_PIXELS, 15 * lines + 6) + extra


def row_axis(names: Sequence[str], *, cells: int = LABEL_CELLS) -> dict[str, Any]:
    """A vertical axis with one name a row, the first on top, at y = 0, 1, 2, …"""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [label(name, cells) for name in names],
        "range": [len(names) - 0.5, -0.5],
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "title": None,
        "ticks": "",
        "fixedrange": True,
    }


def share_axis(title: str, top: float) -> dict[str, Any]:
    """A horizontal axis of shares from 0 to `top`, with as many decimals as tell its marks apart."""
    decimals = 0 if top >= 0.1 else 1 if top >= 0.01 else 2
    return {
        "title": title,
        "range": [0, top],
        "tickformat": f".{decimals}%",
        "showgrid": True,
        "gridcolor": FAINT,
        "zeroline": False,
        "fixedrange": True,
    }


def doublings(tokens: float) -> float:
    """Where a number of tokens stands on an axis of doublings: log2, with nothing below one token."""
    return math.log2(max(tokens, 1.0))


def token_axis(title: str, longest: float, shortest: float = 1.0) -> dict[str, Any]:
    """A horizontal axis in doublings whose ticks say tokens: 1, 2, 4 … 32, 64, 128 …

    Positions are `doublings(tokens)`: bars then have one width, which a plotly log axis does not give.
    """
    low, high = math.floor(doublings(shortest)), math.ceil(doublings(max(longest, 2)))
    step = 1 if high - low <= 14 else 2
    ticks = list(range(low, high + 1, step))
    return {
        "title": title,
        "range": [low - 0.15, high + 0.15],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [tokens_text(2**tick) for tick in ticks],
        "tickangle": 0,
        "showgrid": True,
        "gridcolor": FAINT,
        "zeroline": False,
        "fixedrange": True,
    }


def tokens_text(tokens: int) -> str:
    """32, 64, … 1k, 2k: how lengths are spoken of."""
    return f"{tokens // 1024}k" if tokens >= 1024 else str(tokens)


def note(text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    """A label on the plot."""
    return {"text": text, "x": x, "y": y, "showarrow": False, "font": {"size": 12}, "align": "left"} | more


def nothing(text: str, height: int = 120) -> go.Figure:
    """A figure that says why there is nothing to draw."""
    blank = {"visible": False, "fixedrange": True}
    return figure([], height, xaxis=blank, yaxis=blank, annotations=[note(text, 0.5, 0.5, xref="paper", yref="paper")])


def _printable(text: str) -> str:
    """Without control and direction characters, which would turn the rest of a label around."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else "" if _turns(c) else c for c in text)


def _turns(character: str) -> bool:
    return "‪" <= character <= "‮" or "⁦" <= character <= "⁩"


def _lines(text: str, cells: int) -> list[str]:
    lines, line = [], ""
    for word in _words(text):
        if line and width(line) + width(word.rstrip()) > cells:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def _words(text: str) -> list[str]:
    """Where a line may break: after a space or hyphen, around a wide character, and inside a word of more than a
    line."""
    words = [""]
    for character in text:
        wide = width(character) == 2
        if wide or (words[-1] and (words[-1][-1] in " -/_" or width(words[-1][-1]) == 2)) or len(words[-1]) >= 24:
            words.append(character)
        else:
            words[-1] += character
    return [word for word in words if word]
