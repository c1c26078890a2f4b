"""The figures of two versions beside each other, what moved most clearly first."""

from __future__ import annotations

from collections.abc import Sequence

from diversity.charts.theme import GREY
from diversity.comparison import Comparison
from diversity.comparison.deltas import COUNTED, MetricDelta
from diversity.ui.charting import part
from diversity.ui.i18n import t, t_or
from diversity.ui.markup import Markup, show, tag
from diversity.ui.safe import one_line
from diversity.words.comparison import delta_name, interval_words, short, shown_verdict, signed

MARKS = {"better": "✓", "worse": "✗", "changed": "~", "with_length": "~", "unclear": "?", "same": "=", "unknown": "–"}
# In the order of what a reader would open.
FOLDED = ("same", "unclear", "unknown")
TINTS = dict.fromkeys(MARKS, GREY) | {"better": "#009E73", "worse": "#D55E00", "changed": "#0072B2"}
STYLE = """<style>
.dv-deltas { border-collapse: collapse; width: 100%; font-size: .9rem; }
.dv-deltas th { text-align: left; font-weight: 600; font-size: .78rem; opacity: .75; padding: .25rem .6rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.dv-deltas td { padding: .35rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 9%, transparent);
  vertical-align: top; }
.dv-deltas td.n, .dv-deltas th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.dv-arrow { font-weight: 700; white-space: nowrap; }
@media (max-width: 1150px) { .dv-deltas .wide { display: none; } }
</style>"""


def draw_figures(found: Comparison) -> None:
    """The figures that moved as a table under its heading, those that did not folded away below; where none did, the
    first of the latter is open."""
    part(t("versions.metrics"), t("versions.metrics_explained"))
    present = [delta for delta in found.metrics if delta.before is not None or delta.after is not None]
    by_verdict = {name: [one for one in present if shown_verdict(one) == name] for name in MARKS}
    moved = [one for one in present if shown_verdict(one) not in FOLDED]
    if moved:
        show(delta_table(found, moved))
    folded = [name for name in FOLDED if by_verdict[name]]
    for name in folded:
        shut = tag("summary", t(f"versions.{name}_figures", n=len(by_verdict[name])), class_="dv-muted")
        is_open = {"open": ""} if not moved and name == folded[0] else {}
        show(tag("details", shut, delta_table(found, by_verdict[name]), **is_open))


def verdict_mark(verdict: str, change: float | None = None) -> Markup:
    arrow = "" if not change or verdict in ("unclear", "same", "unknown") else "▲ " if change > 0 else "▼ "
    mark = tag("span", MARKS[verdict], class_="dv-mark", style=f"background:{TINTS[verdict]}", aria_hidden="true")
    word = tag("span", arrow, t(f"versions.verdict.{verdict}"), class_="dv-arrow")
    return tag("span", mark, word, class_="dv-outcome")


def delta_table(found: Comparison, deltas: Sequence[MetricDelta]) -> Markup:
    """Figures in both versions, in their order."""
    titles = [("figure", ""), ("before", "n"), ("after", "n"), ("change", "n"), ("interval", "n wide"), ("verdict", "")]
    names = {"before": one_line(found.before, 30), "after": one_line(found.after, 30)}
    head = [tag("th", names.get(name) or t(f"versions.column_{name}"), class_=kind) for name, kind in titles]
    rows = [_delta_row(delta) for delta in deltas]
    return tag("table", tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="dv-deltas")


def _delta_row(delta: MetricDelta) -> Markup:
    cells = [
        tag("td", delta_name(delta)),
        tag("td", short(delta.before, delta.unit), class_="n"),
        tag("td", short(delta.after, delta.unit), class_="n"),
        tag("td", signed(delta.change, delta.unit), class_="n"),
        tag("td", interval_words(delta), class_="n wide", title=_interval_title(delta)),
        tag("td", verdict_mark(shown_verdict(delta), delta.change)),
    ]
    return tag("tr", *cells)


def _interval_title(delta: MetricDelta) -> str:
    if delta.sample_size is not None:
        drawn = t("versions.interval_of", n=delta.sample_size)
        return drawn + t("versions.interval_remeasured", n=delta.remeasured) if delta.remeasured else drawn
    if delta.reason == COUNTED:
        return t("versions.counted_why")
    return t_or(f"reason.{delta.reason}", t("versions.no_interval_why"))
