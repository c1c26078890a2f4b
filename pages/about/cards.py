"""What does each figure ask, how is it computed, how well is it proven, where is it wrong? Works without a report."""

from __future__ import annotations

import streamlit as st

from diversity.ui.cards import draw_cards
from diversity.ui.navigation import page_title
from diversity.ui.view import current_view

st.header(page_title("cards"), anchor=False)
draw_cards(current_view())
