"""Can a model do without reading the prompt, and do answers begin alike?"""

from __future__ import annotations

from diversity.ui.charting import checks_of, why_not
from diversity.ui.opening_view import draw_openings
from diversity.ui.page import open_page, say_nothing_here
from diversity.ui.shortcut_view import draw_shortcuts
from diversity.ui.verdict import page_verdict

view = open_page("shortcuts")
page_verdict(view, "shortcut_probes", *checks_of(view, "shortcuts"))
draw_shortcuts(view)
openings = view.report.result("answer_openings")
if openings is not None and "openings" in openings.info:
    draw_openings(view, openings)
else:
    say_nothing_here(why_not(openings))
