"""Folding: what counts as the same text when repeats are looked for.

Three levels, each folding at least what the one before folds:

- `strip`: white space at both ends.
- `nfkc`: Unicode NFKC, case, typographic quotes, dashes and bullets, runs of white space; white space beside a Chinese
  or Japanese character goes.
- `full`: punctuation that only marks sentences, quotes or layout.

What carries meaning stays at every level: signs and operators ("-1", "C++", "!=", "2*3", "a - b", "i--", "ls ~"),
points and commas inside numbers and names ("1.5", "node.js"), brackets, superscripts ("2³" becomes "2^3", never "23").
A text with operator or code characters keeps all its punctuation, for in code a quotation mark tells a string from a
name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Literal

from diversity.text.scripts import WIDE

Folding = Literal["strip", "nfkc", "full"]

_SEPARATOR = "\x00"
_NARROW = rf"[^\W_{WIDE}]"
# Stands for the "^" that is spelt out for a superscript, until it has been judged whether the text is code.
_RAISED = "\ufdd0"
_CODE = re.compile(r"[=<>{}\[\]\\^|]")
# Soft hyphens, spaces without width, the marks of writing direction, and what chooses between two pictures of one
# character. The joiners U+200C and U+200D stay: they tell words, and emoji, apart.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_UNIFIED = {
    "'": "‘’‚‛′",
    '"': "“”„‟″«»「」『』《》〈〉【】〔〕〖〗",
    "-": "‐‑‒–—―−",
    ".": "。।۔",
    ",": "、،",
    "?": "؟",
    ";": "؛",
    " ": "•·●▪◦‣・¿¡",
}
_VARIANTS = {variant: plain for plain, variants in _UNIFIED.items() for variant in variants}
_VARIANT = re.compile(f"[{''.join(map(re.escape, _VARIANTS))}]")
_MARK = re.compile(
    rf"""
    ["`?;,.:!'~\-]                                  # a plain class first: the search skips to the next of these
    (?! (?<=(?<!{_NARROW})[a-z]-)(?:(?![^\W\d_])|(?=[a-z](?!{_NARROW})))    # a-b, i-- and the grade A- stay
      | (?<=(?<!{_NARROW})[a-z][ ]-)(?=[ ]?[a-z](?!{_NARROW}))               # a - b stays
      | (?<={_NARROW}-)(?=-[;,)\]}}]) )                                       # count--; stays
    (?: (?<=["`?;])
      | (?<=[,:])(?!\d) | (?<=(?<!\d)[,:])          # 1,000 and 10:30 stay
      | (?<=\.)(?!{_NARROW}) | (?<=(?<!{_NARROW})\.)(?!\d)      # 1.5, .5 and node.js stay
      | (?<=[^\W\d_][^\W\d_]!) | (?<=[{WIDE}]!) | (?<=(?<![^\W_]|\#)!)(?!{_NARROW})   # 5! and !x stay
      | (?<=(?<![^\W_])') | (?<=')(?![^\W_])        # don't stays
      | (?<=[^\W\d_]-)(?!\s?\d) | (?<=-)(?!\s?\d)(?!{_NARROW})  # -1, 5 - 3, 3-d and -x stay
      | (?:(?<=[^\W\d_.!?~]~) | (?<=[.!?~]~) | (?<=[{WIDE}][ ]~))(?!\s?\d)(?!/)  # "hello~" but not ~/x, ls ~, x ~ y
    )""",
    re.VERBOSE,
)
# A run is entered at its start only, so that one of any length is read once.
_STARS = re.compile(rf"(?<!\*)\*++(?:(?!{_NARROW})(?![ ]{_NARROW}))")
_OPENING_STARS = re.compile(rf"(?<!{_NARROW})(?<!{_NARROW}[ ])\*++")
_HEADING = re.compile(rf"(?<!\#)\#++(?=[\s\x00]|$)(?<!{_NARROW}\#)")
_EDGE_SPACE = re.compile(rf"(?<=[{WIDE}]) | (?=[{WIDE}])")


def fold(text: str, folding: Folding = "full") -> str:
    """Folds one text to the given level."""
    return fold_all([text], folding)[0]


def fold_all(texts: Sequence[str], folding: Folding = "full") -> list[str]:
    """Folds every text to the given level, in one pass over their joined characters.

    Returns as many texts as were given. A text without content at that level ("---" under `full`) folds to the empty
    string.
    """
    if folding == "strip" or not texts:
        return [text.strip() for text in texts]
    ascii_only = [text.isascii() for text in texts]
    narrow = _folded([text for text, narrow in zip(texts, ascii_only, strict=True) if narrow], folding, False)
    wide = _folded([text for text, narrow in zip(texts, ascii_only, strict=True) if not narrow], folding, True)
    folded = {True: iter(narrow), False: iter(wide)}
    return [next(folded[narrow]) for narrow in ascii_only]


def _folded(texts: list[str], folding: Folding, wide: bool) -> list[str]:
    """The same for texts that are all ASCII or all not: what only other scripts need is left out for the first kind."""
    if not texts:
        return []
    joined = _SEPARATOR.join([text.replace(_SEPARATOR, " ") for text in texts])
    plain = (_normalised(joined) if wide else joined.lower()).split(_SEPARATOR)
    if folding == "full":
        prose = [at for at, text in enumerate(plain) if not _CODE.search(text)]
        for at, text in zip(prose, _without_marks([plain[at] for at in prose]), strict=True):
            plain[at] = text
    spaced = [" ".join(text.split()) for text in plain]
    return _EDGE_SPACE.sub("", _SEPARATOR.join(spaced)).replace(_RAISED, "^").split(_SEPARATOR) if wide else spaced


def _without_marks(texts: list[str]) -> list[str]:
    if not texts:
        return []
    joined = _MARK.sub(" ", _SEPARATOR.join(texts))
    for pattern in (_OPENING_STARS, _STARS, _HEADING):
        joined = pattern.sub(" ", joined)
    return joined.split(_SEPARATOR)


def _normalised(joined: str) -> str:
    joined = _marked().sub(_spell_out, joined)
    joined = unicodedata.normalize("NFKC", _INVISIBLE.sub("", joined))
    return _VARIANT.sub(lambda found: _VARIANTS[found.group()], joined).casefold()


@cache
def _marked() -> re.Pattern[str]:
    """Superscripts, fractions and circled numbers: NFKC alone would run them into their neighbours."""
    tags = ("<super>", "<fraction>", "<circle>")
    found = [chr(c) for c in range(0x80, 0x20000) if unicodedata.decomposition(chr(c)).startswith(tags)]
    numeric = [char for char in found if unicodedata.normalize("NFKC", char)[0].isnumeric() or char in "⁺⁻"]
    return re.compile(f"[{''.join(numeric)}]+")


def _spell_out(found: re.Match[str]) -> str:
    marks = found.group()
    if unicodedata.decomposition(marks[0]).startswith("<super>"):
        return _RAISED + unicodedata.normalize("NFKC", marks)
    return " " + " ".join(unicodedata.normalize("NFKC", mark) for mark in marks) + " "
