"""Reference lists of what a model should have seen, shipped ones and the user's own, and how a data set's labels fall
into them."""

from __future__ import annotations

from diversity.taxonomies.coverage import Coverage, ItemCoverage, cover
from diversity.taxonomies.mapping import Key, Label, Match, match_labels, with_edits
from diversity.taxonomies.reference import (
    Edits,
    Reference,
    edits_folder,
    open_reference,
    read_edits,
    save_edits,
    set_aside,
)
from diversity.taxonomies.taxonomy import SHIPPED, Item, Taxonomy, open_taxonomies, read_taxonomy

__all__ = [
    "SHIPPED",
    "Coverage",
    "Edits",
    "Item",
    "ItemCoverage",
    "Key",
    "Label",
    "Match",
    "Reference",
    "Taxonomy",
    "cover",
    "edits_folder",
    "match_labels",
    "open_reference",
    "open_taxonomies",
    "read_edits",
    "read_taxonomy",
    "save_edits",
    "set_aside",
    "with_edits",
]
