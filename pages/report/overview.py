"""How diverse is this version, in one sentence; the checks behind it; what to do next."""

from __future__ import annotations

from diversity.ui.overview import draw_checks, draw_key_figures, draw_next, draw_verdict
from diversity.ui.page import open_page

view = open_page("overview")
draw_verdict(view)
draw_next(view)
draw_key_figures(view)
draw_checks(view)
