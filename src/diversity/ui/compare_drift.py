"""Drift as a table: how far the versions are apart in every respect, in words and with what moved."""

from __future__ import annotations

from diversity.charts.theme import GREY
from diversity.comparison import Comparison
from diversity.comparison.drift import Drift
from diversity.comparison.effect import LARGE
from diversity.ui.charting import part
from diversity.ui.i18n import number, t
from diversity.ui.markup import Markup, show, tag
from diversity.words.checks import reason_sentence
from diversity.words.drift_words import FEWEST, drift_figures, drift_name, drift_size, what_moved
from diversity.words.language import p_value

TINTS = {"unclear": GREY, "none": GREY, "tiny": GREY, "small": "#56B4E9", "medium": "#0072B2", "large": "#D55E00"}
# Twice a large effect fills the bar.
FULL = 2 * LARGE


def draw_drift(found: Comparison) -> None:
    """The table under its heading."""
    part(t("drift.title"), t("drift.explained", n=FEWEST))
    show(drift_table(found))


def drift_table(found: Comparison) -> Markup:
    """One row a respect, the largest drift first; then respects without a figure, by why they have none."""
    columns = [("of", ""), ("size", ""), ("effect", "n"), ("moved", ""), ("p", "n wide"), ("rows", "n wide")]
    head = [tag("th", t(f"drift.column.{name}"), class_=kind) for name, kind in columns]
    rows = [_row(drift) for drift in found.drift if drift.size is not None]
    reasons = dict.fromkeys(drift.reason for drift in found.drift if drift.size is None)
    rows += [_row_without(reason, [one for one in found.drift if one.reason == reason]) for reason in reasons]
    return tag("table", tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="dv-deltas")


def _row(drift: Drift) -> Markup:
    assert drift.effect is not None
    assert drift.p_adjusted is not None
    fill = min(drift.effect / FULL, 1.0) * 100
    size = drift_size(drift)
    tint = TINTS[size]
    bar = tag("div", tag("div", class_="dv-fill", style=f"width:{fill:.0f}%;background:{tint}"), class_="dv-meter")
    return tag(
        "tr",
        tag("td", drift_name(drift.of)),
        tag("td", tag("strong", t(f"drift.size.{size}")), bar, style="min-width:4.5rem;white-space:nowrap"),
        tag("td", number(drift.effect), class_="n"),
        tag("td", what_moved(drift), tag("div", drift_figures(drift), class_="dv-muted")),
        tag("td", p_value(drift.p_adjusted), class_="n wide"),
        tag(
            "td",
            t("drift.rows", before=drift.only_before, after=drift.only_after, n=drift.sample_size),
            class_="n wide",
        ),
    )


def _row_without(reason: str | None, drifts: list[Drift]) -> Markup:
    """What has no figure for one reason, which is said once."""
    names = t("versions.comma").join(drift_name(drift.of) for drift in drifts if drift.size is None)
    return tag("tr", tag("td", names), tag("td", reason_sentence(reason), colspan="5"))
