"""Add a version: drop a file, see how it will be read, name it, run. Running analyses show here, whoever started
them."""

from __future__ import annotations

import streamlit as st

from diversity.ui.add_data import choose_source, draw_preview, draw_start
from diversity.ui.navigation import page_title
from diversity.ui.watch import draw_jobs

st.header(page_title("add_data"), anchor=False)
jobs = st.container()
paths = choose_source()
found = draw_preview(paths) if paths else None
if found is not None and found[0].records:
    draw_start(paths, *found)
with jobs if paths else st.container():
    draw_jobs(with_ended=not paths)
