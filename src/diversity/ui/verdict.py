"""Checks in words: the sentence with the number that carries it, the outcome as mark, word and colour, the figure
against its threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from diversity.charts.theme import OUTCOMES
from diversity.ingest.sources import shown_name
from diversity.report import Check, Report
from diversity.ui.i18n import figure, known, t, t_or
from diversity.ui.markup import Markup, show, tag
from diversity.ui.navigation import link
from diversity.ui.safe import one_line
from diversity.ui.view import View

MARKS = {"fail": "✗", "warn": "!", "pass": "✓", "not_applicable": "–", "skipped": "–"}
WORST_FIRST = ("fail", "warn", "pass", "skipped", "not_applicable")
GROUPS = ("purpose", "prompts", "answers", "conversations", "whole_set", "input")
TEXT_IN_SENTENCE = 60
JUDGED = ("pass", "warn", "fail")
_CODES = frozenset({"top", "largest", "smallest", "kind"})


def worst_first(checks: Sequence[Check]) -> list[Check]:
    """Fails, then warnings, then passes, then what could not be judged; answers before the rest, because they carry
    the loss."""
    return sorted(checks, key=lambda c: (WORST_FIRST.index(c.outcome), c.group != "answers"))


def check_title(check: Check) -> str:
    """What the check looks at, in plain words."""
    return t_or(f"check.{check.check}.title", check.check.replace("_", " "))


def check_sentence(check: Check) -> str:
    """The verdict of one check with its figure; for one without a figure, why there is none."""
    if check.outcome == "skipped":
        return t("check.skipped")
    if check.outcome == "not_applicable":
        return reason_sentence(check.reason)
    general = t(f"check.any.{check.outcome}", value=figure(check.value, check.unit))
    return t_or(f"check.{check.check}.{check.outcome}", general, **numbers(check))


def reason_sentence(code: str | None) -> str:
    """Why there is no figure."""
    return t_or(f"reason.{code}", t("reason.unknown", code=code or "–"))


def error_sentence(code: str | None, message: str, facts: Mapping[str, Any]) -> str:
    """What went wrong in the reader's language; the error's own message where the catalogue does not know it."""
    said = dict(facts)
    if "reason" in said:
        said["reason"] = t_or(f"reason.{said['reason']}", str(said["reason"]))
    if "path" in said:
        said["path"] = shown_name(Path(said["path"]))
    return t_or(f"error.{code}", message, **said)


def advice_sentence(check: Check) -> str | None:
    """What to do next about a check that did not pass, or None where the check gives no advice."""
    if check.outcome not in ("warn", "fail") or check.advice is None:
        return None
    key = f"check.{check.check}.next.{check.advice}"
    return t_or(key, t("check.any.next", title=check_title(check)), **numbers(check))


def check_why(check: Check) -> str | None:
    """Why the check is held and where its thresholds come from."""
    return t_or(f"check.{check.check}.why", "") or None


def check_page(check: Check) -> str:
    """The page that shows what the check looked at."""
    return t_or(f"check.{check.check}.page", "browse")


def page_filter(check: Check) -> dict[str, str]:
    """What the address of the check's page carries, so that the page shows the records responsible."""
    side = {"side": "prompt"} if check.table == "prompt_duplicates" else {}
    if check.outcome not in ("warn", "fail"):
        return side
    return side | {key: str(value) for key, value in check.where.items() if value is not None}


def numbers(check: Check) -> dict[str, Any]:
    """What a check's sentences may use: `{value}` in its unit, `{pass_at}`, `{warn_at}`, `{records}`, and every item
    of the evidence."""
    return {
        **{key: _word(key, value) for key, value in check.evidence.items()},
        "value": figure(check.value, check.unit),
        "pass_at": figure(check.threshold.get("pass"), check.unit),
        "warn_at": figure(check.threshold.get("warn"), check.unit),
        "records": check.records or 0,
    }


def threshold_text(check: Check) -> str:
    """How good is good enough: `≤ 5.0%` or `≥ 8.0`."""
    if check.direction == "none" or "pass" not in check.threshold:
        return ""
    sign = "≥" if check.direction == "higher" else "≤"
    return f"{sign} {figure(check.threshold['pass'], check.unit)}"


def headline(report: Report) -> str:
    """The verdict on a version in one sentence: how many checks pass, then the worst of them."""
    judged = [check for check in report.checks if check.outcome in JUDGED]
    passed = sum(check.outcome == "pass" for check in judged)
    opening = t(
        "overview.headline", version=report.version, records=report.intake.records, passed=passed, total=len(judged)
    )
    if not judged:
        return t("overview.headline_none", version=report.version, records=report.intake.records)
    if passed == len(judged):
        return f"{opening}{t('overview.headline_all')}"
    return f"{opening}{t('overview.headline_worst', sentence=check_sentence(worst_first(judged)[0]))}"


def outcome_badge(outcome: str) -> Markup:
    """Mark, word and colour of an outcome."""
    mark = tag("span", MARKS[outcome], class_="dv-mark", style=f"background:{OUTCOMES[outcome]}", aria_hidden="true")
    return tag("span", mark, tag("span", t(f"outcome.{outcome}"), class_="dv-word"), class_="dv-outcome")


def banner(sentence: str, outcome: str) -> None:
    """A verdict as the first thing on a page."""
    show(
        tag(
            "div",
            outcome_badge(outcome),
            tag("div", sentence, class_="dv-sentence"),
            class_="dv-banner",
            style=f"border-color:{OUTCOMES[outcome]}",
        )
    )


def page_verdict(view: View, *names: str) -> None:
    """The top of a report page: a banner for the worst of the named checks, a line for each other, and what to do
    next."""
    named = (view.report.check(name) for name in dict.fromkeys(names))
    checks = worst_first([check for check in named if check is not None])
    for place, check in enumerate(checks):
        if place == 0:
            banner(check_sentence(check), check.outcome)
        else:
            show(tag("div", outcome_badge(check.outcome), tag("span", check_sentence(check)), class_="dv-line"))
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
    return tag(
        "div", bar, tick, class_="dv-meter", title=f"{figure(check.value, check.unit)} · {threshold_text(check)}"
    )


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


def _word(key: str, value: Any) -> Any:
    """Evidence as a sentence says it: a code such as `head` in the reader's language, a text on one short line."""
    if not isinstance(value, str):
        return value
    if key == "reason":
        return t_or(f"reason.{value}", value)
    return t_or(f"word.{value}", value) if key in _CODES else one_line(value, TEXT_IN_SENTENCE)
