"""The frame: language, data set and version in the sidebar, and the pages of `pages/<section>/`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from diversity.ui.damage import damage_said, draw_damaged
from diversity.ui.frame import draw_missing, draw_sidebar, draw_style, settle_language
from diversity.ui.i18n import t
from diversity.ui.navigation import streamlit_pages

ROOT = Path(__file__).parent

settle_language()
st.set_page_config(page_title=t("app.title"), page_icon=":material/fact_check:", layout="wide")
sections = streamlit_pages(ROOT)
chosen = st.navigation(sections, position="hidden")
draw_style()
with st.sidebar:
    draw_sidebar(sections, chosen)
draw_missing()
draw_damaged()
with damage_said():
    chosen.run()
