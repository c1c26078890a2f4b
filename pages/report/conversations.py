"""Do later turns both lean on their session and leave it, and do answers both obey a system prompt and ignore one?"""

from __future__ import annotations

from diversity.ui.charting import checks_of, why_not
from diversity.ui.conversation_view import TABLE, draw_topics
from diversity.ui.page import open_page, say_nothing_here
from diversity.ui.system_view import draw_system
from diversity.ui.verdict import page_verdict

view = open_page("conversations")
page_verdict(view, "topic_switch", *checks_of(view, "conversations"))
result = view.report.result("topic_switch")
if result is not None and result.status != "failed" and view.has(TABLE):
    draw_topics(view, result)
else:
    say_nothing_here(why_not(result))
draw_system(view)
