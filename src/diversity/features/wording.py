"""The wording of prompts: what is content masked, what is instruction kept, as a short run of tokens.

Masked by rule are code, links, quotations, numbers and names, each with a sign of its own, and the middle of long
prompts, where material stands. What the rules can't know, which words are this prompt's own, is left to
`diversity.features.frames`: words that few prompts share don't count there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import pyarrow as pa
from pydantic import Field

from diversity.features.verb_object import verb_object
from diversity.text.patterns import compiled_later
from diversity.text.scripts import UNIT, WIDE, WORD

CODE, LINK, QUOTE, NUMBER, NAME, GAP = "`…`", "↗", "“…”", "#", "@", "…"
START, END, LINE = "⊢", "⊣", "⏎"
SIGNS = frozenset((CODE, LINK, QUOTE, NUMBER, NAME, GAP, START, END, LINE))

_CODE = compiled_later(r"```.*?(?:```|\Z)", re.DOTALL)
# A link ends at Chinese and at its marks, which stand around it without a space.
_LINK = compiled_later(rf"(?:https?://|www\.)[^\s{WIDE}\u3000-\u303f\uff00-\uffef]+|[\w.+-]+@[\w-]+\.[\w.]+")
_QUOTE = compiled_later(
    r"\"[^\"\n]{1,2000}\"|“[^”]{1,2000}”|「[^」]{1,2000}」|『[^』]{1,2000}』|《[^》\n]{1,200}》|‘[^’\n]{1,200}’"
    r"|`[^`\n]{1,200}`|(?<![\w'])'[^'\n]{2,200}'(?![\w'])"
)
_NUMBER = compiled_later(
    r"\d[\d,.:/%-]*(?:st|nd|rd|th)?|"
    r"[零〇一二两三四五六七八九十百千万亿]{1,8}(?=[个条句段字词行首种点件篇次年月日号岁人天步本页分小])"
)
# A capitalised word after a small letter, comma or article of its own sentence is a name: `in Paris`, `to French`.
_NAME = compiled_later(r"(?<=[a-z,] )[A-Z][\w'’-]*(?: (?:[A-Z][\w'’-]*|of(?= [A-Z])))*")
_SIGNED = {"\ue000": CODE, "\ue001": LINK, "\ue002": QUOTE, "\ue003": NUMBER, "\ue004": NAME, "\ue005": GAP}
_MASKS = ((_CODE, " \ue000 "), (_LINK, " \ue001 "), (_QUOTE, " \ue002 "), (_NAME, "\ue004"), (_NUMBER, " \ue003 "))
_TOKEN = compiled_later(rf"[\ue000-\ue005]|{UNIT}(?:['’]{WORD})*|\n\s*|[^\w\s]|_+")


@dataclass(frozen=True, slots=True)
class WordingSettings:
    """How the wording of prompts is read and compared.

    What is read: of a prompt longer than twice `edge` characters only so many from either end, for a request stands at
    an end. A line of more than `line` tokens (words in spaced scripts, characters in Chinese) is material, of which
    `line_ends` tokens at both ends are kept. Of the whole, `head` and `tail` tokens: twice as many take in material,
    and agreement with labelled templates falls by up to 0.05.

    What is one wording: `least`: a run of three tokens counts only when so many different prompts have it; 4, because
    three prompts alike are still chance in a set of thousands. `common`: from so many prompts on a run weighs no more;
    else, in a large set, phrases that everybody uses ("of the following") would outweigh the instruction. `similarity`:
    least similarity of two prompts' weighted runs. `own`: the weight that each prompt has for itself, about that of one
    common run, so that one shared phrase in otherwise different prompts ("为什么") is not enough.

    What is judged: `minimum`: task types with fewer prompts are not; among 20, one wording of a fifth is still four
    prompts. `draw`: prompts among which different wordings are counted, the same for every type so that types of any
    size compare; half of `minimum`, so that half of a type, which intervals are drawn from, still has as many.
    """

    edge: Annotated[int, Field(ge=100)] = 1200
    line: Annotated[int, Field(ge=8)] = 40
    line_ends: Annotated[int, Field(ge=1)] = 12
    head: Annotated[int, Field(ge=8)] = 32
    tail: Annotated[int, Field(ge=8)] = 24
    least: Annotated[int, Field(ge=2)] = 4
    common: Annotated[int, Field(ge=4)] = 32
    similarity: Annotated[float, Field(gt=0, le=1)] = 0.4
    own: Annotated[float, Field(ge=0)] = 3.0
    minimum: Annotated[int, Field(ge=2)] = 20
    draw: Annotated[int, Field(ge=2)] = 10


DEFAULT_WORDING = WordingSettings()
SCHEMA = pa.schema([("tokens", pa.list_(pa.string())), ("verb", pa.string()), ("object", pa.string())])


def read_wording(prompts: Sequence[str], settings: WordingSettings = DEFAULT_WORDING) -> pa.Table:
    """One row a prompt: `tokens` (`masked_tokens`), and the request's `verb` and `object` (`verb_object`), null for
    none."""
    pairs = [verb_object(prompt) for prompt in prompts]
    columns = [
        [masked_tokens(prompt, settings) for prompt in prompts],
        [verb for verb, _ in pairs],
        [thing for _, thing in pairs],
    ]
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)], SCHEMA)


def masked_tokens(prompt: str, settings: WordingSettings = DEFAULT_WORDING) -> list[str]:
    """The prompt between START and END: lower-cased words, single Chinese characters, marks and SIGNS.

    An accented letter is one character, however it was written (NFC).
    """
    text = unicodedata.normalize("NFC", prompt.strip())
    if len(text) > 2 * settings.edge:
        text = f"{text[: settings.edge]} \ue005 {text[-settings.edge :]}"
    for pattern, sign in _MASKS:
        text = pattern.sub(sign, text)
    found = _short_lines(_TOKEN.findall(text.lower()), settings)
    if len(found) > settings.head + settings.tail:
        found = [*found[: settings.head], "\ue005", *found[-settings.tail :]]
    return [START, *(_SIGNED.get(token) or (LINE if token[0] == "\n" else token) for token in found), END]


def _short_lines(found: list[str], settings: WordingSettings) -> list[str]:
    """The tokens without the middle of lines that are longer than a request."""
    if len(found) <= settings.line:
        return found
    breaks = [place for place, token in enumerate(found) if token[0] == "\n"]
    out: list[str] = []
    for start, stop in pairwise([-1, *breaks, len(found)]):
        line = found[start + 1 : stop]
        if len(line) > settings.line:
            line = [*line[: settings.line_ends], "\ue005", *line[-settings.line_ends :]]
        out += [*found[start : start + 1], *line] if start >= 0 else line
    return out


def spelled(tokens: Sequence[str]) -> str:
    """Tokens as a line to read: no space beside a Chinese character or before a mark, neighbouring gaps as one."""
    out = ""
    for token in tokens:
        if token in (START, END):
            continue
        shown = " " if token == LINE else token
        if shown == GAP and out.rstrip().endswith(GAP):
            continue
        out += shown if _sticks(out, shown) else f" {shown}"
    return " ".join(out.split())


def _sticks(before: str, token: str) -> bool:
    if not before:
        return True
    wide = _WIDE_END.match(before[-1]) or _WIDE_END.match(token[0])
    return bool(wide) or (not token[0].isalnum() and token not in SIGNS)


_WIDE_END = compiled_later(rf"[{WIDE}，。！？；：、（）]")
