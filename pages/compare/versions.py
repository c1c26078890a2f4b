"""What changed from one version to another: better or worse, in which figures, and in which records?"""

from __future__ import annotations

from diversity.ui.compare_view import draw_comparison, draw_nothing_to_compare, other_view
from diversity.ui.diff_view import show_style
from diversity.ui.page import open_page

view = open_page("versions")
show_style()
other = other_view(view)
if other is None:
    draw_nothing_to_compare(view)
else:
    draw_comparison(other, view)
