"""Reports and comparisons in a few lines of text, for the terminal, in the reader's language: checks under the names
that settings and exports use, figures under those of the pages."""

from __future__ import annotations

import unicodedata

from diversity.comparison.deltas import MetricDelta
from diversity.comparison.drift import Drift
from diversity.comparison.regions import Region
from diversity.comparison.versions import Comparison
from diversity.errors import DiversityError
from diversity.report import Check, Report
from diversity.words.catalogue import number
from diversity.words.checks import (
    JUDGED,
    MARKS,
    advice_sentence,
    check_sentence,
    error_sentence,
    reason_sentence,
    shown_value,
    threshold_text,
    worst_first,
)
from diversity.words.comparison import (
    change_sentence,
    delta_name,
    edits_sentence,
    interval_words,
    region_sentences,
    rows_sentence,
    short,
    shown_verdict,
    signed,
    turned_checks,
    type_sentences,
)
from diversity.words.drift_sentence import drift_sentence
from diversity.words.drift_words import drift_figures, drift_name, drift_size
from diversity.words.headline import summary
from diversity.words.intake import id_sentences
from diversity.words.language import one_line, p_value, t, t_or, terminal_language

REGIONS = 10
_VERDICT, _OUTCOME, _NAME, _FIGURE = 16, 15, 24, 12
_DELTA_NAME, _DELTA, _CHANGE = 44, 18, 18


def error_line(error: DiversityError) -> str:
    """What went wrong. The message of an error is English and speaks of options; other languages have the catalogue's,
    with words of its own where the mend is an option."""
    if terminal_language() == "en":
        return str(error)
    said = error_sentence(error.code, str(error), error.facts)
    return t_or(f"error.{error.code}.terminal", said, **error.facts)


def report_lines(report: Report) -> list[str]:
    """The verdict first, then the checks, worst first, and for each that does not pass what to do next."""
    judged = [check for check in report.checks if check.outcome in JUDGED]
    passed = sum(check.outcome == "pass" for check in judged)
    head = t(
        "terminal.headline",
        dataset=report.dataset,
        version=report.version,
        records=report.intake.records,
        passed=passed,
        total=len(judged),
    )
    rows = t(
        "terminal.rows",
        read=report.rows.read,
        aside=report.rows.set_aside,
        shape=report.intake.shape,
        embedder=report.embedder,
        tokenizer=report.tokenizer,
    )
    tools = report.intake.tool_turns
    also = [t("intake.tool_turns", n=tools)] if tools else []
    rows += "".join(t("terminal.also", said=said) for said in [*also, *id_sentences(report.intake)])
    long = report.intake.reasons.get("long_label", 0)
    said = [t("types.long_labels", n=long)] if long else []
    return [head, rows, *said, *(line for check in worst_first(report.checks) for line in _check_lines(check))]


def _check_lines(check: Check) -> list[str]:
    label = f"{MARKS[check.outcome]} {_wide(t(f'outcome.{check.outcome}'), _OUTCOME)}{check.check:<{_NAME}}"
    if check.outcome not in JUDGED:
        return [f"{label}{check_sentence(check)}"]
    goal = threshold_text(check)
    line = f"{label}{_wide(shown_value(check), -_FIGURE)}  {t('terminal.goal', goal=goal) if goal else ''}"
    if check.outcome == "pass":
        return [line.rstrip()]
    advice = advice_sentence(check)
    said = [check_sentence(check), *([t("terminal.next", advice=advice)] if advice else [])]
    return [line.rstrip(), *(f"    {sentence}" for sentence in said)]


def comparison_lines(found: Comparison) -> list[str]:
    """The comparison in sentences, then its figures, what moved most first."""
    moved = [region for region in found.regions if region.moved != "same"]
    figures = [_metric_line(delta) for delta in found.metrics if delta.change is not None]
    return [
        f"{found.dataset}: {summary(found)}{t('terminal.unchanged', n=found.records.unchanged)}",
        *([reason_sentence(found.unlike)] if found.unlike else []),
        *(said for said in (edits_sentence(found), rows_sentence(found)) if said),
        *type_sentences(found),
        *(change_sentence(check) for check in turned_checks(found)),
        drift_sentence(found),
        *region_sentences(found),
        "",
        *([t("terminal.figures")] if figures and not found.unlike else []),
        *figures,
        *(_drift_line(drift) for drift in found.drift if drift.reason is None or drift.reason != found.unlike),
        *map(_region_line, moved[:REGIONS]),
    ]


def _metric_line(delta: MetricDelta) -> str:
    named = f"{delta.metric} ({delta.field}{''.join(f', {k} {v}' for k, v in delta.params.items())})"
    before, after = short(delta.before, delta.unit), short(delta.after, delta.unit)
    cells = [
        _wide(t(f"versions.verdict.{shown_verdict(delta)}"), _VERDICT),
        _wide(delta_name(delta, named), _DELTA_NAME),
        f"{_wide(before, -_DELTA)} → {_wide(after, _DELTA)}",
        _wide(signed(delta.change, delta.unit), _CHANGE),
        f"[{interval_words(delta)}]",
    ]
    return " ".join(cells)


def _drift_line(drift: Drift) -> str:
    name = _wide(t("terminal.drift", name=drift_name(drift.of)), _DELTA_NAME)
    if drift.status != "ok":
        return f"{'–':<{_VERDICT}} {name} {reason_sentence(drift.reason)}"
    drawn = t(
        "terminal.drawn",
        figures=drift_figures(drift),
        p=p_value(drift.p_adjusted),
        before=drift.only_before,
        after=drift.only_after,
        n=drift.sample_size,
    )
    size = _wide(t(f"drift.size.{drift_size(drift)}"), _VERDICT)
    return f"{size} {name} {number(drift.effect)} {drawn}"


def _region_line(region: Region) -> str:
    return (
        f"{_wide(t(f'terminal.region_{region.moved}'), _VERDICT)} {region.field}: {one_line(region.name, 60)} "
        f"{region.before:.1%} → {region.after:.1%} (p {p_value(region.p)})"
    )


def _wide(text: str, width: int) -> str:
    """The text filled up to columns of a terminal, where Chinese characters take two; on the left where negative."""
    taken = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    room = " " * max(abs(width) - taken, 0)
    return room + text if width < 0 else text + room
