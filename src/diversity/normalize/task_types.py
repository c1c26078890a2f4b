"""Task types: one label, or one label with a separator, or a list, or two columns → levels."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from diversity.text.scripts import HAN

# Signs that part levels wherever they stand, and a hyphen only where it cannot be part of a word: with blanks around
# it, or next to a Chinese character
# (`逻辑推理-常识推理` has two levels, `open-qa` and `multi-turn` have one).
# A run of blanks is entered at its start only: from each of its places it would be read to its end once more.
_BLANKS = r"(?:(?<!\s)\s++)?"
_AUTO = re.compile(
    rf"{_BLANKS}(?:-{{2,}}|—+|－|->|→|::|[/／>＞|｜\\])\s*+|(?<!\s)\s++[-–]\s++|(?<=[{HAN}])\s*+[-–]\s*+|"
    rf"{_BLANKS}[-–]\s*+(?=[{HAN}])"
)


# In characters. Real label paths of three levels stay below a hundred; what is longer is a text from a field that holds
# no labels, and as labels such texts would fill reports and be compared with every item of every taxonomy.
LONGEST_LABEL = 200


class WrongLabel(Exception):
    """A task type that is neither text, a number, a list of such, nor empty."""


class LongLabel(Exception):
    """A text too long for a task type; its length."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


def levels_of(value: Any, separator: str | None) -> tuple[str, ...]:
    """The levels of one label.

    Text is parted at `separator`, at the usual separators when it is None, nowhere when it is empty. A list has one
    level an item, each taken whole. A number is its own label. Nothing, blank text and an empty list give no level.
    Blanks of any kind and number are one blank, and full-width forms are plain (NFKC); upper and lower case stay.

    Raises WrongLabel for any other value, LongLabel for a text of more than LONGEST_LABEL characters.
    """
    if value is None or (isinstance(value, float) and value != value):
        return ()
    if isinstance(value, str):
        if len(value) > LONGEST_LABEL:
            raise LongLabel(len(value))
        parts = _AUTO.split(value) if separator is None else value.split(separator) if separator else [value]
        labels = (" ".join(unicodedata.normalize("NFKC", part).split()) for part in parts)
        return tuple(label for label in labels if label)
    if isinstance(value, (list, tuple)):
        return tuple(label for item in value for label in levels_of(item, ""))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (str(value),)
    raise WrongLabel(type(value).__name__)
