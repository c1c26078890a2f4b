"""Both languages say everything, with the same numbers, and figures look as a reader expects."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from diversity.ui.i18n import LANGUAGES, browser_language, catalogue, count, figure, number, percent, translate
from diversity.words.catalogue import share

ROOT = Path(__file__).parents[2]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def used_keys() -> set[str]:
    """Keys given as plain literals to the functions that look them up."""
    found = set()
    for path in [
        *ROOT.glob("src/diversity/ui/*.py"),
        *ROOT.glob("src/diversity/words/*.py"),
        ROOT / "src/diversity/cli.py",
        *ROOT.glob("pages/*/*.py"),
        ROOT / "app.py",
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("t", "t_or")
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_both_languages_have_the_same_keys():
    assert catalogue("zh").keys() == catalogue("en").keys()


def test_every_key_in_the_code_is_in_the_catalogue():
    used = used_keys()
    assert len(used) > 50
    assert used <= catalogue("en").keys()


@pytest.mark.parametrize("key", sorted(catalogue("en")))
def test_a_string_uses_the_same_numbers_in_both_languages_or_fewer_in_none(key: str):
    chinese, english = fields(catalogue("zh")[key]), fields(catalogue("en")[key])
    assert "" not in chinese | english
    if not key.startswith("check."):
        assert chinese == english


def test_chinese_strings_are_chinese_and_english_ones_are_not():
    han = re.compile(r"[\u4e00-\u9fff]")
    assert not [key for key, text in catalogue("en").items() if han.search(text)]
    # Short labels such as "prompt" or "{n} token" are said in Latin letters in Chinese, too.
    english = catalogue("en")

    def bare(text: str) -> str:
        return re.sub(r"\{.*?\}", "", text)

    latin = [
        key for key, text in catalogue("zh").items() if not han.search(text + key) and len(bare(english[key])) > 40
    ]
    assert latin == []


def test_every_check_has_its_words():
    names = {key.split(".")[1] for key in catalogue("en") if key.startswith("check.") and key.count(".") > 1} - {"any"}
    for name in names:
        for part in ("title", "page", "why", "pass", "warn", "fail"):
            assert f"check.{name}.{part}" in catalogue("en")


def test_a_page_named_by_a_check_has_a_title():
    pages = {text for key, text in catalogue("en").items() if key.startswith("check.") and key.endswith(".page")}
    assert {f"page.{page}.title" for page in pages} <= catalogue("en").keys()


def test_missing_key_and_missing_number_are_errors_when_strict(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIVERSITY_STRICT_CATALOGUE", "1")
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        translate("en", "no.such.key")
    with pytest.raises(KeyError, match=r"browse\.found"):
        translate("en", "browse.found", n=1)


def test_missing_key_is_shown_as_it_is_in_production(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DIVERSITY_STRICT_CATALOGUE", raising=False)
    assert translate("en", "no.such.key") == "no.such.key"


def test_numbers_in_sentences():
    assert translate("en", "browse.found", n=1234, total=52002) == "1,234 of 52,002 records"
    assert translate("zh", "browse.found", n=1234, total=52002) == "共 52,002 条，符合条件的有 1,234 条"
    assert translate("en", "aside.verdict", n=1, read=8, ratio=0.125) == "1 row of 8 set aside (12.5%)."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (0.123, "0.12"),
        (0.0437, "0.044"),
        (-0.0012, "−0.0012"),
        (-1.5, "−1.50"),
        (-4321, "−4,321"),
        (0.0, "0.00"),
        (-0.00001, "0.00"),
        (12.34, "12.3"),
        (123.4, "123"),
        (40.0, "40"),
        (float("nan"), "–"),
    ],
)
def test_number(value: float, text: str):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(6.0, "6"), (4.5, "4.5"), (0.0, "0"), (36.5, "36"), (1234.0, "1,234"), (7, "7"), (3.25, "3"), (5.1, "5")],
)
def test_a_quantile_of_counts_has_no_decimals_but_a_half(value: float, text: str):
    assert count(value) == text
    assert text in translate("en", "chart.median", median=value)


@pytest.mark.parametrize(
    ("ratio", "text"), [(0.0934, "9.3%"), (1, "100.0%"), (0, "0.0%"), (-0.0002, "0.0%"), (None, "–")]
)
def test_percent(ratio: float | None, text: str):
    assert percent(ratio) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.0934, "9.3%"), (0, "0.0%"), (1.0, "100.0%"), (0.0004, "0.04%"), (1 / 52002, "0.002%"), (0.99999, "99.999%")],
)
def test_a_share_reads_as_none_or_all_only_where_it_is(ratio: float, text: str):
    assert share(ratio) == text
    assert text in translate("zh", "wording.verbs_explained", share=ratio)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_list_is_joined_as_the_language_does(language: str):
    said = translate(
        language, "check.taxonomy_coverage.next.collect", absent_count=2, absent_zh=["A", "B"], absent_en=["A", "B"]
    )
    assert {"zh": "A、B", "en": "A, B"}[language] in said


def test_a_sentence_for_what_there_is_none_of_stands_beside_an_ordinary_one():
    metrics = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("src/diversity/metrics/*.py"))
    forms = [key.rsplit(".no_", 1) for key in catalogue("en") if key.startswith("check.") and ".no_" in key]
    assert len(forms) > 20
    for ordinary, name in forms:
        assert ordinary in catalogue("en")
        assert f'"{name}"' in metrics


def test_decimals_that_stay():
    assert [translate("en", "chart.wordings_in", expected=x, draw=10) for x in (10.0, 9.99, -0.01)] == [
        "10.0 in 10",
        "10.0 in 10",
        "0.0 in 10",
    ]
    assert translate("en", "unit.distance", n=-0.6) == "−0.600"


def test_figure_by_unit():
    assert figure(0.5, "ratio") == "50.0%"
    assert figure(None, "ratio") == "–"
    assert figure(3.0, "count") == "3"
    assert figure(2.5, "score") == "2.50"
    assert figure(0.2282, "distance") == "0.228"


@pytest.mark.parametrize(
    ("locale", "language"), [("zh-CN", "zh"), ("ZH", "zh"), (None, "zh"), ("en-GB", "en"), ("de", "en")]
)
def test_browser_language(locale: str | None, language: str):
    assert browser_language(locale) == language
    assert language in LANGUAGES


def test_every_check_that_is_held_has_its_words():
    from diversity.metrics import discover

    held = {spec.name for metric in discover() for spec in metric.checks} | {"rows_set_aside"}
    keys = {f"check.{name}.{part}" for name in held for part in ("title", "page", "why", "pass", "warn", "fail")}
    assert len(held) >= 10
    assert keys <= catalogue("en").keys()
