"""The task type of a row: from which of its fields, and what levels they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diversity.normalize.failure import Failure
from diversity.normalize.fields import TASK_PAIRS, folded, reach
from diversity.normalize.plan import Plan
from diversity.normalize.task_types import LongLabel, WrongLabel, levels_of
from diversity.readers.parse import kind_of

MAX_LABELS = 4096


class Labels:
    """Reads task types. `fields` are those that the user named, where the user did; `separator`: see `levels_of`."""

    def __init__(self, mapped: Mapping[str, str], named: str | Sequence[str] | None, separator: str | None) -> None:
        self.fields = _task_fields(mapped, named)
        self._separator = separator
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, row: Mapping[str, Any], plan: Plan, faults: list[Failure]) -> tuple[str, ...]:
        """The levels of a row's task type, () where it has none.

        A text too long for a label is none, and a fault beside the row, which is kept: the user learns that the field
        does not look like a task type, and loses nothing else. Raises Failure for a value of another kind, in a field
        that the user named.
        """
        separator = self._separator if self._separator is not None or len(plan.task) == 1 else ""
        levels: list[str] = []
        for name in plan.task:
            value = reach(row, name)
            found: tuple[str, ...] = ()
            try:
                found = self._levels(value, separator) if isinstance(value, str) else levels_of(value, separator)
            except WrongLabel:
                if self.fields:
                    raise Failure("wrong_type", f"{name}: {kind_of(value)}") from None
            except LongLabel as label:
                faults.append(Failure("long_label", f"{name}: {label.length} characters"))
            if not found:
                # What stands below a blank level has nothing to be part of.
                break
            levels += found
        return tuple(levels)

    def _levels(self, label: str, separator: str | None) -> tuple[str, ...]:
        """`levels_of`, remembered: a set has few labels."""
        found = self._known.get(label)
        if found is None:
            if len(self._known) >= MAX_LABELS:
                self._known.clear()
            found = self._known[label] = levels_of(label, separator)
        return found


def half_pair(whole: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[str, ...]:
    """The two columns of a task type of which `row`, `whole` without its nulls, has only one; else nothing."""
    present: dict[str, str] = {}
    for name in whole:
        if isinstance(name, str):
            present.setdefault(folded(name), name)
    pairs = (tuple(present[name] for name in pair) for pair in TASK_PAIRS if all(name in present for name in pair))
    used = next((pair for pair in pairs if any(name in row for name in pair)), ())
    return used if any(name not in row for name in used) else ()


def _task_fields(mapped: Mapping[str, str], named: str | Sequence[str] | None) -> tuple[str, ...]:
    names = [named] if isinstance(named, str) else list(named or ())
    if not names and "task_type" in mapped:
        names = [mapped["task_type"]]
    if not names:
        names = [mapped[name] for name in ("task_type_1", "task_type_2") if name in mapped]
    return tuple(part.strip() for name in names for part in name.split(",") if part.strip())
