"""Task types of the rows that a version set aside: what seems to have gone may only have lost its answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from diversity.comparison.task_types import Levels, TypeCount
from diversity.normalize.fields import reach
from diversity.normalize.task_types import LongLabel, WrongLabel, levels_of
from diversity.stored_report import StoredReport

TABLE = "set_aside"


def with_set_aside(types: Sequence[TypeCount], other: StoredReport) -> list[TypeCount]:
    """The types with the rows that the `other` version, which has no record of them, set aside under their names.

    Rows are read as JSON with the fields that the records' types were found in; what is no JSON is not counted.
    """
    if not types or not other.has_table(TABLE):
        return list(types)
    found = Counter(levels[:depth] for levels in _levels(other) for depth in range(1, len(levels) + 1))
    return [one.model_copy(update={"set_aside": found[one.levels]}) for one in types]


def _levels(stored: StoredReport) -> Iterator[Levels]:
    fields = stored.report.intake.field_map
    names = [fields[name] for name in ("task_type", "task_type_1", "task_type_2") if name in fields]
    for raw in stored.table(TABLE, ["raw"])["raw"]:
        try:
            row = json.loads(raw)
            values = [reach(row, name) for name in names] if isinstance(row, dict) else []
            # Of two columns each is one level, whatever signs stand in it.
            yield tuple(level for value in values for level in levels_of(value, "" if len(names) > 1 else None))
        except (ValueError, RecursionError, WrongLabel, LongLabel):
            continue
