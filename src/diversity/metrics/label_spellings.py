"""Labels that are one type to a reader and two to a count: `Code`, `code` and `co-de`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

# Signs that part or join words. Between digits they are part of a number.
_JOINTS = re.compile(r"(?<!\d)[\s_\-–—·]+|[\s_\-–—·]+(?!\d)")
GROUPS = 50


def spellings(labels: Iterable[tuple[str | None, str, int]]) -> list[list[tuple[str, int]]]:
    """Groups of labels that differ in upper and lower case, blanks, hyphens or underscores only.

    labels: (the type that a label stands under, None at the first level; its name; its records). The commonest of a
    group stands first, the group with most records first; GROUPS at most.
    """
    alike: dict[tuple[str | None, str], list[tuple[str, int]]] = defaultdict(list)
    for parent, name, records in labels:
        alike[parent, _JOINTS.sub("", name.casefold()) or name].append((name, records))
    groups = [sorted(group, key=lambda one: (-one[1], one[0])) for group in alike.values() if len(group) > 1]
    return sorted(groups, key=lambda group: (-sum(records for _, records in group), group))[:GROUPS]
