"""A comparison in sentences: what got better or worse, what drifted, which regions came and went."""

from __future__ import annotations

from diversity.comparison import Comparison
from diversity.comparison.deltas import MetricDelta
from diversity.comparison.drift import Drift
from diversity.ui.compare_figures import TINTS, delta_name, short, shown_verdict, verdict_mark
from diversity.ui.i18n import t, t_or
from diversity.ui.markup import Markup, show, tag
from diversity.ui.safe import one_line

NAMED = 2
DRIFTS = 4


def draw_summary(found: Comparison) -> None:
    """The verdict first, then checks whose outcome changed, then drift."""
    show(_banner(summary(found), _direction(found)))
    draw_checks(found)
    for sentence in (drift_sentence(found), *region_sentences(found)):
        show(tag("div", sentence, class_="dv-next"))


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


def _direction(found: Comparison) -> str:
    """Better or worse where all clear changes go one way, else changed; same where there is none."""
    clear = {shown_verdict(delta) for delta in found.metrics if delta.interval} & {"better", "worse"}
    return "changed" if len(clear) == 2 else next(iter(clear), "same")


def _banner(sentence: str, verdict: str) -> Markup:
    said = tag("div", sentence, class_="dv-sentence")
    return tag("div", verdict_mark(verdict), said, class_="dv-banner", style=f"border-color:{TINTS[verdict]}")


def _moved(delta: MetricDelta) -> str:
    return t(
        "versions.moved",
        name=delta_name(delta),
        before=short(delta.before, delta.unit),
        after=short(delta.after, delta.unit),
    )


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
    return t(f"drift.of.{of}") if table == of else t_or(f"table.{table}", table.replace("_", " "))


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


def draw_checks(found: Comparison) -> None:
    """Checks whose outcome changed."""
    moved = [check for check in found.checks if check.verdict in ("better", "worse")]
    for check in moved:
        sentence = t(
            "versions.check_moved",
            title=_check_title(check.check),
            before=t(f"outcome.{check.before}"),
            after=t(f"outcome.{check.after}"),
            first=short(check.value_before, check.unit),
            second=short(check.value_after, check.unit),
        )
        show(tag("div", verdict_mark(check.verdict), tag("span", sentence), class_="dv-line"))


def _check_title(name: str) -> str:
    return t_or(f"check.{name}.title", name.replace("_", " "))
