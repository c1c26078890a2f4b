"""Where in long prompts is what the answer rests on: always in one place, or anywhere?"""

from __future__ import annotations

from diversity.ui.charting import checks_of, why_not
from diversity.ui.key_view import TABLE, draw_positions
from diversity.ui.page import open_page, say_nothing_here
from diversity.ui.prompt_view import show_style
from diversity.ui.verdict import page_verdict

view = open_page("key_information")
page_verdict(view, "key_info_position", *checks_of(view, "key_information"))
show_style()
result = view.report.result("key_info_position")
if result is not None and result.status != "failed" and view.has(TABLE):
    draw_positions(view, result)
else:
    say_nothing_here(why_not(result))
