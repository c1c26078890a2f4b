"""The records themselves: search, filter, page through, open one."""

from __future__ import annotations

from diversity.ui.browse import draw_filters, draw_results
from diversity.ui.page import open_page

view = open_page("browse")
draw_results(view, *draw_filters(view))
