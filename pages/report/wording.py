"""In how many ways is each task asked, and do a few words give it away?"""

from __future__ import annotations

from diversity.ui.charting import checks_of, usable, why_not
from diversity.ui.edge_view import PROMPTS, draw_edges
from diversity.ui.page import open_page, say_nothing_here
from diversity.ui.verdict import page_verdict
from diversity.ui.wording_view import TABLE, draw_figures, draw_tokens, draw_wording

view = open_page("wording")
page_verdict(view, "prompt_wording", *checks_of(view, "wording"))
worded = view.report.result("prompt_wording")
if worded is not None and worded.status == "ok" and view.has(TABLE):
    draw_wording(view, worded)
elif view.report.check("prompt_wording") is None:
    say_nothing_here(why_not(worded))
draw_edges(view, PROMPTS)
told = view.report.result("trigger_tokens")
if told is not None and usable(told) and view.has("trigger_tokens"):
    draw_tokens(view, told)
draw_figures(view)
