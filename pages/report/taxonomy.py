"""What does the set never show: which items of a reference taxonomy are absent or thin?"""

from __future__ import annotations

from diversity.ui.charting import checks_of
from diversity.ui.page import open_page
from diversity.ui.taxonomy_view import draw_taxonomies
from diversity.ui.verdict import page_verdict

view = open_page("taxonomy")
page_verdict(view, *checks_of(view, "taxonomy"))
draw_taxonomies(view)
