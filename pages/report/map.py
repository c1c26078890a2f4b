"""Which subjects does the set speak of, which crowd out the rest, and where is it empty?"""

from __future__ import annotations

from diversity.ui.map_view import POINTS, draw_map_page
from diversity.ui.page import need_table, open_page
from diversity.ui.verdict import page_verdict

view = open_page("map")
page_verdict(view, "semantic_map")
need_table(view, POINTS, "map.no_map")
draw_map_page(view)
