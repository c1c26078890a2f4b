"""What a request for a length is: shared by the two languages' parsers, the counting and the metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

UNITS = ("zi", "words", "characters", "sentences", "verses", "paragraphs", "items", "lines")
RELATIONS = ("at_least", "at_most", "about", "exact", "between")
# Units that nobody counts while writing once they are many: there a bare number is a size.
FINE = frozenset(("zi", "words", "characters"))
# So many numbers with a unit are looked at in a text, in each language: where there are more they are its material.
MOST_MEASURES = 1_000


@dataclass(frozen=True, slots=True)
class LengthRequestSettings:
    """How a request is read and when it counts as kept.

    `about_tolerance`: how far from the number an answer to "about 100 words" may be. A fifth: school rules for
    "about" allow a tenth, and ways of counting (marks, figures, hyphens) differ by nearly another one.
    `least_tolerance`: "about three sentences" is kept by two and by four, however small the number.
    `exact_up_to`: up to so many characters or words a bare number is meant exactly ("in four words"); above it is a
    size ("a 500-word essay"). Thirty is about what a reader counts without help.
    `long_from`: a request for at least so many characters or words asks for a long text: about the 512 tokens from
    which on the lengths page calls an answer long.
    """

    about_tolerance: Annotated[float, Field(ge=0, lt=1)] = 0.2
    least_tolerance: Annotated[int, Field(ge=0)] = 1
    exact_up_to: Annotated[int, Field(ge=0)] = 30
    long_from: Annotated[int, Field(ge=1)] = 400


DEFAULT_LENGTH_REQUEST = LengthRequestSettings()


@dataclass(frozen=True, slots=True)
class LengthRequest:
    """One request as it stands in a text.

    `unit` of UNITS, `relation` of RELATIONS; `low` and `high` are the numbers said, None where that side is open.
    `scope`: what it is about: the whole `answer`, `each` of its parts (`of` names their unit), or one `part` of it,
    such as a title. `start`, `end`: characters of the passage in the text.
    """

    unit: str
    relation: str
    low: int | None
    high: int | None
    scope: str
    start: int
    end: int
    of: str = ""


def limits(
    relation: str | None, numbers: tuple[int, int], unit: str, exact_up_to: int, *, vague: bool
) -> tuple[int | None, int | None, str]:
    """The limits and the relation of numbers said with `relation`, None where none was said."""
    low, high = numbers
    if relation == "at_least":
        return low, None, relation
    if relation == "at_most":
        return None, high, relation
    if vague:
        return low, high, "about"
    if low != high:
        return low, high, "between"
    if relation is None or relation == "between":
        relation = "about" if unit in FINE and low > exact_up_to else "exact"
    return low, high, relation
