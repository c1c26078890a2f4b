"""Can a model do without reading the prompt, and do answers begin or end alike?"""

from __future__ import annotations

from diversity.ui.charting import checks_of
from diversity.ui.edge_view import ANSWERS, draw_edges
from diversity.ui.page import open_page
from diversity.ui.shortcut_view import draw_shortcuts
from diversity.ui.verdict import page_verdict

view = open_page("shortcuts")
page_verdict(view, "shortcut_probes", *checks_of(view, "shortcuts"))
draw_shortcuts(view)
draw_edges(view, ANSWERS)
