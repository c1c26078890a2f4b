"""What is the data for: which task types, how many records of each, and which are missing or thin?"""

from __future__ import annotations

from diversity.ui.charting import checks_of
from diversity.ui.page import open_page
from diversity.ui.type_view import draw_types
from diversity.ui.verdict import page_verdict

view = open_page("task_types")
page_verdict(view, *checks_of(view, "task_types"))
draw_types(view)
