"""Taxonomies as they are shipped and as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from diversity.errors import UsageError
from diversity.taxonomies import SHIPPED, open_taxonomies, read_taxonomy
from diversity.text.words import squash

ROOT = Path(__file__).parents[2]


def write(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("taxonomy", open_taxonomies("instructgpt"), ids=lambda one: one.name)
def test_shipped_items_have_both_names_and_say_what_they_are(taxonomy):
    assert len({one.id for one in taxonomy.items}) == len(taxonomy.items) >= 9
    for item in taxonomy.items:
        assert item.zh
        assert item.en
        assert not any("\u4e00" <= char <= "\u9fff" for char in item.en + item.description_en)
        assert any("\u4e00" <= char <= "\u9fff" for char in item.description_zh)


@pytest.mark.parametrize("taxonomy", open_taxonomies("instructgpt"), ids=lambda one: one.name)
def test_no_shipped_name_means_two_items_of_one_level(taxonomy):
    for parents in (True, False):
        level = [one for one in taxonomy.items if (one.parent is None) == parents]
        names = [(squash(text), one.id) for one in level for text in {one.zh, one.en, *one.aliases}]
        by_name: dict[str, set[str]] = {}
        for name, item in names:
            by_name.setdefault(name, set()).add(item)
        assert {name: items for name, items in by_name.items() if len(items) > 1} == {}


def test_the_chosen_one_comes_first():
    assert open_taxonomies("nlp_tasks")[0].name == "nlp_tasks"
    assert {one.name for one in open_taxonomies("assistant_zh")} == set(SHIPPED)


def test_the_example_of_ones_own_is_read():
    own, *rest = open_taxonomies(str(ROOT / "sample_data" / "taxonomy.yaml"))
    assert [one.zh for one in own.items][:2] == ["对春联", "猜灯谜"]
    assert [one.name for one in rest] == list(SHIPPED)


def test_a_name_is_enough(tmp_path: Path):
    own = read_taxonomy(write(tmp_path, "items:\n  - 猜灯谜\n  - {en: Sales, items: [calls, 2024]}\n"))
    assert own.name == "own"
    assert [(one.id, one.parent, one.zh, one.en) for one in own.items] == [
        ("猜灯谜", None, "猜灯谜", "猜灯谜"),
        ("Sales", None, "Sales", "Sales"),
        ("Sales.calls", "Sales", "calls", "calls"),
        ("Sales.2024", "Sales", "2024", "2024"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2",
        "items: []",
        "items: {a: b}",
        "items: [{aliases: [x]}]",
        "items: [{zh: a, aliases: b}]",
        "items: [a, a]",
        "items: [{zh: a, items: [{zh: b, items: [c]}]}]",
        "name: instructgpt\nitems: [a]",
        "items: [" + ", ".join(f"i{n}" for n in range(2001)) + "]",
        "a: &a ["
        + ", ".join(f"i{n}" for n in range(900))
        + "]\nitems: ["
        + ", ".join(f"{{zh: g{n}, items: *a}}" for n in range(900))
        + "]",
        "items: [!!python/object/apply:os.getcwd []]",
    ],
)
def test_what_is_no_taxonomy_is_named(tmp_path: Path, text: str):
    with pytest.raises(UsageError, match=r"own\.yaml"):
        open_taxonomies(str(write(tmp_path, text)))


def test_what_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(UsageError, match="instructgpt, nlp_tasks, assistant_zh"):
        open_taxonomies("no_such")
    with pytest.raises(UsageError, match="cannot be read"):
        open_taxonomies(str(tmp_path / "none.yaml"))
