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
# An accented letter stands for as many words: so many words of French or Czech have one.
WORDS_PER_ACCENT = 3
# What has to be brought into one form before letters are counted: accents beside their letter, full-width and ornate
# letters. Few texts have any, and the others are not copied.
_VARIANT = r"[\p{M}\x{FF21}-\x{FF5A}\x{1D400}-\x{1D7FF}]"
# Signs that Unicode takes for letters go with the script that they are used in: those of order, degree and micro, and
# those of repetition and length, which belong to no script.
_LATIN = r"A-Za-z\x{AA}\x{B5}\x{BA}"
_KANA = r"\p{Hiragana}\p{Katakana}\x{3006}\x{3031}-\x{3035}\x{303C}\x{30FC}\x{FF70}\x{FF9E}\x{FF9F}"
# Negated classes of what they leave out: "[^\PL…]" is a letter that is none of the rest.
_ACCENTED = rf"[^\PL\P{{Latin}}{_LATIN}]"
_UNCOUNTED = rf"[^\PL\p{{Latin}}{_LATIN}\p{{Han}}\p{{Hangul}}{_KANA}]"
_OTHER = rf"{_UNCOUNTED}(?:{_UNCOUNTED}|\pM)*"


def detect_languages(texts: pa.ChunkedArray) -> NDArray[np.str_]:
    """(n,) language code of each text: one of LANGUAGES.

    `mixed` means that both Chinese and Latin words make up at least 30% of the text, `none` that it has no letters,
    `en` that its words are in plain Latin letters (another language in plain ASCII letters passes for English), `other`
    any other script. Compatible forms are alike: full-width letters, accents in one character with their letter or in
    one of their own.
    """
    parts = [_detect(texts.slice(start, BATCH)) for start in range(0, len(texts), BATCH)]
    return np.concatenate(parts) if parts else np.empty(0, dtype="<U5")


def _detect(texts: pa.ChunkedArray) -> NDArray[np.str_]:
    texts = _plain(texts)

    def count(pattern: str) -> NDArray[np.float64]:
        return np.asarray(pc.count_substring_regex(texts, pattern).to_numpy(), dtype=np.float64)

    han = count(r"\p{Han}")
    kana = count(f"[{_KANA}]")
    hangul = count(r"\p{Hangul}")
    latin = count(f"[{_LATIN}]+")
    foreign = count(_ACCENTED) * WORDS_PER_ACCENT + count(_OTHER)
    words = han / HAN_PER_WORD + latin + foreign + kana + hangul
    share = np.divide(han / HAN_PER_WORD, words, out=np.zeros_like(han), where=words > 0)
    rules = [
        (words == 0, "none"),
        (kana > 0.2 * han, "ja"),
        (hangul > 0.3 * words, "ko"),
        (foreign > MINOR_SHARE * words, "other"),
        (share >= 1 - MINOR_SHARE, "zh"),
        (share < MINOR_SHARE, "en"),
    ]
    result = np.full(len(words), "mixed", dtype="<U5")
    for mask, code in reversed(rules):
        result[mask] = code
    return result


def _plain(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts with those that need it under NFKC."""
    variant = pc.match_substring_regex(texts, _VARIANT).combine_chunks()
    if not pc.any(variant).as_py():
        return texts
    return pc.replace_with_mask(texts, variant, pc.utf8_normalize(texts.filter(variant), "NFKC").combine_chunks())
