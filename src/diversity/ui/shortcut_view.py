"""The shortcuts page: what a part of the prompt gives away, and the records that give themselves away by it."""

from __future__ import annotations

from collections.abc import Sequence

from diversity.charts import draw
from diversity.charts.shortcut_probes import view_rows
from diversity.report import MetricResult
from diversity.ui.behind import draw_units
from diversity.ui.charting import part, show_figure, usable, why_not
from diversity.ui.choice import choose
from diversity.ui.i18n import t
from diversity.ui.markup import show, tag
from diversity.ui.page import say_nothing_here
from diversity.ui.view import View

METRIC, RECORDS = "shortcut_probes", "shortcut_records"
TARGETS = ("task_type", "answer_cluster")
VIEWS = ("first", "last", "trigger", "system", "length")
_UNITS = f"select record_id, turn, label, round(margin, 2) as margin from {RECORDS} where target = ? and view = ?"


def draw_shortcuts(view: View) -> None:
    """The figure of one target, or why there is none; then the records."""
    found = [result for result in view.report.results if result.metric == METRIC]
    target = _target(found)
    results = [result for result in found if result.params.get("target") == target]
    result = next((one for one in results if one.status == "ok"), results[0] if results else None)
    if result is None or not usable(result):
        say_nothing_here(why_not(result))
        return
    part(t("shortcuts.views"), t("shortcuts.views_explained"))
    _facts(result)
    show_figure(draw(METRIC, result, view_rows(results), t), f"shortcuts-{target}")
    _silent(results)
    if view.has(RECORDS):
        draw_given_away(view, target)


def draw_given_away(view: View, target: str) -> None:
    """The records whose class one part of the prompt tells for certain."""
    part(t("shortcuts.records"), t("shortcuts.records_explained"))
    sql = f"select view, count(*) as records from {RECORDS} where target = ? group by view"
    found = view.query(sql, [target])
    counts = {str(name): int(n) for name, n in zip(found["view"], found["records"], strict=True)}
    options = [name for name in VIEWS if counts.get(name)]
    if not options:
        say_nothing_here(t("shortcuts.none_given_away"))
        return
    chosen = choose(
        "view", options, options[0], t("shortcuts.view"), lambda name: t(f"shortcuts.view.{name}", n=counts[name])
    )
    columns = ("prompt", "task_type" if target == "task_type" else "label", "margin")
    draw_units(
        view, _UNITS, [target, chosen], order="margin desc, record_id", key=f"shortcuts-{target}", columns=columns
    )


def first_target(found: Sequence[MetricResult]) -> str:
    """What is guessed unless the reader asks: the first that there is a figure of."""
    told = {result.params.get("target") for result in found if result.status == "ok"}
    return next((target for target in TARGETS if target in told), TARGETS[0])


def _target(found: Sequence[MetricResult]) -> str:
    return choose(
        "target", TARGETS, first_target(found), t("shortcuts.target"), lambda name: t(f"shortcuts.target.{name}")
    )


def _facts(result: MetricResult) -> None:
    facts = [t("shortcuts.sample", n=result.info["records"]), t("shortcuts.classes", n=result.info["classes"])]
    if result.info["left_out"]:
        facts.append(t("shortcuts.left_out", n=result.info["left_out"]))
    show(tag("div", *(tag("span", fact, class_="dv-chip") for fact in facts), class_="dv-chips"))


def _silent(results: Sequence[MetricResult]) -> None:
    """Why a view has no bar."""
    for result in results:
        if result.status != "ok":
            name = t(f"chart.view.{result.params['view']}", k=result.params.get("k", 0))
            show(tag("div", f"{name}: {why_not(result)}", class_="dv-muted"))
