"""Which language a text is written in, judged by its script: enough for zh against en, and never a download."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.corpus import BATCH

LANGUAGES = ("zh", "en", "ja", "ko", "mixed", "other", "none")
# A Chinese word has about 1.6 characters, so that many Han characters weigh as much as one Latin word.
HAN_PER_WORD = 1.6
# A script with less than this share of the words is a loan word, a name or a line of code.
MINOR_SHARE = 0.3


def detect_languages(texts: pa.ChunkedArray) -> NDArray[np.str_]:
    """(n,) language code of each text: one of LANGUAGES.

    `mixed` means that both Chinese and Latin words make up at least 30% of the text, `none` that it has no letters,
    `en` that its words are in plain Latin letters (another language in plain ASCII letters passes for English), `other`
    any other script.
    """
    parts = [_detect(texts.slice(start, BATCH)) for start in range(0, len(texts), BATCH)]
    return np.concatenate(parts) if parts else np.empty(0, dtype="<U5")


def _detect(texts: pa.ChunkedArray) -> NDArray[np.str_]:
    def count(pattern: str) -> NDArray[np.float64]:
        return np.asarray(pc.count_substring_regex(texts, pattern).to_numpy(), dtype=np.float64)

    han = count(r"\p{Han}") / HAN_PER_WORD
    kana = count(r"[\p{Hiragana}\p{Katakana}]")
    hangul = count(r"\p{Hangul}")
    latin = count(r"[A-Za-z]+")
    foreign = count(r"[À-ɏ]") * 3 + count(r"[\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Greek}\p{Devanagari}\p{Thai}]+")
    words = han + latin + foreign + kana + hangul
    share = np.divide(han, words, out=np.zeros_like(han), where=words > 0)
    rules = [
        (words == 0, "none"),
        (kana > 0.2 * han * HAN_PER_WORD, "ja"),
        (hangul > 0.3 * words, "ko"),
        (foreign > MINOR_SHARE * words, "other"),
        (share >= 1 - MINOR_SHARE, "zh"),
        (share < MINOR_SHARE, "en"),
    ]
    result = np.full(len(words), "mixed", dtype="<U5")
    for mask, code in reversed(rules):
        result[mask] = code
    return result
