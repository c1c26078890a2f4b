"""Which subjects does the set speak of, which crowd out the rest, and where is it empty?"""

from __future__ import annotations

from diversity.ui.charting import checks_of
from diversity.ui.i18n import t
from diversity.ui.map_view import POINTS, draw_map_page
from diversity.ui.page import open_page, say_nothing_here
from diversity.ui.verdict import page_verdict

view = open_page("map")
page_verdict(view, *checks_of(view, "map"))
if view.has(POINTS):
    draw_map_page(view)
elif view.report.check("semantic_map") is None:
    say_nothing_here(t("map.no_map"))
