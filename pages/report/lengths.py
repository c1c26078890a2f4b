"""Are there short and long prompts, short and long answers, where does the loss come from, and is the length kept that
was asked for?"""

from __future__ import annotations

from diversity.ui.charting import checks_of, usable, why_not
from diversity.ui.length_request_view import TABLE, draw_requests
from diversity.ui.length_view import draw_lengths
from diversity.ui.page import open_page, say_nothing_here
from diversity.ui.verdict import page_verdict

view = open_page("lengths")
page_verdict(view, *checks_of(view, "lengths"))
prompt, answer = view.report.result("prompt_length"), view.report.result("answer_length")
if prompt is not None and answer is not None and usable(prompt) and usable(answer) and view.has("lengths"):
    draw_lengths(view, prompt, answer)
else:
    say_nothing_here(why_not(prompt if not usable(prompt) else answer))
requests = view.report.result("length_instruction")
if requests is not None and requests.status != "failed" and view.has(TABLE):
    draw_requests(view, requests)
