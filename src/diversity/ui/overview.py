"""The overview: verdict, what to do next, key figures, and the checks as rows in the article's groups, worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from diversity.report import Check, Report
from diversity.ui.choice import choose
from diversity.ui.i18n import count, number, percent, t, t_or
from diversity.ui.markup import Markup, show, tag
from diversity.ui.navigation import link, page_title
from diversity.ui.verdict import GROUPS, banner, check_page, has_card, history_bars, meter, outcome_badge, page_filter
from diversity.ui.view import View, earlier_views, versions_of
from diversity.words.checks import (
    JUDGED,
    WORST_FIRST,
    advice_sentence,
    check_sentence,
    check_title,
    check_why,
    headline,
    shown_value,
    threshold_text,
    worst_first,
)

STEPS = 3
ALL = "all"


def draw_verdict(view: View) -> None:
    """The version's verdict, coloured by its worst check."""
    judged = [check.outcome for check in view.report.checks if check.outcome in JUDGED]
    banner(headline(view.report), min(judged, key=WORST_FIRST.index) if judged else "not_applicable")


def draw_next(view: View) -> None:
    """Up to three sentences on what to do next, each with its link."""
    steps = next_steps(view.report, more_versions=len(versions_of(view.dataset)) > 1)
    with st.container(gap="xsmall", key="overview-next"):
        show(tag("div", t("overview.next"), class_="dv-group"))
        for place, (sentence, page, parameters) in enumerate(steps, start=1):
            left, right = st.columns([5, 1.4], vertical_alignment="center")
            with left:
                show(tag("div", tag("strong", f"{place}."), " ", sentence, class_="dv-next"))
            with right:
                link(page, page_title(page), **parameters)


def next_steps(report: Report, more_versions: bool) -> list[tuple[str, str, dict[str, str]]]:
    """(sentence, page, its filter): the advice of what fails, then of what warns, of either first what leads to a page
    not yet named, filled up with what a sound version is good for."""
    advised = [
        (check.outcome, (sentence, check_page(check), page_filter(check)))
        for check in worst_first(report.checks)
        if (sentence := advice_sentence(check))
    ]
    # Checks of one page often ask for the same work: too short prompts have no long ones among them.
    first = {page: place for place, (_, (_, page, _)) in reversed(list(enumerate(advised)))}
    ranked = [(WORST_FIRST.index(one), first[step[1]] != at, at) for at, (one, step) in enumerate(advised)]
    steps = [advised[at][1] for _, _, at in sorted(ranked)]
    if more_versions:
        steps.append((t("overview.step.compare"), "versions", {}))
    steps += [(t("overview.step.read"), "browse", {}), (t("overview.step.add"), "add_data", {})]
    return steps[:STEPS]


def draw_key_figures(view: View) -> None:
    """A strip: records, turns, languages, task types, lengths."""
    cells = [_cell(*figures) for figures in key_figures(view.report.overview)]
    show(tag("div", t("overview.figures"), class_="dv-group"))
    show(tag("div", *cells, class_="dv-strip"))


def key_figures(overview: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(label, figure, detail) of each key figure."""
    records, units = overview["records"], overview["units"]
    return [
        (t("key.records"), number(records), t("key.records_detail", ratio=overview["multi_turn_ratio"])),
        (t("key.turns"), number(units), t("key.turns_detail", system=overview["system_ratio"])),
        (t("key.languages"), *_languages(overview["languages"])),
        (t("key.task_types"), *_task_types(overview)),
        (t("key.prompt_tokens"), count(overview["prompt_tokens_median"]), t("key.median_tokens")),
        (t("key.answer_tokens"), count(overview["answer_tokens_median"]), t("key.median_tokens")),
    ]


def draw_checks(view: View) -> None:
    """Every check, or those of one outcome, in the article's groups, worst first within each."""
    history, shown = _history(view), _choose_outcome(view.report.checks)
    for group in GROUPS:
        checks = worst_first([check for check in view.report.checks if check.group == group])
        checks = [check for check in checks if shown in (ALL, check.outcome)]
        if not checks:
            continue
        with st.container(gap="xsmall", key=f"overview-checks-{group}"):
            show(tag("div", t(f"group.{group}"), class_="dv-group"))
            for check in checks:
                _draw_check(check, history.get(check.check, []))


def _choose_outcome(checks: Sequence[Check]) -> str:
    """All checks, or those that fail or warn alone; nothing to choose where none does."""
    counts = {one: sum(check.outcome == one for check in checks) for one in ("fail", "warn")}
    present = [one for one, n in counts.items() if n]
    if not present:
        return ALL
    return choose(
        "checks", [ALL, *present], ALL, t("overview.shown"), lambda one: t(f"overview.shown_{one}", n=counts.get(one))
    )


def _draw_check(check: Check, history: list[tuple[str, float | None, str]]) -> None:
    left, right = st.columns([8, 1], vertical_alignment="center")
    with left:
        show(check_row(check, history))
    with right, st.container(gap="xsmall"):
        page = check_page(check)
        link(page, t("overview.open"), icon=":material/arrow_forward:", **page_filter(check))
        if has_card(check.metric):
            link("cards", t("overview.card"), icon=":material/info:", metric=check.metric)


def check_row(check: Check, history: list[tuple[str, float | None, str]]) -> Markup:
    """Mark, name, verdict, figure and threshold, bar and history of one check."""
    why = check_why(check)
    name = tag("span", check_title(check), class_="dv-name")
    asked = tag("summary", name, tag("small", " ⓘ"), title=t("overview.why"))
    head = tag("details", asked, tag("div", why, class_="dv-says")) if why else name
    says = tag("div", head, tag("div", check_sentence(check), class_="dv-says"))
    shown = shown_value(check) if check.value is not None else ""
    goal = threshold_text(check) if check.value is not None else ""
    value = tag("div", tag("strong", shown), tag("div", goal, class_="dv-muted"), class_="dv-value")
    drawn = (outcome_badge(check.outcome), says, value, meter(check), history_bars(history, check.unit))
    return tag("div", tag("div", *drawn, class_="dv-check"), class_="dv-fit")


def _history(view: View) -> dict[str, list[tuple[str, float | None, str]]]:
    found: dict[str, list[tuple[str, float | None, str]]] = {}
    for one in [*earlier_views(view), view]:
        for check in one.report.checks:
            found.setdefault(check.check, []).append((one.version, check.value, check.outcome))
    return found


def _cell(label: str, shown: str, detail: str) -> Markup:
    parts = (
        tag("div", label, class_="dv-label"),
        tag("div", shown, class_="dv-figure"),
        tag("div", detail, class_="dv-detail"),
    )
    return tag("div", *parts, class_="dv-key")


def _languages(languages: Mapping[str, int]) -> tuple[str, str]:
    total = sum(languages.values()) or 1
    present = sorted(((n, code) for code, n in languages.items() if n), reverse=True)
    shares = [(t_or(f"language.{code}", code), percent(n / total)) for n, code in present]
    most = shares[0][0] if shares else "–"
    return most, " · ".join(f"{name} {share}" for name, share in shares)


def _task_types(overview: Mapping[str, Any]) -> tuple[str, str]:
    first, second = overview["task_types_1"], overview["task_types_2"]
    if not first:
        return t("key.no_task_types"), t("key.no_task_types_detail")
    return number(first), t("key.task_types_detail", second=second) if second else ""
