"""What a text holds to the letter: operators and flags, quoted strings, calls and code.

`ls -a` and `ls -l`, a + b and a - b stand in the same words and are not the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPERAND = r"(?<![^\W_])[a-z]|[\d)\]]"
_SIGN = re.compile(
    rf"""
    (?<![^\s'"`(\[{{=,:])--?[^\W\d_][\w-]*              # a flag with its name: -l, --all
    | \+\+ | (?<=\w)--(?!\w) | (?<!\w)--(?=\w)
    | (?P<minus>(?:{_OPERAND})\s?-)(?=\s?(?:[a-z](?![^\W_])|[\d(]))   # a minus has operands, a dash has words
    | !?[<>=]+ | [≤≥≠≈±×÷] | [+/^&|]+
    | (?<=[\w)\]])\s?\*+\s?(?=[\w(])                   # not a bullet, nor what makes a word bold
    | (?<![^\W\d_])~
    | !(?=\w) | (?<![a-z][a-z])(?<=[a-z\d])!           # not x and 5!, but no exclamation
    | (?<=[a-z\d)])[加减乘除](?=[上去以]?[a-z\d(])
    """,
    re.VERBOSE,
)
_STRING = re.compile(
    r"""
    (?<!`)(?P<marks>`++)(?P<code>.+?)(?P=marks)
    | (?P<call>(?<![\w.])[a-z_][a-z\d_.]*+\((?:[^()]++|\([^()]*+\))++\))
    | "(?P<double>[^"]+)"
    | (?<![^\W_])'(?P<single>(?:[^']|(?<=\w)'(?=\w)){1,80}?)'(?![^\W_])
    """,
    re.VERBOSE | re.DOTALL,
)
# What is longer is speech, in which a word more or less is no other fact.
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Literals:
    """What `text` (case, width and white space folded) holds to the letter: its `signs` in order and its `strings`."""

    text: str
    signs: tuple[str, ...]
    strings: tuple[str, ...]

    @classmethod
    def of(cls, text: str, folded: str) -> Literals:
        """Of a text at folding `nfkc`, which has its quotation marks, and at `full`, which has no bullets."""
        return cls(text, tuple(map(_sign, _SIGN.finditer(folded))), tuple(_strings(text)))

    def differ(self, other: Literals) -> bool:
        """Whether the signs are others or in another order, or a string stands in one text only, quoted or not.

        The order of strings is free: who says a thing anew may well name the second term first.
        """
        if self.signs != other.signs:
            return True
        mine, others = set(self.strings), set(other.strings)
        lacking = any(not _stands_in(other.text, one) for one in mine - others)
        return lacking or any(not _stands_in(self.text, one) for one in others - mine)


def _sign(found: re.Match[str]) -> str:
    return "-" if found["minus"] else found.group().strip()


def _strings(text: str) -> Iterator[str]:
    for found in _STRING.finditer(text):
        content = found[found.lastgroup or 0].strip()
        if found.lastgroup in ("code", "call") or len(content) <= _LONGEST_QUOTE:
            yield content.rstrip(".,;:!?。、 ") or content


def _stands_in(text: str, literal: str) -> bool:
    """Whether a text has the literal, not as a part of longer words or numbers."""
    return re.search(rf"(?<![a-z\d]){re.escape(literal)}(?![a-z\d])", text) is not None
