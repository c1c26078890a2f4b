"""A comparison in sentences: rows and records, types and regions that came and went, figures and checks."""

from __future__ import annotations

import math

from diversity.checks import ROWS_CHECK
from diversity.comparison import Comparison
from diversity.comparison.deltas import COUNTED, MetricDelta
from diversity.comparison.regions import Region
from diversity.comparison.task_types import TypeCount
from diversity.comparison.turns import CheckChange
from diversity.report import Rows
from diversity.words.catalogue import number
from diversity.words.language import figure, one_line, t, t_or

TYPES_NAMED = 8
# A point of the rows set aside: what the check of them lets pass is ordinary, and so is a change by it.
NOTABLE = 0.01


def shown_verdict(delta: MetricDelta) -> str:
    """The verdict, but `same` where both versions read the same: nobody believes a loss that cannot be seen; and
    `with_length` where lengths alone may have moved the figure."""
    alike = delta.change is not None and short(delta.before, delta.unit) == short(delta.after, delta.unit)
    if alike and delta.verdict != "unknown":
        return "same"
    return "with_length" if delta.length_drift else delta.verdict


def edits_sentence(found: Comparison) -> str | None:
    """Edited records by what changed about them; None where none was edited."""
    counts = [(part, n) for part, n in found.edits.model_dump().items() if n]
    if not counts:
        return None
    said = t("versions.comma").join(t("versions.edits_one", part=t(f"versions.edit.{part}"), n=n) for part, n in counts)
    several = sum(n for _, n in counts) > found.records.edited
    return t("versions.edits", what=said) + (t("versions.edits_several") if several else "")


def rows_sentence(found: Comparison) -> str | None:
    """How the rows set aside changed, where that is notable and no check that turned says it."""
    change = _set_aside_change(found)
    if found.rows is None or abs(change) < NOTABLE or any(check.check == ROWS_CHECK for check in turned_checks(found)):
        return None
    before, after = found.rows
    return t(
        "versions.set_aside_more" if change > 0 else "versions.set_aside_less",
        before=_share(before),
        after=_share(after),
        rows_before=before.set_aside,
        rows_after=after.set_aside,
        read_before=before.read,
        read_after=after.read,
    )


def _set_aside_change(found: Comparison) -> float:
    return _share(found.rows[1]) - _share(found.rows[0]) if found.rows else 0.0


def _share(rows: Rows) -> float:
    return rows.set_aside / rows.read if rows.read else 0.0


def type_sentences(found: Comparison) -> list[str]:
    """Task types that vanished, that are new, and whose records have another label; and where more rows were set aside
    and nobody knows of which type, that those are not counted."""
    changes = found.type_changes
    bare = unlabelled(found)
    if bare is not None:
        return [t("versions.types_unlabelled", version=bare)]
    moved = [
        t("versions.type_moved", before=type_name(one.before), after=type_name(one.after), n=one.records)
        for one in changes.relabelled
    ]
    lists = (
        ("vanished", [_type_count(one, gone=True) for one in changes.vanished], changes.vanished_total),
        ("new", [_type_count(one, gone=False) for one in changes.new], changes.new_total),
        ("relabelled", moved, len(moved)),
    )
    said = [t(f"versions.types_{name}", what=_listed(said, total)) for name, said, total in lists if said]
    known = any(one.set_aside for one in changes.vanished)
    unsure = changes.vanished and not known and _set_aside_change(found) >= NOTABLE
    return [*said, t("versions.types_uncounted")] if unsure else said


def unlabelled(found: Comparison) -> str | None:
    """The version that has no task types where the other has, None otherwise."""
    labelled = [any(counts[side] for counts in found.task_types.values()) for side in (0, 1)]
    if labelled[0] == labelled[1]:
        return None
    return found.after if labelled[0] else found.before


def _type_count(one: TypeCount, *, gone: bool) -> str:
    before, after = (one.records, 0) if gone else (0, one.records)
    key = "versions.type_count" if not one.set_aside else f"versions.type_{'left' if gone else 'came'}_aside"
    return t(key, name=type_name(one.levels), before=before, after=after, n=one.set_aside)


def _listed(said: list[str], total: int) -> str:
    more = total - TYPES_NAMED
    names = t("versions.comma").join(said[:TYPES_NAMED])
    return names + t("versions.types_more", n=more) if more > 0 else names


