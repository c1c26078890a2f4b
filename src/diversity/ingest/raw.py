"""A row's own text."""

from __future__ import annotations

import json

from diversity.readers import Row


def raw_of(row: Row) -> bytes | str:
    """The row as it stands in its file; as JSON where the format has no text of its own."""
    return row.text if row.text is not None else json.dumps(dict(row.value), ensure_ascii=False, default=repr)
