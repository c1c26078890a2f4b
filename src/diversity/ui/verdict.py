"""Checks on a page: the outcome as mark, word and colour, the verdict as a banner, the figure against its
threshold."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from diversity.charts.theme import OUTCOMES
from diversity.report import Check
from diversity.ui.i18n import figure, known, t, t_or
from diversity.ui.markup import Markup, show, tag
from diversity.ui.navigation import link
from diversity.ui.view import View
from diversity.words.checks import (
    MARKS,
    WORST_FIRST,
    advice_sentence,
    check_sentence,
    check_title,
    shown_value,
    threshold_text,
)

GROUPS = ("purpose", "prompts", "answers", "conversations", "whole_set", "input")


def check_page(check: Check) -> str:
    """The page that shows what the check looked at."""
    return t_or(f"check.{check.check}.page", "browse")


def page_filter(check: Check) -> dict[str, str]:
    """What the address of the check's page carries, so that the page shows the records responsible."""
    side = {"side": "prompt"} if check.table == "prompt_duplicates" else {}
    if check.outcome not in ("warn", "fail"):
        return side
    return side | {key: str(value) for key, value in check.where.items() if value is not None}


def outcome_badge(outcome: str, word: str | None = None) -> Markup:
    """Mark, word and colour of an outcome."""
    mark = tag("span", MARKS[outcome], class_="dv-mark", style=f"background:{OUTCOMES[outcome]}", aria_hidden="true")
    return tag("span", mark, tag("span", word or t(f"outcome.{outcome}"), class_="dv-word"), class_="dv-outcome")


def banner(sentence: str, outcome: str, title: str = "", *, word: str | None = None) -> None:
    """A verdict as the first thing on a page, under the name of what it is about; `word` in place of the outcome's own,
    where it is no check's."""
    name = tag("div", title, class_="dv-muted") if title else Markup()
    said = tag("div", name, tag("div", sentence, class_="dv-sentence"))
    show(tag("div", outcome_badge(outcome, word), said, class_="dv-banner", style=f"border-color:{OUTCOMES[outcome]}"))


def page_verdict(view: View, *names: str) -> None:
    """The top of a report page: a banner for the worst of the named checks, of equals the first named, a line for each
    other sentence with the names of the checks that it is about, and what to do next."""
    named = (view.report.check(name) for name in dict.fromkeys(names))
    checks = sorted((check for check in named if check is not None), key=lambda one: WORST_FIRST.index(one.outcome))
    said: dict[tuple[str, str], list[str]] = {}
    for check in checks:
        said.setdefault((check.outcome, check_sentence(check)), []).append(check_title(check))
    for place, ((outcome, sentence), titles) in enumerate(said.items()):
        if place == 0:
            banner(sentence, outcome, " · ".join(titles))
        else:
            about = tag("span", tag("strong", " · ".join(titles)), " ", sentence)
            show(tag("div", outcome_badge(outcome), about, class_="dv-line"))
    advice = next((sentence for sentence in map(advice_sentence, checks) if sentence), None)
    if advice:
        show(tag("div", tag("strong", t("verdict.next")), " ", advice, class_="dv-next"))
    metrics = [metric for metric in dict.fromkeys(check.metric for check in checks) if has_card(metric)]
    with st.container(horizontal=True):
        for metric in metrics:
            link("cards", t("cards.link", title=card_title(metric)), icon=":material/info:", metric=metric)


def has_card(metric: str) -> bool:
    """Whether a metric has a card to link to; the check over the input belongs to none."""
    return known(f"card.{metric}.title")


def card_title(metric: str) -> str:
    """A metric's name in plain words."""
    return t_or(f"card.{metric}.title", metric.replace("_", " "))


def meter(check: Check) -> Markup:
    """The figure as a bar on a scale of its own, with a tick at the threshold."""
    if check.value is None or "pass" not in check.threshold:
        return tag("div", class_="dv-meter")
    goal = check.threshold["pass"]
    top = max(check.value, goal, check.threshold.get("warn", 0.0)) * 1.1
    top = min(top, 1.0) if check.unit == "ratio" and top <= 1.1 else top or 1.0
    bar = tag("div", class_="dv-fill", style=f"width:{_part(check.value, top)}%;background:{OUTCOMES[check.outcome]}")
    tick = tag("div", class_="dv-tick", style=f"left:{_part(goal, top)}%")
    return tag("div", bar, tick, class_="dv-meter", title=f"{shown_value(check)} · {threshold_text(check)}")


def history_bars(values: Sequence[tuple[str, float | None, str]], unit: str) -> Markup:
    """Small bars, one a version, oldest first: (version, value, outcome). Empty for fewer than two figures."""
    figures = [value for _, value, _ in values if value is not None]
    if len(figures) < 2:
        return tag("div", class_="dv-history")
    top = max(figures) or 1.0
    bars = [
        tag("div", class_="dv-bar", title=f"{version}: {figure(value, unit)}", style=_bar_style(value, outcome, top))
        for version, value, outcome in values
    ]
    return tag("div", *bars, class_="dv-history", title=t("overview.history"))


def _bar_style(value: float | None, outcome: str, top: float) -> str:
    return f"height:{max(_part(value or 0.0, top), 6)}%;background:{OUTCOMES[outcome]}"


def _part(value: float, top: float) -> int:
    return round(100 * min(max(value / top, 0.0), 1.0))
