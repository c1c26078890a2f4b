"""What drifted in a sentence or three: what did, what could not be told, and what was not looked at."""

from __future__ import annotations

from collections.abc import Sequence

from diversity.comparison import Comparison
from diversity.comparison.drift import Drift
from diversity.words.drift_words import drift_name, drift_size
from diversity.words.headline import too_few
from diversity.words.language import t

DRIFTS = 4


def drift_sentence(found: Comparison) -> str:
    """What drifted, the largest first, or that nothing did in what was compared; then what cannot be told, and why.

    "No drift" names what it is said of: a reader takes a silence about meaning for sameness in meaning.
    """
    told = [drift for drift in found.drift if drift.size is not None]
    few = too_few(found)
    if few and all(drift_size(drift) in ("unclear", "none") for drift in told):
        return t("drift.summary_few", version=few[0], n=few[1])
    if not told:
        return t("drift.summary_unknown")
    asked = _asked(found.drift)
    unclear = [drift for drift in told if drift.size == "unclear"]
    scarce = [] if few else [drift for drift in told if drift.size == "none" and drift_size(drift) == "unclear"]
    said = [
        _found(told, asked),
        _listed("drift.summary_unclear", [drift_name(one.of) for one in unclear]),
        _listed("drift.summary_scarce", _named(scarce, asked)),
        _listed("drift.summary_not_judged", _not_judged(asked)),
    ]
    return t("drift.summary_between").join(sentence for sentence in said if sentence)


def _asked(drifts: Sequence[Drift]) -> list[Drift]:
    """All, but labels of a level that there are none of: few sets have a second, and nobody misses it."""
    told = {_group(drift.of) for drift in drifts if drift.size is not None}
    return [one for one in drifts if one.size is not None or one.reason != "no_labels" or _group(one.of) not in told]


def _found(told: list[Drift], asked: list[Drift]) -> str:
    """The drifts that chance does not explain; else in what there is none."""
    moved = [drift for drift in told if drift.size not in ("none", "unclear", "tiny")]
    if moved:
        return t("drift.summary", what=t("versions.comma").join(_drifted(one) for one in moved[:DRIFTS]))
    tiny = [drift for drift in told if drift.size == "tiny"]
    if tiny:
        return _listed("drift.summary_tiny", [drift_name(one.of) for one in tiny[:DRIFTS]])
    return _listed("drift.summary_none", _named([one for one in told if drift_size(one) == "none"], asked))


def _drifted(drift: Drift) -> str:
    return t("drift.summary_one", name=drift_name(drift.of), size=t(f"drift.size.{drift.size}"))


def _listed(key: str, names: Sequence[str]) -> str:
    """The sentence about what has names; nothing where nothing has."""
    return t(key, what=t("versions.comma").join(names)) if names else ""


def _not_judged(asked: list[Drift]) -> list[str]:
    """What has no size, each with why."""
    reasons = dict.fromkeys(drift.reason for drift in asked if drift.size is None)
    named = ((why, _named([one for one in asked if one.size is None and one.reason == why], asked)) for why in reasons)
    return [
        t("drift.summary_why", names=t("drift.summary_and").join(names), why=t(f"drift.why.{why}"))
        for why, names in named
    ]


def _named(chosen: list[Drift], among: Sequence[Drift]) -> list[str]:
    """Names of respects: of their group where all of it that is `among` is chosen, else one by one."""
    groups = dict.fromkeys(_group(drift.of) for drift in chosen)
    names: list[str] = []
    for group in groups:
        own = [drift for drift in chosen if _group(drift.of) == group]
        whole = len(own) == sum(_group(drift.of) == group for drift in among)
        names += [t(f"drift.group.{group}")] if whole else [drift_name(drift.of) for drift in own]
    return names


def _group(of: str) -> str:
    """task_type, turn_count, language, length, meaning, or table for what other metrics class records by."""
    if of.startswith("table."):
        return "table"
    return "task_type" if of.startswith("task_type") else of.removeprefix("prompt_").removeprefix("answer_")
