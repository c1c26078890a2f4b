"""Words as a reader would write them, for names and lists: what `words` hashes for counting, this spells out."""

from __future__ import annotations

import re
import unicodedata

from diversity.text.scripts import HAN, word_of

# Chinese alone: the dictionary has no kana. Other scripts without spaces are named by their phrases.
_HAN = re.compile(f"[{HAN}]")
_WORD = word_of(f"_{HAN}")
# Letters and digits beside Chinese end where it begins: "用Python写" is three words.
_RUN = re.compile(rf"[{HAN}]+|{_WORD}(?:['’_-]{_WORD})*")


def terms(text: str, limit: int = 2000) -> list[str]:
    """Words of the first `limit` characters: jieba's words in Chinese, lower-cased words elsewhere, no punctuation.

    An accented letter is one character, however it was written (NFC).
    """
    import rjieba

    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFC", text[:limit])):
        if _HAN.match(run):
            found += rjieba.cut(run)
        else:
            found.append(run.lower())
    return found
