"""A comparison in sentences: what got better or worse, what drifted, which regions came and went."""

from __future__ import annotations

from diversity.comparison import Comparison
from diversity.comparison.deltas import MetricDelta
from diversity.comparison.drift import Drift
from diversity.comparison.versions import CheckChange
from diversity.words.language import figure, one_line, t, t_or

NAMED = 2
DRIFTS = 4


def summary(found: Comparison) -> str:
    """v2 against v1: +120 −98 ~34 records; better: …; worse: …"""
    r = found.records
    parts = [
        t("versions.summary", after=found.after, before=found.before, added=r.added, removed=r.removed, edited=r.edited)
    ]
    for verdict in ("better", "worse"):
        moved = [delta for delta in found.metrics if shown_verdict(delta) == verdict and delta.interval]
        if moved:
            parts.append(t(f"versions.{verdict}", what=t("versions.comma").join(_moved(one) for one in moved[:NAMED])))
    if len(parts) == 1:
        parts.append(t("versions.nothing_moved"))
    return "".join(parts)


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
    return "same" if alike else delta.verdict


def delta_name(delta: MetricDelta) -> str:
    """A figure's name in plain words."""
    specific = f"versions.figure.{delta.metric}.{delta.field}"
    plain = delta.metric.replace("_", " ")
    name = t_or(specific, t_or(f"versions.figure.{delta.metric}", plain, **delta.params), **delta.params)
    codes = ".".join(value for value in delta.params.values() if isinstance(value, str))
    name = t_or(f"versions.figure.{delta.metric}.{codes}", name, **delta.params)
    level = delta.params.get("level")
    return name if level in (None, 1) else t("versions.level", name=name, level=int(level))


def short(value: float | None, unit: str) -> str:
    """A figure with its unit; effects and scores bare."""
    return figure(value, unit)


def drift_sentence(found: Comparison) -> str:
    """What drifted, the largest first; or that nothing did, as far as it could be told."""
    told = [drift for drift in found.drift if drift.size is not None]
    if not told:
        return t("drift.summary_unknown")
    moved = [drift for drift in told if drift.size not in ("none", "tiny")]
    if moved:
        return t("drift.summary", what=t("versions.comma").join(_drifted(one) for one in moved[:DRIFTS]))
    tiny = [drift for drift in told if drift.size == "tiny"]
    if tiny:
        return t("drift.summary_tiny", what=t("versions.comma").join(drift_name(one.of) for one in tiny[:DRIFTS]))
    return t("drift.summary_none")


def _drifted(drift: Drift) -> str:
    return t("drift.summary_one", name=drift_name(drift.of), size=t(f"drift.size.{drift.size}"))


def drift_name(of: str) -> str:
    """What a drift is about, in plain words."""
    table = of.removeprefix("table.")
    return t_or(f"drift.of.{table}", t_or(f"table.{table}", table.replace("_", " ")))


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
    """Checks whose outcome is better or worse than it was."""
    return [check for check in found.checks if check.verdict in ("better", "worse")]


def change_sentence(check: CheckChange) -> str:
    """How a check's outcome and figure moved."""
    return t(
        "versions.check_moved",
        title=t_or(f"check.{check.check}.title", check.check.replace("_", " ")),
        before=t(f"outcome.{check.before}"),
        after=t(f"outcome.{check.after}"),
        first=short(check.value_before, check.unit),
        second=short(check.value_after, check.unit),
    )
