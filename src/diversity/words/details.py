"""What was found in a row that is set aside. Reports hold it in English, as the readers wrote it; other languages have
the catalogue's words for its parts."""

from __future__ import annotations

import re

from diversity.words.language import known, t, t_or

# Parts of a detail, by the key of the catalogue's words; a part named `rest` is a detail itself.
_PARTS = {
    "line": r"line (?P<line>\d+) of the file: (?P<rest>.+)",
    "line_only": r"line (?P<line>\d+) of the file",
    "line_character": r"line (?P<line>\d+) of the file, character (?P<character>\d+)",
    "character": r"character (?P<character>\d+)",
    "of_row": r"(?P<rest>.+) \(line (?P<line>\d+), column (?P<column>\d+) of the row\)",
    "turn_of": r"turn (?P<turn>\d+) of (?P<last>\d+)",
    "turn": r"turn (?P<turn>\d+): (?P<rest>.+)",
    "message": r"message (?P<message>\d+): (?P<rest>.+)",
    "columns": r"(?P<found>\d+) instead of (?P<wanted>\d+)",
    "unpaired": r"(?P<name>[^:]+): (?P<asked>\d+) and (?P<replied>\d+) texts",
    "byte": r"byte (?P<byte>\S+) at (?P<place>\d+)",
    "fields": r"fields: (?P<fields>.*)",
    "no_such_field": r"no such field; fields: (?P<fields>.*)",
    "empty": r"(?P<name>[^:]+): empty",
    "long": r"(?P<name>.+): (?P<length>\d+) characters",
    "of_field": r"(?P<name>[^:]+): (?P<rest>object|list|text|number|true/false|null)",
}
_DEPTH = 4


def detail_sentence(detail: str, depth: int = _DEPTH) -> str:
    """A detail in the reader's language; what the catalogue has no words for stays as it is."""
    if not known("detail.line"):
        return detail
    for key, pattern in _PARTS.items():
        found = re.fullmatch(pattern, detail, re.DOTALL)
        if found and depth:
            parts = found.groupdict()
            if "rest" in parts:
                parts["rest"] = detail_sentence(parts["rest"], depth - 1)
            return t(f"detail.{key}", **parts)
    return t_or(f"detail.said.{detail}", detail)
