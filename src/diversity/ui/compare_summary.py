"""The top of a comparison: its sentences, coloured by their direction."""

from __future__ import annotations

from diversity.comparison import Comparison
from diversity.ui.compare_figures import TINTS, verdict_mark
from diversity.ui.markup import Markup, show, tag
from diversity.words.checks import reason_sentence
from diversity.words.comparison import (
    change_sentence,
    changed_checks,
    edits_sentence,
    region_sentences,
    rows_sentence,
    shown_verdict,
    turned_checks,
    type_sentences,
)
from diversity.words.drift_sentence import drift_sentence
from diversity.words.headline import largest_drift, summary, too_few


def draw_summary(found: Comparison) -> None:
    """The verdict first, then what was edited or set aside, task types that came or went, checks that turned, and
    drift."""
    show(_banner(summary(found), "unknown" if found.unlike else _direction(found)))
    if found.unlike:
        show(tag("div", reason_sentence(found.unlike), class_="dv-next"))
    for sentence in (edits_sentence(found), rows_sentence(found), *type_sentences(found)):
        if sentence:
            show(tag("div", sentence, class_="dv-next"))
    draw_checks(found)
    for sentence in (drift_sentence(found), *region_sentences(found)):
        show(tag("div", sentence, class_="dv-next"))


def _direction(found: Comparison) -> str:
    """Better or worse where figures that moved and checks that turned all go one way, else changed. Where there is
    neither, changed all the same by a drift that is not small; same without one, unknown where there could hardly be
    any."""
    clear = {shown_verdict(delta) for delta in found.metrics if delta.told} & {"better", "worse"}
    clear |= {check.verdict for check in changed_checks(found)}
    if len(clear) == 2 or (not clear and largest_drift(found)):
        return "changed"
    return next(iter(clear), "unknown" if too_few(found) else "same")


def _banner(sentence: str, verdict: str) -> Markup:
    said = tag("div", sentence, class_="dv-sentence")
    return tag("div", verdict_mark(verdict), said, class_="dv-banner", style=f"border-color:{TINTS[verdict]}")


def draw_checks(found: Comparison) -> None:
    """Checks whose outcome changed, those that may have by chance last."""
    for check in turned_checks(found):
        show(tag("div", verdict_mark(check.verdict), tag("span", change_sentence(check)), class_="dv-line"))
