"""The rows that could not be read: where, why, and their own text."""

from __future__ import annotations

from diversity.ui.page import open_page
from diversity.ui.set_aside import draw_export, draw_reasons, draw_rows, draw_verdict

view = open_page("set_aside")
if draw_verdict(view):
    reason = draw_reasons(view)
    draw_export(view, reason)
    draw_rows(view, reason)
