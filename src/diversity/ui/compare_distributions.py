"""Distributions of two versions laid over each other: lengths and task types."""

from __future__ import annotations

from diversity.charts.comparison import AFTER, BEFORE, type_pairs
from diversity.charts.layout import escaped
from diversity.charts.length_profile import Panel, overlay
from diversity.comparison import Comparison
from diversity.ui.charting import part, show_figure, side_by_side, usable
from diversity.ui.i18n import t
from diversity.ui.page import say_nothing_here
from diversity.ui.view import View
from diversity.words.comparison import unlabelled


def draw_distributions(before: View, after: View, found: Comparison) -> None:
    """Lengths and task types of both versions laid over each other."""
    for column, of in zip(side_by_side("distributions"), ("prompt", "answer"), strict=True):
        old, new = before.report.result(f"{of}_length"), after.report.result(f"{of}_length")
        with column:
            part(t(f"versions.lengths_{of}"))
            if old is not None and new is not None and usable(old) and usable(new):
                panels = [
                    Panel(escaped(found.before, 40), old.info, BEFORE),
                    Panel(escaped(found.after, 40), new.info, AFTER),
                ]
                show_figure(overlay(panels[0], panels[1], t), f"versions-{of}")
            else:
                say_nothing_here(t("page.not_measured"))
    part(t("versions.types"))
    bare = unlabelled(found)
    if bare is not None:
        say_nothing_here(t("versions.types_unlabelled", version=bare))
    elif found.task_types:
        show_figure(type_pairs(found.task_types, found.before, found.after, t), "versions-types")
    else:
        say_nothing_here(t("reason.no_task_types"))
