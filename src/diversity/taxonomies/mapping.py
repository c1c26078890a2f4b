"""Which item of a taxonomy a data set's label stands for: by name, by alias, or because the two are alike.

Names and aliases are compared without case, width, punctuation and spacing. What none of them settles may still be told
by an item's name inside the label, or by where the embedder puts both; these are suggestions, marked as such, for a
person to confirm or change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diversity.taxonomies.taxonomy import Item, Taxonomy
from diversity.text.scripts import WIDE
from diversity.text.words import squash

Origin = Literal["exact", "alias", "similar", "edited", "none"]
Key = tuple[str, str | None]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]

# A cosine seen from where the embedder puts unrelated sentences, chosen on one half of the labels in
# tests/golden/taxonomy_labels.jsonl; an item whose name the label holds needs no cosine, and is ahead of others by so
# much.
SIMILAR, HELD = 0.7, 0.15
_HAN = re.compile(f"[{WIDE}]")


@dataclass(frozen=True, slots=True)
class Label:
    """A task type of the data set and how many records have it; `second` None for one level."""

    first: str
    second: str | None
    records: int

    @property
    def key(self) -> Key:
        """What edits are kept by."""
        return self.first, self.second


@dataclass(frozen=True, slots=True)
class Match:
    """The item (its id, None for none) that a label stands for, where that comes from, and a cosine for `similar`."""

    item: str | None
    origin: Origin
    score: float | None = None


NOTHING = Match(None, "none")


def match_labels(taxonomy: Taxonomy, labels: Sequence[Label], embed: Embed | None, most: int) -> list[Match]:
    """One match a label.

    Args:
        embed: texts → (n, d) unit rows seen from the embedder's zero point; None leaves likeness to the words alone.
        most: of the labels that no name settles so many are looked at, the largest first.
    """
    names = _Names(taxonomy)
    found = [names.match(label) for label in labels]
    unsettled = [at for at, match in enumerate(found) if match is NOTHING or _wants_more(taxonomy, labels[at], match)]
    unsettled.sort(key=lambda at: (-labels[at].records, labels[at].first, labels[at].second or ""))
    looked_at = unsettled[:most]
    pairs = [(labels[at], found[at].item) for at in looked_at]
    for at, match in zip(looked_at, _alike(taxonomy, pairs, embed), strict=True):
        found[at] = match or found[at]
    return found


def with_edits(
    taxonomy: Taxonomy, labels: Sequence[Label], matches: Sequence[Match], edits: Mapping[Key, str | None]
) -> list[Match]:
    """The matches with what people have settled put over them; an item that the taxonomy has no longer is passed
    over."""
    known = {None, *(one.id for one in taxonomy.items)}
    settled = [edits.get(label.key, "") for label in labels]
    return [
        Match(item, "edited") if label.key in edits and item in known else match
        for label, match, item in zip(labels, matches, settled, strict=True)
    ]


def _wants_more(taxonomy: Taxonomy, label: Label, match: Match) -> bool:
    """Whether a label of two levels was only matched to an item that has others under it."""
    return label.second is not None and any(one.parent == match.item for one in taxonomy.items)


class _Names:
    """The names of a taxonomy's items, folded; level 1 comes before level 2."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._parent = {one.id: one.parent for one in taxonomy.items}
        self._by_origin: dict[Origin, dict[str, list[str]]] = {"exact": {}, "alias": {}}
        for item in sorted(taxonomy.items, key=lambda one: one.parent is not None):
            for text in (item.zh, item.en):
                self._by_origin["exact"].setdefault(squash(text), []).append(item.id)
            for text in item.aliases:
                self._by_origin["alias"].setdefault(squash(text), []).append(item.id)

    def match(self, label: Label) -> Match:
        """By the label's second level under its first one's item, by the second level anywhere, by the first level."""
        first = self._find(label.first)
        if label.second is None:
            return first or NOTHING
        under = self._find(label.second, first.item) if first else None
        return under or self._find(label.second) or first or NOTHING

    def _find(self, text: str, under: str | None = None) -> Match | None:
        key = squash(text)
        for origin, names in self._by_origin.items():
            for item in names.get(key, []) if key else []:
                if under is None or self._parent[item] == under:
                    return Match(item, origin)
        return None


def _alike(taxonomy: Taxonomy, labels: Sequence[tuple[Label, str | None]], embed: Embed | None) -> list[Match | None]:
    """The likeliest item of each label, under the level-1 item given with it: one whose name it holds or that is near
    enough, None otherwise."""
    if not labels:
        return []
    names = [(text, item) for item in taxonomy.items for text in dict.fromkeys((item.zh, item.en, *item.aliases))]
    asked = [label.second or label.first for label, _ in labels]
    cosine = np.zeros((len(asked), len(names)), np.float32)
    if embed is not None:
        vectors = embed([*asked, *(text for text, _ in names)])
        cosine = vectors[: len(asked)] @ vectors[len(asked) :].T
    folded = [squash(text) for text, _ in names]
    held = np.array([[holds(whole, part) for part in folded] for whole in map(squash, asked)])
    allowed = np.array([[_within(item, group) for _, item in names] for _, group in labels])
    good = np.where(allowed, cosine + HELD * held, -np.inf)
    # Of names that the label holds and nothing else tells apart, the longest says most.
    length = np.array([len(text) for text, _ in names])
    best = np.argmax(good + 1e-4 * held * length, axis=1)
    rows = np.arange(len(asked))
    near = allowed[rows, best] & (held[rows, best] | (cosine[rows, best] >= SIMILAR))
    return [
        Match(names[place][1].id, "similar", round(float(score), 3) if embed is not None else None) if enough else None
        for place, score, enough in zip(best.tolist(), cosine[rows, best].tolist(), near.tolist(), strict=True)
    ]


def _within(item: Item, group: str | None) -> bool:
    return group is None or item.parent == group


def holds(label: str, name: str) -> bool:
    """Whether a label has an item's name in it, both folded: two or more Chinese characters anywhere, words of spaced
    scripts whole."""
    if len(name) < 2 or name not in label:
        return False
    return bool(_HAN.search(name)) or f" {name} " in f" {label} "
