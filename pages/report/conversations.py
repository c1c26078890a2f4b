"""Do later turns both lean on their session and leave it, and do answers both obey a system prompt and ignore one?"""

from __future__ import annotations

from diversity.ui.charting import checks_of
from diversity.ui.conversation_view import choose_section, draw_topics
from diversity.ui.page import open_page
from diversity.ui.system_view import draw_system
from diversity.ui.verdict import page_verdict

view = open_page("conversations")
page_verdict(view, "topic_switch", "system_effect", *checks_of(view, "conversations"))
if choose_section(view) == "topics":
    draw_topics(view)
else:
    draw_system(view)
