"""How much do the answers (or the prompts) repeat each other, which ones, and which may go?"""

from __future__ import annotations

from diversity.ui.charting import usable, why_not
from diversity.ui.diff_view import show_style
from diversity.ui.duplicate_view import choose_side, draw_duplicates
from diversity.ui.edge_view import ANSWERS
from diversity.ui.page import open_page, say_nothing_here
from diversity.ui.verdict import page_verdict

view = open_page("answer_duplicates")
side = choose_side()
checks = ("answer_duplication", *ANSWERS) if side.name == "answer" else ("prompt_duplication",)
page_verdict(view, *checks)
show_style()
result = view.report.result(side.metric)
if result is not None and usable(result) and view.has(side.table):
    draw_duplicates(view, side, result)
else:
    say_nothing_here(why_not(result))
