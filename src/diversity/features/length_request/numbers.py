"""Numbers as people write them in requests: digits, Chinese numerals, English number words, and vague ones."""

from __future__ import annotations

from diversity.text.patterns import compiled_later

Range = tuple[int, int]

# Bounded, so that a text of a million digits costs no more than any other.
CHINESE = (
    r"(?:(?<!\d)\d[\d,]{0,9}(?:\.\d{1,3})?(?:\s{0,4}[百千万wWkK](?![a-zA-Z]))?(?!\d)|"
    r"(?<![零〇一二两三四五六七八九十百千万几])[零〇一二两三四五六七八九十百千万几]{1,9})(?:多|来|余)?"
)
MOST = 10_000_000
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_LATIN_POWERS = {"百": 100, "千": 1000, "万": 10000, "w": 10000, "k": 1000}
_TWO = compiled_later(r"([一二两三四五六七八九])([二两三四五六七八九])(?=[十百千万]|$)")

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_SMALL = {word: value for value, word in enumerate(f"{_ONES} eighteen nineteen".split(), start=1)}
_TEN_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TENS = {word: 10 * value for value, word in enumerate(_TEN_WORDS, start=2)}
_LARGE = {"hundred": 100, "thousand": 1000}
# "A few" is said of up to five, "several" of more than two (dictionaries agree on no exact border).
VAGUE = {"few": (2, 5), "a few": (2, 5), "several": (3, 7), "a couple": (2, 2), "a couple of": (2, 2)}
_WORD = "|".join(sorted([*_SMALL, *_TENS, *_LARGE], key=len, reverse=True))
ENGLISH = (
    r"(?:\d{1,3}(?:,\d{3}){1,2}|\d{1,8}(?:\.\d+)?k?(?!\w)|\d{1,8}(?!\d)|"
    r"a few|few|several|a couple(?: of)?|a single|single|"
    rf"(?:an? (?=hundred|thousand))?(?:{_WORD})(?:[- ](?:{_WORD})){{0,4}}|an?(?= ))"
)


def chinese_number(text: str) -> Range | None:
    """`两三百` is (200, 300), `十来` (10, 19), `1.5万` (15000, 15000); None for what is no number."""
    vague = text[-1] in "多来余"
    body = text[:-1] if vague else text
    found = _digits(body) if body[:1].isdigit() else _numerals(body)
    if found is None or not vague:
        return found
    return found[0], found[1] + _step(body) - 1


def english_number(text: str) -> Range | None:
    """`twenty-five` is (25, 25), `a few` (2, 5); None for what is no number."""
    folded = " ".join(text.lower().replace("-", " ").split())
    if folded in VAGUE:
        return VAGUE[folded]
    if folded[:1].isdigit():
        power = 1000 if folded.endswith("k") else 1
        return _same(round(float(folded.rstrip("k").replace(",", "")) * power))
    total = part = 0
    for word in folded.split():
        if word in ("a", "an", "single"):
            part = part or 1
        elif word in _LARGE:
            part = max(part, 1) * _LARGE[word]
            total, part = (total + part, 0) if word == "thousand" else (total, part)
        else:
            part += _SMALL.get(word, 0) + _TENS.get(word, 0)
    return _same(total + part)


def _digits(text: str) -> Range | None:
    power = _LATIN_POWERS.get(text[-1].lower(), 1)
    number = text.rstrip("百千万wWkK ").replace(",", "")
    return _same(round(float(number) * power)) if number else None


def _numerals(text: str) -> Range | None:
    if "几" in text:
        ends = (_value(text.replace("几", digit)) for digit in ("二" if text[0] == "几" else "一", "九"))
        low, high = ends
        return None if low is None or high is None or high > MOST else (low, high)
    pair = _TWO.search(text)
    if pair and (len(text) == 2 or pair.end() < len(text) or pair.start()):
        low, high = (_value(text[: pair.start()] + digit + text[pair.end() :]) for digit in pair.groups())
        return None if low is None or high is None or not low < high <= MOST else (low, high)
    return None if (value := _value(text)) is None else _same(value)


def _value(text: str) -> int | None:
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character == "万":
            total, section, digit = (total + section + digit or 1) * 10000, 0, 0
        else:
            section += (digit or 1) * _POWERS[character]
            digit = 0
    return total + section + digit or None


def _step(text: str) -> int:
    """The unit of the last digit said: 10 for 三十, 100 for 500."""
    if text[0].isdigit():
        return 10 ** (len(text) - len(text.rstrip("0"))) if text.isdigit() else 1
    return _POWERS.get(text[-1], 1)


def _same(value: int) -> Range | None:
    return (value, value) if 0 < value <= MOST else None
