"""Checks and errors in words: the sentence with the number that carries it, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from diversity.ingest.sources import shown_name
from diversity.report import Check, Report
from diversity.words.details import detail_sentence
from diversity.words.language import figure, known, one_line, t, t_or
from diversity.words.places import place_text

MARKS = {"fail": "✗", "warn": "!", "pass": "✓", "not_applicable": "–", "skipped": "–"}
WORST_FIRST = ("fail", "warn", "pass", "skipped", "not_applicable")
JUDGED = ("pass", "warn", "fail")
TEXT_IN_SENTENCE = 60
MOST_DECIMALS = 6
FAILS_NAMED = 4
_CODES = frozenset({"top", "largest", "smallest", "kind"})


def worst_first(checks: Sequence[Check]) -> list[Check]:
    """Fails, then warnings, then passes, then what could not be judged; answers before the rest, because they carry
    the loss."""
    return sorted(checks, key=lambda c: (WORST_FIRST.index(c.outcome), c.group != "answers"))


def check_title(check: Check) -> str:
    """What the check looks at, in plain words."""
    return t_or(f"check.{check.check}.title", check.check.replace("_", " "))


def check_sentence(check: Check) -> str:
    """The verdict of one check with its figure; for one without a figure, why there is none.

    Where the catalogue has a sentence for the outcome and the advice together, that one, and where it has one for what
    there is nothing of (`_form`), that one.
    """
    if check.outcome == "skipped":
        return t("check.skipped")
    if check.outcome == "not_applicable":
        return reason_sentence(check.reason)
    general = t(f"check.any.{check.outcome}", value=shown_value(check))
    key, said = _form(f"check.{check.check}.{check.outcome}", check), numbers(check)
    return t_or(f"{key}.{check.advice}", t_or(key, general, **said), **said)


def _form(key: str, check: Check) -> str:
    """The key of the sentence where the figure (`<key>_none`) or a piece of evidence (`<key>.no_<name>`) is zero or
    missing, if the catalogue has one: "0.0% of the prompts" is nothing that anybody says."""
    if check.value == 0 and known(f"{key}_none"):
        return f"{key}_none"
    missing = (f"{key}.no_{name}" for name, value in check.evidence.items() if not value)
    return next((form for form in missing if known(form)), key)


def reason_sentence(code: str | None) -> str:
    """Why there is no figure."""
    return t_or(f"reason.{code}", t("reason.unknown", code=code or "–"))


def error_sentence(code: str | None, message: str, facts: Mapping[str, Any]) -> str:
    """What went wrong in the reader's language; the error's own message where the catalogue does not know it."""
    said = dict(facts)
    if "reason" in said:
        said["reason"] = t_or(f"reason.{said['reason']}", str(said["reason"]))
    if "detail" in said:
        said["detail"] = detail_sentence(str(said["detail"]))
    if "line" in said:
        said["place"] = place_text(said["line"], said.get("numbered") != "row")
    if "path" in said:
        said["path"] = shown_name(Path(said["path"]))
    return t_or(f"error.{code}", message, **said)


def advice_sentence(check: Check) -> str | None:
    """What to do next about a check that did not pass, or None where the check gives no advice."""
    if check.outcome not in ("warn", "fail") or check.advice is None:
        return None
    key = _form(f"check.{check.check}.next.{check.advice}", check)
    return t_or(key, t("check.any.next", title=check_title(check)), **numbers(check))


def check_why(check: Check) -> str | None:
    """Why the check is held and where its thresholds come from."""
    return t_or(f"check.{check.check}.why", "") or None


def numbers(check: Check) -> dict[str, Any]:
    """What a check's sentences may use: `{value}` in its unit, `{pass_at}`, `{warn_at}`, `{records}`, and every item
    of the evidence."""
    return {
        **{key: _word(key, value) for key, value in check.evidence.items()},
        "value": shown_value(check),
        "pass_at": figure(check.threshold.get("pass"), check.unit),
        "warn_at": figure(check.threshold.get("warn"), check.unit),
        "records": check.records or 0,
    }


def shown_value(check: Check) -> str:
    """The check's figure in its unit, with as many decimals as tell it from the limits that it is not: 99.97% does not
    pass where 100.0% is asked for, and 0.002% is not none."""
    shown = figure(check.value, check.unit)
    ends = (0.0, 1.0) if check.unit == "ratio" else ()
    near = [limit for limit in (*check.threshold.values(), *ends) if limit != check.value]
    decimals = 1
    while any(shown == figure(limit, check.unit, decimals) for limit in near) and decimals < MOST_DECIMALS:
        decimals += 1
        shown = figure(check.value, check.unit, decimals)
        near = [limit for limit in near if figure(limit, check.unit, decimals) == shown]
    return shown


def threshold_text(check: Check) -> str:
    """How good is good enough: `≤ 5.0%` or `≥ 8.0`."""
    if check.direction == "none" or "pass" not in check.threshold:
        return ""
    sign = "≥" if check.direction == "higher" else "≤"
    return f"{sign} {figure(check.threshold['pass'], check.unit)}"


def headline(report: Report) -> str:
    """The verdict on a version: how many checks fail, warn and pass, then which fail; where one does or none, the
    sentence of the worst."""
    judged = worst_first([check for check in report.checks if check.outcome in JUDGED])
    about = {"version": report.version, "records": report.intake.records}
    if not judged:
        return t("overview.headline_none", **about)
    counts = {outcome: sum(check.outcome == outcome for check in judged) for outcome in WORST_FIRST}
    comma = t("overview.comma")
    said = comma.join(t(f"overview.count_{outcome}", n=n) for outcome, n in counts.items() if n)
    opening = t("overview.headline", **about, total=len(judged), counts=said)
    if counts["pass"] == len(judged):
        return f"{opening}{t('overview.headline_all')}"
    if counts["fail"] <= 1:
        return f"{opening}{t('overview.headline_worst', sentence=check_sentence(judged[0]))}"
    names = [t("overview.named", title=check_title(check)) for check in judged[: min(counts["fail"], FAILS_NAMED)]]
    more = counts["fail"] - len(names)
    names += [t("overview.headline_more", n=more)] if more else []
    return f"{opening}{t('overview.headline_fails', names=comma.join(names))}"


def _word(key: str, value: Any) -> Any:
    """Evidence as a sentence says it: a code such as `head` in the reader's language, a text on one short line."""
    if isinstance(value, list | tuple):
        return [_word(key, item) for item in value]
    if not isinstance(value, str):
        return value
    if key in ("reason", "damage"):
        return t_or(f"reason.{value}", value)
    if key == "detail":
        return one_line(detail_sentence(value))
    if key == "file":
        return one_line(Path(value).name, TEXT_IN_SENTENCE)
    return t_or(f"word.{value}", value) if key in _CODES else one_line(value, TEXT_IN_SENTENCE)