def type_name(levels: tuple[str, ...]) -> str:
    """A task type on all its levels, on one line."""
    return one_line("-".join(levels), 60)


def delta_name(delta: MetricDelta, nameless: str | None = None) -> str:
    """A figure's name in plain words; where it has none `nameless`, or the metric's own name."""
    specific = f"versions.figure.{delta.metric}.{delta.field}"
    plain = nameless or delta.metric.replace("_", " ")
    name = t_or(specific, t_or(f"versions.figure.{delta.metric}", plain, **delta.params), **delta.params)
    codes = ".".join(value for value in delta.params.values() if isinstance(value, str))
    name = t_or(f"versions.figure.{delta.metric}.{codes}", name, **delta.params)
    level = delta.params.get("level")
    return name if level in (None, 1) or name == nameless else t("versions.level", name=name, level=int(level))


def signed(value: float | None, unit: str) -> str:
    """A change with its sign; of a ratio in percentage points."""
    if value is None:
        return "–"
    size = t("versions.points", n=abs(value) * 100) if unit == "ratio" else number(abs(value))
    # What is too small to be read has no direction.
    seen = any(digit in "123456789" for digit in size)
    return f"{('+' if value > 0 else '−') if seen else '±'}{size}"


def interval_words(delta: MetricDelta) -> str:
    """The interval of a change, of a ratio in percentage points; or that there is none."""
    if delta.interval is None:
        return (
            "–"
            if delta.change is None
            else t("versions.counted" if delta.reason == COUNTED else "versions.no_interval")
        )
    scale = 100 if delta.unit == "ratio" else 1
    low, high = _edges(*(edge * scale for edge in delta.interval))
    return t("versions.interval", low=low, high=high) if low != high else t("versions.interval_constant", at=low)


def _edges(*edges: float) -> list[str]:
    """Both with the decimals of the larger, and with a sign however small: it tells whether 0 lies between them."""
    # A whole number has none by itself.
    largest = math.nextafter(max(map(abs, edges)), math.inf)
    decimals = len(number(largest).partition(".")[2])
    return [f"{'+' if edge > 0 else '−' if edge < 0 else '±'}{abs(edge):,.{decimals}f}" for edge in edges]


def short(value: float | None, unit: str) -> str:
    """A figure with its unit; effects and scores bare."""
    return figure(value, unit)


def region_sentences(found: Comparison) -> list[str]:
    """The region of prompts whose share rose most, and the one whose share fell most; and where that is the work of
    other regions alone, that none of its own texts came or went."""
    moved = [region for region in found.regions if region.field == "prompt"]
    largest = (next((region for region in moved if region.moved == kind), None) for kind in ("gained", "lost"))
    return [
        t(
            f"drift.summary_{region.moved}" if _own(region) else f"drift.summary_{region.moved}_alone",
            name=one_line(region.name, 60),
            before=region.before,
            after=region.after,
        )
        for region in largest
        if region is not None
    ]


def _own(region: Region) -> int:
    return region.only_after if region.moved == "gained" else region.only_before


def changed_checks(found: Comparison) -> list[CheckChange]:
    """Checks whose outcome is better or worse than it was, beyond chance."""
    return [check for check in found.checks if check.verdict in ("better", "worse")]


def turned_checks(found: Comparison) -> list[CheckChange]:
    """Those and the checks whose outcome turned as it may have by chance, which come last."""
    return [*changed_checks(found), *(check for check in found.checks if check.verdict == "unclear")]


def check_title(check: CheckChange) -> str:
    """A check by the name that pages have for it."""
    return t_or(f"check.{check.check}.title", check.check.replace("_", " "))


def change_sentence(check: CheckChange) -> str:
    """How a check's outcome and figure moved, and where that says nothing; and where other records may have made it
    turn, that they did."""
    said = t(
        "versions.check_unclear" if check.verdict == "unclear" else "versions.check_moved",
        title=check_title(check),
        before=t(f"outcome.{check.before}"),
        after=t(f"outcome.{check.after}"),
        first=short(check.value_before, check.unit),
        second=short(check.value_after, check.unit),
    )
    return said + t("versions.remeasured", n=check.remeasured) if check.remeasured else said
