"""A prompt as text with the passage that carries the answer marked, a ruler that says where it stands, and the
answer under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diversity.ui.i18n import percent, t
from diversity.ui.markup import Markup, join, show, tag
from diversity.ui.records import marked_text

# A prompt that does not fit the screen is shown around its passage, the rest on demand.
FITS, AROUND = 900, 260
LONGEST = 100_000

STYLE = """
.dv-focus { display: grid; grid-template-columns: 3.4rem minmax(0, 1fr); gap: .8rem; align-items: stretch; }
.dv-ruler { position: relative; border-left: 3px solid color-mix(in srgb, currentColor 22%, transparent);
  margin-left: .5rem; min-height: 8rem; font-size: .75rem; }
.dv-ruler .dv-here { position: absolute; left: -7px; width: 11px; min-height: 6px; background: #E69F00;
  border-radius: 3px; }
.dv-ruler .dv-at { position: absolute; left: .6rem; transform: translateY(-50%); font-weight: 650;
  white-space: nowrap; }
.dv-ruler .dv-end { position: absolute; left: .6rem; opacity: .6; }
.dv-prompt { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.65; unicode-bidi: plaintext;
  max-height: 34rem; overflow-y: auto;
  padding: .6rem .9rem; border-radius: .5rem; background: color-mix(in srgb, #0072B2 9%, transparent); }
.dv-prompt .dv-role, .dv-answer .dv-role { white-space: normal; }
.dv-answer { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.65; unicode-bidi: plaintext;
  max-height: 20rem; overflow-y: auto;
  padding: .6rem .9rem; border-radius: .5rem; margin-top: .5rem;
    background: color-mix(in srgb, currentColor 6%, transparent); }
.dv-prompt mark.dv-hit { padding: .05rem 0; box-shadow: 0 0 0 2px color-mix(in srgb, #E69F00 45%, transparent); }
"""


def show_style() -> None:
    """The style sheet of this view; once a page."""
    show(Markup(f"<style>{STYLE}</style>"))


def show_prompt(unit: Mapping[str, Any], whole: bool = False) -> None:
    """`unit`: prompt, answer, class, span_start, span_end (characters, -1 for none) and position (0-1 in tokens).

    A long prompt is shown around its passage unless `whole`.
    """
    prompt, answer = str(unit["prompt"]), str(unit["answer"])
    # Of class `none` the span is only the nearest candidate: nothing was found, so nothing is marked.
    nothing = unit.get("class") == "none"
    start, end = (-1, -1) if nothing else (int(unit["span_start"]), int(unit["span_end"]))
    body = prompt_markup(prompt, start, end, LONGEST if whole or len(prompt) <= FITS else AROUND)
    text = tag("div", tag("div", t("key.prompt"), class_="dv-role"), body, class_="dv-prompt", dir="auto")
    ruler = ruler_markup(start, end, len(prompt), float(unit["position"])) if start >= 0 else tag("div")
    reply = tag(
        "div", tag("div", t("key.answer"), class_="dv-role"), join(answer[:LONGEST]), class_="dv-answer", dir="auto"
    )
    show(tag("div", tag("div", ruler, text, class_="dv-focus"), reply))


def prompt_markup(prompt: str, start: int, end: int, around: int = LONGEST) -> Markup:
    """The prompt with its passage marked, at most `around` characters on either side of it."""
    if start < 0 or end <= start:
        return join(prompt[: 2 * around], _left_out(len(prompt) - 2 * around))
    low, high = max(0, start - around), min(len(prompt), end + around)
    marked = marked_text(prompt[low:high], start - low, end - low)
    return join(_left_out(low), marked, _left_out(len(prompt) - high))


def ruler_markup(start: int, end: int, length: int, position: float) -> Markup:
    """The prompt's length as a line, the passage's place on it."""
    total = max(length, 1)
    top, tall = 100 * start / total, max(100 * (end - start) / total, 1)
    middle = min(max(top + tall / 2, 3), 97)
    here = tag("div", class_="dv-here", style=f"top:{top:.2f}%;height:{min(tall, 100 - top):.2f}%")
    at = tag("div", percent_whole(position), class_="dv-at", style=f"top:{middle:.2f}%")
    ends = [
        tag("div", words, class_="dv-end", style=style)
        for words, style, near in (("0%", "top:0", middle < 9), ("100%", "bottom:0", middle > 91))
        if not near
    ]
    return tag("div", here, at, *ends, class_="dv-ruler", title=t("key.ruler", at=percent(position)))


def percent_whole(ratio: float) -> str:
    """A place as a whole percentage."""
    return f"{round(ratio * 100)}%"


def _left_out(characters: int) -> Markup:
    return tag("div", t("key.left_out", n=characters), class_="dv-role") if characters > 0 else join()
