"""Names of data sets and versions as folders, and back."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import quote, unquote

from diversity.errors import UsageError
from diversity.text.names import HALF, valid_name

LONGEST_NAME = 80


def folder_name(name: str) -> str:
    """A name as one safe path component: letters of any script, digits and `._-` stay, the rest is percent-encoded.

    Raises:
        UsageError: the name is blank, or holds half a character, which no file could keep.
    """
    if not name.strip():
        raise UsageError("A data set or version needs a name that is not blank.", "blank_name")
    if HALF.search(name):
        shown = valid_name(name)
        raise UsageError(
            f"The name {shown} is not valid Unicode (its bytes are not UTF-8). Choose another name.",
            "half_character",
            name=shown,
        )
    safe = "".join(
        char if char.isalnum() or char in "._-" else quote(char, safe="", errors="replace").replace("~", "%7E")
        for char in name
    )
    if safe.startswith("."):
        safe = "%2E" + safe[1:]
    if len(safe.encode()) > LONGEST_NAME:
        safe = (
            safe.encode()[: LONGEST_NAME - 17].decode(errors="ignore")
            + "-"
            + hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).hexdigest()
        )
    return safe


def names_of(path: Path) -> tuple[str, str]:
    """Data set and version of a report folder, as far as its name has kept them."""
    return unquote(path.parent.name), unquote(path.name)
