"""How every page starts: its title, the report it is about, and what to say when there is none."""

from __future__ import annotations

import streamlit as st

from diversity.jobs import list_jobs
from diversity.ui.i18n import t
from diversity.ui.markup import show, tag
from diversity.ui.navigation import go, link, page_title
from diversity.ui.sample import has_sample, start_sample
from diversity.ui.view import View, current_store, current_view


def open_page(name: str) -> View:
    """Draws the title and returns the report being looked at. Without any report: says how to get one, and stops the
    page."""
    st.header(page_title(name), anchor=False)
    view = current_view()
    if view is None:
        empty_state()
        st.stop()
    return view


def say_nothing_here(sentence: str) -> None:
    """Why there is nothing to see, in place of an empty chart."""
    show(tag("div", sentence, class_="dv-banner"))


def empty_state() -> None:
    """No report yet: load the sample, or add a file."""
    st.text(t("empty.sentence"))
    running = [job for job in list_jobs(current_store().root) if job.state == "running"]
    if running:
        st.text(t("empty.running", n=len(running)))
        link("add_data", t("empty.watch"))
        return
    with st.container(horizontal=True):
        if has_sample() and st.button(t("empty.sample"), type="primary", icon=":material/play_arrow:"):
            start_sample(current_store().root)
            go("add_data")
        if st.button(t("empty.add"), icon=":material/upload_file:"):
            go("add_data")
