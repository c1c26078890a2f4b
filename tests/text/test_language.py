from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversity.text.language import LANGUAGES, detect_languages


def detect(*texts: str) -> list[str]:
    return detect_languages(pa.chunked_array([list(texts)], type=pa.large_string())).tolist()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("北京今天的气温是多少度？", "zh"),
        ("What is the capital of Peru?", "en"),
        ("用 Python 写一个快速排序，要求处理重复元素。", "zh"),
        ("把下面这句话译成中文：The meeting has been moved to Thursday afternoon.", "mixed"),
        ("今日はとてもいい天気ですね", "ja"),
        ("오늘 날씨가 정말 좋네요", "ko"),
        ("Привет, как дела?", "other"),
        ("12 + 30 = 42", "none"),
        ("", "none"),
        ("🎉🎉", "none"),
    ],
)
def test_language_by_script(text: str, language: str) -> None:
    assert detect(text) == [language]


@given(st.lists(st.text(max_size=40), max_size=20))
def test_every_text_gets_a_known_code_and_order_does_not_matter(texts: list[str]) -> None:
    codes = detect(*texts) if texts else []
    assert set(codes) <= set(LANGUAGES)
    assert detect(*reversed(texts))[::-1] == codes if texts else True


def test_no_texts_at_all() -> None:
    assert detect_languages(pa.chunked_array([[]], type=pa.large_string())).tolist() == []


FRENCH = "Où est passé l'élève qui étudiait à côté ?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("আমি ভাত খাই", "other"),
        ("நான் சாதம் சாப்பிடுகிறேன்", "other"),
        ("నేను అన్నం తింటాను", "other"),
        ("გამარჯობა მსოფლიო", "other"),
        ("Բարեւ աշխարհ", "other"),
        ("ሰላም ልዑል", "other"),
        ("សួស្តី", "other"),
        ("မင်္ဂလာပါ", "other"),
        ("ㄅㄆㄇㄈ", "other"),
        ("Hôm nay trời đẹp quá", "other"),
        ("ＨＥＬＬＯ ＷＯＲＬＤ", "en"),
        ("𝐇𝐞𝐥𝐥𝐨 𝐰𝐨𝐫𝐥𝐝", "en"),
        ("1 × 2 × 3 ÷ 4", "none"),
        ("½ ² ①", "none"),
        ("The product is 1 × 2 × 3 × 4 × 5.", "en"),
        ("It is 5 µm wide at 25 ºC.", "en"),
        ("コーヒーを飲む", "ja"),
    ],
)
def test_every_letter_counts_for_some_script(text: str, language: str) -> None:
    assert detect(text) == [language]


@pytest.mark.parametrize(
    "text", [FRENCH, "안녕하세요, 반갑습니다", "ベジタブル", "ＨＥＬＬＯ 你好世界", "Ελληνικά γράμματα"]
)
def test_the_form_in_which_a_text_is_stored_makes_no_difference(text: str) -> None:
    forms = {detect(unicodedata.normalize(form, text))[0] for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len(forms) == 1
    assert forms.isdisjoint({"none"})


def test_french_is_another_language_in_either_form() -> None:
    assert detect(FRENCH, unicodedata.normalize("NFD", FRENCH)) == ["other", "other"]


def test_without_letters_is_what_has_no_letter_and_nothing_else() -> None:
    """All that is a letter or a sign since Unicode 3.2, which every library knows, each as a text of its own."""
    known = [chr(code) for code in range(0x20, 0x20000) if not 0xD800 <= code < 0xE000]
    kinds = {char: unicodedata.ucd_3_2_0.category(char)[0] + unicodedata.category(char)[0] for char in known}
    letters = [char for char in known if kinds[char] == "LL"]
    signs = [char for char in known if kinds[char] in ("PP", "ZZ")]
    assert len(letters) > 40_000
    assert "none" not in detect(*letters)
    assert len(signs) > 80
    assert set(detect(*signs)) == {"none"}
