"""Whether two reports were measured with one ruler: a difference between rulers says nothing about the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from diversity.report import Report

# Settings that no figure depends on, or only one that says itself what it was held against (`info["reference_key"]`).
NOT_THE_RULER = ("device", "seed", "checks", "skip_checks", "skip_metrics", "taxonomy")
# What is counted from the labels alone.
LABELS_ONLY = ("task_type_coverage", "task_type_balance")
Unlike = Literal["settings_differ", "measured_differently"]


def unlike(before: Report, after: Report) -> Unlike | None:
    """Why the figures of two reports can't be held against each other; None where they can.

    `measured_differently`: by another release of this program or of a package, another model or tokenizer under the
    same name. What an old report does not say counts as the same.
    """
    names = {*before.settings, *after.settings} - {*NOT_THE_RULER}
    if any(before.settings.get(name) != after.settings.get(name) for name in names):
        return "settings_differ"
    keys = ((before.embedder_key, after.embedder_key), (before.tokenizer_key, after.tokenizer_key))
    other_key = any(old is not None and new is not None and old != new for old, new in keys)
    same_code = before.code_version == after.code_version
    if same_code and not other_key and _same_releases(before.packages, after.packages):
        return None
    return "measured_differently"


def unlike_for(metric: str, why: Unlike | None) -> Unlike | None:
    """The same for one metric's figures: those counted from the labels alone depend on no setting."""
    return None if why == "settings_differ" and metric in LABELS_ONLY else why


def _same_releases(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether the packages that both reports name are of the same releases.

    One release is built for several machines (`2.13.0+cpu`), and a team has several.
    """
    return all(before[name].split("+")[0] == after[name].split("+")[0] for name in before.keys() & after.keys())
