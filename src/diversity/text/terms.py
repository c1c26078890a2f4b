"""Words as a reader would write them, for names and lists: what `words` hashes for counting, this spells out."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
# Letters and digits beside Chinese end where it begins: "用Python写" is three words.
_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:['’_-][^\W_\u3400-\u9fff]+)*")


def terms(text: str, limit: int = 2000) -> list[str]:
    """Words of the first `limit` characters: jieba's words in Chinese, lower-cased words elsewhere, no punctuation."""
    import rjieba

    found: list[str] = []
    for run in _RUN.findall(text[:limit]):
        if _HAN.match(run):
            found += rjieba.cut(run)
        else:
            found.append(run.lower())
    return found
