"""Metric cards: one for each metric that exists, from the catalogues, with its checks as the settings at hand have
them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from diversity.metrics import discover
from diversity.metrics.base import CheckSpec, Metric
from diversity.ui.charting import part
from diversity.ui.i18n import figure, t, t_or
from diversity.ui.markup import Markup, show, tag
from diversity.ui.navigation import link, page_title
from diversity.ui.urlstate import adopt, publish
from diversity.ui.verdict import GROUPS, card_title, outcome_badge
from diversity.ui.view import View
from diversity.words.checks import check_sentence

PARTS = ("formula", "size", "evidence", "fails")
METRIC = "metric"


def draw_cards(view: View | None) -> None:
    """The list of cards, and the one that the address names."""
    groups = by_group(discover())
    names = [metric.name for metrics in groups.values() for metric in metrics]
    adopt(METRIC, names, names[0])
    chosen = st.session_state[METRIC]
    publish(METRIC, chosen, names[0])
    left, right = st.columns([2, 5], gap="large")
    with left, st.container(gap="xsmall"):
        for group, metrics in groups.items():
            show(tag("div", t(f"group.{group}"), class_="dv-group"))
            for metric in metrics:
                st.button(
                    card_title(metric.name),
                    key=f"card-{metric.name}",
                    type="primary" if metric.name == chosen else "tertiary",
                    on_click=_choose,
                    args=(metric.name,),
                )
    with right:
        draw_card(next(metric for metric in discover() if metric.name == chosen), view)


def _choose(name: str) -> None:
    st.session_state[METRIC] = name


def by_group(metrics: Sequence[Metric]) -> dict[str, list[Metric]]:
    """The metrics by the group of their first check, in the overview's order; those without a check with the set's."""
    found: dict[str, list[Metric]] = {group: [] for group in GROUPS}
    for metric in metrics:
        found[metric.checks[0].group if metric.checks else "whole_set"].append(metric)
    return {group: sorted(own, key=lambda metric: card_title(metric.name)) for group, own in found.items() if own}


def draw_card(metric: Metric, view: View | None) -> None:
    """One card: question, kind of figure, formula, dependence on size, evidence, weaknesses, checks."""
    st.subheader(card_title(metric.name), anchor=False)
    show(tag("div", tag("div", t_or(f"card.{metric.name}.asks", ""), class_="dv-sentence"), class_="dv-banner"))
    facts = (
        t(f"cards.field.{metric.field}"),
        t(f"cards.direction.{metric.direction}"),
        t("cards.unit", unit=t_or(f"cards.unit.{metric.unit}", metric.unit)),
        t("cards.name", name=metric.name),
    )
    show(tag("div", *(tag("span", fact, class_="dv-chip") for fact in facts), class_="dv-chips"))
    for name in PARTS:
        part(t(f"cards.{name}"))
        show(tag("div", t_or(f"card.{metric.name}.{name}", t("cards.unwritten"))))
    part(t("cards.checks"))
    if not metric.checks:
        show(tag("div", t("cards.no_check"), class_="dv-muted"))
    for spec in metric.checks:
        _draw_check(spec, view)


def thresholds(spec: CheckSpec, own: Mapping[str, Any] | None) -> str:
    """From where on the check passes and warns, and whether the settings say so."""
    limits = (own["pass_at"], own["warn_at"]) if own else (spec.pass_at, spec.warn_at)
    sign = "≥" if spec.direction == "higher" else "≤"
    passes, warns = (f"{sign} {figure(limit, spec.unit)}" for limit in limits)
    return t("cards.thresholds_own" if own else "cards.thresholds", passes=passes, warns=warns)


def _draw_check(spec: CheckSpec, view: View | None) -> None:
    own = view.report.settings.get("checks", {}).get(spec.name) if view else None
    title = t_or(f"check.{spec.name}.title", spec.name)
    says = [
        tag("strong", title),
        tag("div", thresholds(spec, own), class_="dv-says"),
        tag("div", t_or(f"check.{spec.name}.why", ""), class_="dv-says"),
        *_outcome(spec.name, view),
    ]
    show(tag("div", *says, class_="dv-record"))
    page = t_or(f"check.{spec.name}.page", "browse")
    if view is not None:
        link(page, t("cards.see", page=page_title(page)), icon=":material/arrow_forward:")


def _outcome(name: str, view: View | None) -> list[Markup]:
    """What the check says of the version at hand."""
    check = view.report.check(name) if view else None
    if view is None or check is None:
        return []
    said = t("cards.here", version=view.version, sentence=check_sentence(check))
    return [tag("div", outcome_badge(check.outcome), tag("span", said), class_="dv-line")]
