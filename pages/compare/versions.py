"""What changed from one version to another: better or worse, in which figures, and in which records?"""

from __future__ import annotations

from diversity.ui.compare_view import compared, draw_comparison, draw_nothing_to_compare
from diversity.ui.diff_view import show_style
from diversity.ui.page import open_page

view = open_page("versions")
show_style()
pair = compared(view)
if pair is None:
    draw_nothing_to_compare(view)
else:
    draw_comparison(*pair)
