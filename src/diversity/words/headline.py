"""The first sentence of a comparison: what turned, what drifted most, and only then which figures moved."""

from __future__ import annotations

from collections.abc import Sequence

from diversity.comparison import Comparison
from diversity.comparison.deltas import MetricDelta
from diversity.comparison.drift import Drift
from diversity.comparison.turns import CheckChange
from diversity.words.comparison import changed_checks, check_title, delta_name, short, shown_verdict
from diversity.words.drift_words import FEWEST, drift_size, in_short
from diversity.words.language import t

NAMED = 2


def summary(found: Comparison) -> str:
    """v2 against v1: +120 −98 ~34 records; 1 check got worse: …; largest drift: …; better: …; worse: …"""
    r = found.records
    head = t(
        "versions.summary", after=found.after, before=found.before, added=r.added, removed=r.removed, edited=r.edited
    )
    if r.added and r.removed and not r.edited + r.unchanged:
        head += t("versions.nothing_shared")
    if found.unlike:
        return head + t("versions.not_judged")
    checks = changed_checks(found)
    worse = [check for check in checks if check.verdict == "worse"]
    first = [_checks(worse)] if worse else []
    drift = largest_drift(found)
    if drift is not None:
        first.append(t("versions.largest_drift", what=in_short(drift)))
    figures = _figures(found, 1 if first else NAMED)
    few = too_few(found)
    if few and not figures:
        figures = [t("versions.too_few", version=few[0], n=few[1])]
    better = len(checks) - len(worse)
    if not (figures or checks):
        figures = [t("versions.nothing_moved")]
    return "".join([head, *first, *figures, *([t("versions.checks_better", n=better)] if better else [])])


def largest_drift(found: Comparison) -> Drift | None:
    """The largest drift, where it is medium or large."""
    return next((drift for drift in found.drift if drift_size(drift) in ("medium", "large")), None)


def too_few(found: Comparison) -> tuple[str, int] | None:
    """The smaller version and its records, where they are too few to say that nothing moved; None where no record
    changed, which says it of any number."""
    r = found.records
    if not r.added + r.removed + r.edited:
        return None
    sizes = [(found.before, r.removed + r.edited + r.unchanged), (found.after, r.added + r.edited + r.unchanged)]
    smaller = min(sizes, key=lambda one: one[1])
    return smaller if smaller[1] < FEWEST else None


def _checks(worse: Sequence[CheckChange]) -> str:
    named = [
        t(
            "versions.turned",
            title=check_title(check),
            before=t(f"outcome.{check.before}"),
            after=t(f"outcome.{check.after}"),
        )
        for check in worse[:NAMED]
    ]
    more = t("versions.turned_more", n=len(worse) - NAMED) if len(worse) > NAMED else ""
    return t("versions.checks_worse", n=len(worse), what=t("versions.comma").join(named) + more)


def _figures(found: Comparison, named: int) -> list[str]:
    """The figures that got better and worse, and how many the lengths may have moved alone."""
    said = []
    for verdict in ("better", "worse"):
        moved = [delta for delta in found.metrics if delta.told and shown_verdict(delta) == verdict]
        if moved:
            said.append(t(f"versions.{verdict}", what=t("versions.comma").join(_moved(one) for one in moved[:named])))
    by_length = sum(shown_verdict(delta) == "with_length" for delta in found.metrics)
    return [*said, t("versions.with_length", n=by_length)] if by_length else said


def _moved(delta: MetricDelta) -> str:
    return t(
        "versions.moved",
        name=delta_name(delta),
        before=short(delta.before, delta.unit),
        after=short(delta.after, delta.unit),
    )
