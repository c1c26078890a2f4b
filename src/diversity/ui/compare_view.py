"""The comparison of two versions: in sentences, as ranked figures, as distributions, as drift, and record by record."""

from __future__ import annotations

import logging

import streamlit as st

from diversity.comparison import Comparison, compare
from diversity.comparison.versions import kept_comparison
from diversity.errors import UsageError
from diversity.ui.compare_distributions import draw_distributions
from diversity.ui.compare_drift import draw_drift
from diversity.ui.compare_figures import STYLE, draw_figures
from diversity.ui.compare_map import draw_joint_map
from diversity.ui.compare_records import draw_records
from diversity.ui.compare_summary import draw_summary
from diversity.ui.i18n import t
from diversity.ui.navigation import link
from diversity.ui.page import say_nothing_here
from diversity.ui.safe import one_line
from diversity.ui.view import View, compared_view, default_pair, open_view

log = logging.getLogger(__name__)


def compared(view: View) -> tuple[View, View] | None:
    """The two versions, before and after: the one chosen in the sidebar and this one, or `default_pair`. None when
    there is one version only."""
    chosen = compared_view()
    if chosen is not None:
        return chosen, view
    pair = default_pair(view.dataset, view.version)
    return (open_view(view.dataset, pair[0]), open_view(view.dataset, pair[1])) if pair else None


def draw_nothing_to_compare(view: View) -> None:
    """One version only: what to do."""
    say_nothing_here(t("versions.only_one", version=one_line(view.version, 60)))
    link("add_data", t("versions.add"))


def comparison_of(before: View, after: View) -> Comparison:
    """The comparison, from the store's cache when it was made before; else made now, saying what is being done."""
    kept = kept_comparison(before.stored, after.stored)
    if kept is not None:
        return kept
    place = st.empty()
    with place.status(t("versions.comparing")) as status:

        def watch(stage: str, done: int, total: int | None) -> None:
            status.update(label=t(f"versions.stage.{stage}"))

        found = compare(before.stored, after.stored, progress=watch)
    place.empty()
    return found


def draw_comparison(before: View, after: View) -> None:
    """The whole page."""
    try:
        found = comparison_of(before, after)
    except (UsageError, KeyError) as error:
        # A figure or a table that only the other report has: they were made by different releases.
        log.warning("%s and %s cannot be compared: %r", before.version, after.version, error)
        say_nothing_here(t("versions.outdated"))
        return
    st.html(STYLE)
    draw_summary(found)
    draw_figures(found)
    draw_distributions(before, after, found)
    draw_drift(found)
    draw_joint_map(before, after, found)
    draw_records(before, after, found)
