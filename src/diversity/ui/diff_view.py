"""Two texts against each other, what differs marked: word by word, in Chinese and Japanese character by character."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from diversity.text.scripts import WIDE, word_of
from diversity.ui.i18n import t
from diversity.ui.markup import Markup, join, show, tag

# Matching is quadratic at worst: longer texts are compared up to here, and the page says so.
LONGEST = 6_000
_PIECE = re.compile(rf"[{WIDE}]|{word_of(WIDE)}|\s+|[^\w\s]")

STYLE = """
.dv-diff { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: .8rem; }
.dv-text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.6; unicode-bidi: plaintext;
  padding: .6rem .9rem; border-radius: .5rem;
  background: color-mix(in srgb, currentColor 5%, transparent); max-height: 30rem; overflow-y: auto; }
.dv-text .dv-role { white-space: normal; }
mark.dv-del { background: color-mix(in srgb, #D55E00 30%, transparent); color: inherit;
  text-decoration: line-through; border-radius: .15rem; }
mark.dv-ins { background: color-mix(in srgb, #0072B2 32%, transparent); color: inherit; text-decoration: underline;
  border-radius: .15rem; }
"""


def pieces(text: str) -> list[str]:
    """A text as words, wide characters, white space and marks; joined they are the text again."""
    return _PIECE.findall(text)


@lru_cache(maxsize=256)
def differences(before: str, after: str) -> tuple[tuple[str, str, str], ...]:
    """(operation, part of `before`, part of `after`): `equal`, or `change` with either part possibly empty, in
    reading order.

    Both texts are cut at LONGEST characters.
    """
    old, new = pieces(before[:LONGEST]), pieces(after[:LONGEST])
    found: list[tuple[str, str, str]] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=len(old) > 2_000).get_opcodes():
        left, right = "".join(old[i:j]), "".join(new[k:m])
        if kind == "equal":
            found.append(("equal", left, right))
        elif found and found[-1][0] == "change":
            found[-1] = ("change", found[-1][1] + left, found[-1][2] + right)
        else:
            found.append(("change", left, right))
    return tuple(found)


def marked_sides(before: str, after: str) -> tuple[Markup, Markup]:
    """Both texts as markup: what only the first has struck through, what only the second has underlined."""
    left, right = [], []
    for kind, old, new in differences(before, after):
        left.append(join(old) if kind == "equal" else _mark(old, "dv-del"))
        right.append(join(new) if kind == "equal" else _mark(new, "dv-ins"))
    for side, text in ((left, before), (right, after)):
        if len(text) > LONGEST:
            side.append(tag("div", t("diff.cut", n=len(text) - LONGEST), class_="dv-role"))
    return join(*left), join(*right)


def text_card(title: str, body: Markup) -> Markup:
    """A text under a small heading."""
    return tag("div", tag("div", title, class_="dv-role"), body, class_="dv-text", dir="auto")


def plain(text: str) -> Markup:
    """A text as it is, cut at LONGEST characters; an empty one says so."""
    if not text:
        return tag("em", t("diff.empty"))
    more = tag("div", t("diff.cut", n=len(text) - LONGEST), class_="dv-role") if len(text) > LONGEST else join()
    return join(text[:LONGEST], more)


def show_style() -> None:
    """The style sheet of the marks; once a page."""
    show(Markup(f"<style>{STYLE}</style>"))


def show_pair(first_title: str, before: str, second_title: str, after: str) -> None:
    """Two texts side by side with their differences marked; one beside nothing as it is."""
    left, right = marked_sides(before, after) if before and after else (plain(before), plain(after))
    show(tag("div", text_card(first_title, left), text_card(second_title, right), class_="dv-diff"))


def _mark(text: str, kind: str) -> Markup:
    return tag("mark", text, class_=kind) if text else join()
