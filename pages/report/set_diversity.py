"""How diverse is the set as a whole, against earlier versions at equal size, and which records are nearly the same?"""

from __future__ import annotations

from diversity.ui.charting import checks_of, why_not
from diversity.ui.page import open_page, say_nothing_here
from diversity.ui.set_diversity_view import draw_set_diversity, figures_of
from diversity.ui.verdict import page_verdict

view = open_page("set_diversity")
page_verdict(view, "vendi_score", *checks_of(view, "set_diversity"))
if figures_of(view.report):
    draw_set_diversity(view)
elif view.report.check("vendi_score") is None:
    say_nothing_here(why_not(view.report.result("vendi_score")))
