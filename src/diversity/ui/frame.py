"""The sidebar: which report, which language, the pages, and where the figures come from."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from diversity.ui.i18n import LANGUAGE_KEY, LANGUAGES, browser_language, number, t
from diversity.ui.markup import Markup, join, show, tag
from diversity.ui.navigation import draw_menu
from diversity.ui.safe import one_line
from diversity.ui.style import STYLE
from diversity.ui.urlstate import adopt, publish
from diversity.ui.verdict import banner
from diversity.ui.view import View, choose_report, current_view, missing_report


def settle_language() -> None:
    """Takes the language from the address or the session. Call it before any text is drawn."""
    adopt(LANGUAGE_KEY, LANGUAGES, browser_language(st.context.locale))


def choose_language() -> None:
    """中文 / English, tied to the address."""
    chosen = st.segmented_control(
        t("frame.language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key=LANGUAGE_KEY,
        label_visibility="collapsed",
        required=True,
    )
    publish(LANGUAGE_KEY, chosen or browser_language(st.context.locale))


def draw_style() -> None:
    """The style sheet of this project's own markup."""
    st.html(f"<style>{STYLE}</style>")


def draw_sidebar(sections: dict[str, list[StreamlitPage]], page: StreamlitPage) -> None:
    """Everything in the sidebar, top to bottom, for the page that is open."""
    pickers, languages = st.container(gap="xsmall"), st.container()
    with languages:
        choose_language()
    with pickers:
        choose_report(comparing=page.url_path in [one.url_path for one in sections.get("compare", [])])
    draw_menu(sections)
    view = current_view()
    if view is not None:
        draw_provenance(view)


def draw_missing() -> None:
    """Says above every page that it shows another report than the address asked for."""
    name = missing_report()
    if name is not None:
        banner(t("frame.missing", name=one_line(name, 80)), "warn")


def draw_provenance(view: View) -> None:
    """When and with what the report was made; a click tells all."""
    report = view.report
    rows = t("frame.rows_read", read=report.rows.read)
    aside = t("frame.rows_set_aside", n=report.rows.set_aside)
    show(
        tag(
            "div",
            tag("div", t("frame.made_at", at=local_time(report.created_at))),
            tag("div", f"{rows} {aside}"),
            class_="dv-foot",
        )
    )
    with st.popover(t("frame.provenance"), type="tertiary", icon=":material/info:"):
        show(_facts(view))


def local_time(stamp: str) -> str:
    """An ISO time to the minute."""
    return stamp[:16].replace("T", " ")


def _facts(view: View) -> Markup:
    report = view.report
    facts = {
        "report": f"{view.dataset} / {view.version}",
        "created": report.created_at,
        "embedder": report.embedder,
        "tokenizer": report.tokenizer,
        "shape": report.intake.shape,
        **({"tools": t("intake.tool_turns", n=report.intake.tool_turns)} if report.intake.tool_turns else {}),
        "files": "\n".join(
            f"{file.path} ({file.format}, {file.encoding}, {number(file.rows_read)})" for file in report.intake.files
        ),
        "fields": ", ".join(f"{ours} ← {theirs}" for ours, theirs in report.intake.field_map.items()) or "–",
        "fingerprint": report.intake.fingerprint,
        "code": report.code_version,
        "seconds": t("frame.seconds", n=sum(report.seconds.values())),
        "packages": ", ".join(f"{name} {version}" for name, version in sorted(report.packages.items())),
    }
    rows = [tag("tr", tag("th", t(f"provenance.{key}")), tag("td", value)) for key, value in facts.items()]
    return tag("table", tag("tbody", join(*rows)), class_="dv-facts")
