"""How far labels cover a taxonomy: cases computed by hand, and what must hold for any."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from diversity.taxonomies import Item, Label, Taxonomy, cover

TAXONOMY = Taxonomy(
    name="t",
    title_zh="体系",
    title_en="t",
    items=tuple(
        Item(id=key, parent=parent, zh=key, en=key)
        for key, parent in (("a", None), ("a.x", "a"), ("a.y", "a"), ("b", None), ("c", None))
    ),
)
IDS = [one.id for one in TAXONOMY.items]


def covered(*pairs: tuple[str | None, int]):
    labels = [Label(f"label{at}", None, records) for at, (_, records) in enumerate(pairs)]
    return cover(TAXONOMY, labels, [item for item, _ in pairs], 10)


def test_a_case_by_hand():
    found = covered(("a.x", 12), ("b", 3), (None, 5))
    assert {one.item: (one.records, one.status) for one in found.items} == {
        "a": (12, "divided"),
        "a.x": (12, "enough"),
        "a.y": (0, "absent"),
        "b": (3, "thin"),
        "c": (0, "absent"),
    }
    assert found.share == 2 / 4
    assert found.mapped == 15 / 20
    assert found.unmapped == (("label2", None, 5),)


def test_a_group_that_labels_do_not_divide_is_one_item():
    found = covered(("a", 30))
    assert found.of("undivided") == ["a.x", "a.y"]
    assert found.of("enough") == ["a"]
    assert found.share == 1 / 3


def test_a_group_with_both_kinds_of_labels_is_judged_by_its_items():
    found = covered(("a", 30), ("a.y", 1))
    assert {one.item: (one.records, one.status) for one in found.items if one.item.startswith("a")} == {
        "a": (31, "divided"),
        "a.x": (0, "absent"),
        "a.y": (1, "thin"),
    }


def test_no_labels_cover_nothing():
    found = covered()
    assert (found.share, found.mapped, found.unmapped) == (0.0, 0.0, ())


@given(st.lists(st.tuples(st.sampled_from([*IDS, None, "unknown"]), st.integers(1, 50)), max_size=8))
def test_shares_are_shares_and_more_labels_of_a_leaf_never_cover_less(pairs):
    found = covered(*pairs)
    assert 0 <= found.share <= 1
    assert 0 <= found.mapped <= 1
    assert covered(*reversed(pairs)).items == found.items
    more = covered(*pairs, ("c", 1))
    assert more.share >= found.share
