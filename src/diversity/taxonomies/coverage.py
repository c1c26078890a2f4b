"""How far a data set's labels cover a taxonomy: a pure function, for the analysis and for a page that edits the
mapping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from diversity.report import Frozen
from diversity.taxonomies.mapping import Label
from diversity.taxonomies.taxonomy import Item, Taxonomy

Status = Literal["enough", "thin", "absent", "divided", "undivided"]


class ItemCoverage(Frozen):
    """An item and how many records fall under it, those of its own items included.

    `divided`: of level 1, judged by its own items. `undivided`: under an item whose records the labels do not divide,
    so that one is judged in place of these.
    """

    item: str
    records: int
    status: Status


class Coverage(Frozen):
    """`share` of the judged items that have records; `mapped` the share of labelled records that fall under an item;
    `unmapped` the labels that fall under none, most frequent first, as (level 1, level 2, records)."""

    items: tuple[ItemCoverage, ...]
    share: float
    mapped: float
    unmapped: tuple[tuple[str, str | None, int], ...]

    def of(self, *status: Status) -> list[str]:
        """Ids of the items of that status, in the taxonomy's order."""
        return [one.item for one in self.items if one.status in status]


def cover(taxonomy: Taxonomy, labels: Sequence[Label], items: Sequence[str | None], minimum: int) -> Coverage:
    """What labels cover that stand for `items` (one each, None for nothing); under `minimum` records an item is thin.

    Judged are the items that have none under them. Where labels name only the level-1 item, that one is judged instead:
    a set labelled `translation` cannot say which directions it holds.
    """
    own = dict.fromkeys((one.id for one in taxonomy.items), 0)
    for label, item in zip(labels, items, strict=True):
        if item in own:
            own[item] += label.records
    found = [one for top in taxonomy.children(None) for one in _covered(top, taxonomy.children(top.id), own, minimum)]
    judged = [one for one in found if one.status not in ("divided", "undivided")]
    lost = [label for label, item in zip(labels, items, strict=True) if item not in own]
    total = sum(label.records for label in labels)
    return Coverage(
        items=tuple(found),
        share=sum(one.status != "absent" for one in judged) / len(judged),
        mapped=1 - sum(label.records for label in lost) / total if total else 0.0,
        unmapped=tuple(
            (label.first, label.second, label.records)
            for label in sorted(lost, key=lambda one: (-one.records, one.first, one.second or ""))
        ),
    )


def _covered(top: Item, below: list[Item], own: dict[str, int], minimum: int) -> list[ItemCoverage]:
    total = own[top.id] + sum(own[one.id] for one in below)
    divided = bool(below) and (own[top.id] == 0 or total > own[top.id])
    head = ItemCoverage(item=top.id, records=total, status="divided" if divided else _status(total, minimum))
    rest = [
        ItemCoverage(item=one.id, records=own[one.id], status=_status(own[one.id], minimum) if divided else "undivided")
        for one in below
    ]
    return [head, *rest]


def _status(records: int, minimum: int) -> Status:
    return "absent" if records == 0 else "thin" if records < minimum else "enough"
