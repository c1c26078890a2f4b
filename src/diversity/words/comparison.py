"""A comparison in sentences: what got better or worse, how drifts are called, which regions came and went."""

from __future__ import annotations

from collections import Counter

from diversity.comparison import Comparison
from diversity.comparison.deltas import COUNTED, MetricDelta
from diversity.comparison.drift import Drift
from diversity.comparison.exchange import SMALLEST
from diversity.comparison.task_types import TypeCount
from diversity.comparison.turns import CheckChange
from diversity.words.catalogue import number
from diversity.words.language import figure, one_line, t, t_or

NAMED = 2
TYPES_NAMED = 8
# Figures of fewer rows are not compared; and two distributions of fewer are told apart only when they are farther apart
# than a large drift (Kolmogorov-Smirnov: 0.30 at 5%, an effect of 0.8).
FEWEST = SMALLEST


def summary(found: Comparison) -> str:
    """v2 against v1: +120 −98 ~34 records; better: …; worse: …; 2 checks got worse"""
    r = found.records
    parts = [
        t("versions.summary", after=found.after, before=found.before, added=r.added, removed=r.removed, edited=r.edited)
    ]
    if found.unlike:
        return parts[0] + t("versions.not_judged")
    for verdict in ("better", "worse"):
        moved = [delta for delta in found.metrics if delta.told and shown_verdict(delta) == verdict]
        if moved:
            parts.append(t(f"versions.{verdict}", what=t("versions.comma").join(_moved(one) for one in moved[:NAMED])))
    if len(parts) == 1:
        few = too_few(found)
        parts.append(t("versions.too_few", version=few[0], n=few[1]) if few else t("versions.nothing_moved"))
    turned = Counter(check.verdict for check in changed_checks(found))
    parts += [t(f"versions.checks_{verdict}", n=turned[verdict]) for verdict in ("better", "worse") if turned[verdict]]
    return "".join(parts)


def too_few(found: Comparison) -> tuple[str, int] | None:
    """The smaller version and its records, where they are too few to say that nothing moved; None where no record
    changed, which says it of any number."""
    r = found.records
    if not r.added + r.removed + r.edited:
        return None
    sizes = [(found.before, r.removed + r.edited + r.unchanged), (found.after, r.added + r.edited + r.unchanged)]
    smaller = min(sizes, key=lambda one: one[1])
    return smaller if smaller[1] < FEWEST else None


def _moved(delta: MetricDelta) -> str:
    return t(
        "versions.moved",
        name=delta_name(delta),
        before=short(delta.before, delta.unit),
        after=short(delta.after, delta.unit),
    )


def shown_verdict(delta: MetricDelta) -> str:
    """The verdict, but `same` where both versions read the same: nobody believes a loss that cannot be seen."""
    alike = delta.change is not None and short(delta.before, delta.unit) == short(delta.after, delta.unit)
    return "same" if alike and delta.verdict != "unknown" else delta.verdict


def edits_sentence(found: Comparison) -> str | None:
    """Edited records by what changed about them; None where none was edited."""
    counts = [(part, n) for part, n in found.edits.model_dump().items() if n]
    if not counts:
        return None
    said = t("versions.comma").join(t("versions.edits_one", part=t(f"versions.edit.{part}"), n=n) for part, n in counts)
    several = sum(n for _, n in counts) > found.records.edited
    return t("versions.edits", what=said) + (t("versions.edits_several") if several else "")


def type_sentences(found: Comparison) -> list[str]:
    """Task types that vanished, that are new, and whose records have another label."""
    changes = found.type_changes
    moved = [
        t("versions.type_moved", before=type_name(one.before), after=type_name(one.after), n=one.records)
        for one in changes.relabelled
    ]
    lists = (
        ("vanished", [_type_count(one, gone=True) for one in changes.vanished], changes.vanished_total),
        ("new", [_type_count(one, gone=False) for one in changes.new], changes.new_total),
        ("relabelled", moved, len(moved)),
    )
    return [t(f"versions.types_{name}", what=_listed(said, total)) for name, said, total in lists if said]


def _type_count(one: TypeCount, *, gone: bool) -> str:
    before, after = (one.records, 0) if gone else (0, one.records)
    return t("versions.type_count", name=type_name(one.levels), before=before, after=after)


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
    low, high = (signed(edge * scale, "") for edge in delta.interval)
    return t("versions.interval", low=low, high=high) if low != high else t("versions.interval_constant", at=low)


def short(value: float | None, unit: str) -> str:
    """A figure with its unit; effects and scores bare."""
    return figure(value, unit)


def drift_size(drift: Drift) -> str:
    """The size of a drift, but `unclear` also where so few rows could hardly show one: they prove no sameness."""
    few = drift.size == "none" and drift.changed and drift.sample_size is not None and drift.sample_size < FEWEST
    return "unclear" if few else str(drift.size)


def drift_name(of: str) -> str:
    """What a drift is about, in plain words."""
    table = of.removeprefix("table.")
    return t_or(f"drift.of.{table}", t_or(f"table.{table}", table.replace("_", " ")))


def drift_figures(drift: Drift) -> str:
    """The distances that a drift was measured by, for who knows them."""
    values = {one.name: f"{one.value:.4f}" if one.name == "mmd2" else f"{one.value:.3f}" for one in drift.figures}
    return t(f"drift.figures.{drift.kind}", **values)


def region_sentences(found: Comparison) -> list[str]:
    """The region of prompts that gained most, and the one that lost most."""
    moved = [region for region in found.regions if region.field == "prompt"]
    largest = (next((region for region in moved if region.moved == kind), None) for kind in ("gained", "lost"))
    return [
        t(
            f"drift.summary_{region.moved}",
            name=one_line(region.name, 60),
            before=region.before,
            after=region.after,
        )
        for region in largest
        if region is not None
    ]


def changed_checks(found: Comparison) -> list[CheckChange]:
    """Checks whose outcome is better or worse than it was, beyond chance."""
    return [check for check in found.checks if check.verdict in ("better", "worse")]


def turned_checks(found: Comparison) -> list[CheckChange]:
    """Those and the checks whose outcome turned as it may have by chance, which come last."""
    return [*changed_checks(found), *(check for check in found.checks if check.verdict == "unclear")]


def change_sentence(check: CheckChange) -> str:
    """How a check's outcome and figure moved, and where that says nothing; and where other records may have made it
    turn, that they did."""
    said = t(
        "versions.check_unclear" if check.verdict == "unclear" else "versions.check_moved",
        title=t_or(f"check.{check.check}.title", check.check.replace("_", " ")),
        before=t(f"outcome.{check.before}"),
        after=t(f"outcome.{check.after}"),
        first=short(check.value_before, check.unit),
        second=short(check.value_after, check.unit),
    )
    return said + t("versions.remeasured", n=check.remeasured) if check.remeasured else said
