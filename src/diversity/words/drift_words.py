"""What a drift is called, how large it is and what moved, in words."""

from __future__ import annotations

from typing import Any

from diversity.comparison.drift import Drift
from diversity.comparison.exchange import SMALLEST
from diversity.words.language import one_line, t, t_or

MOVED = 3
# Figures of fewer rows are not compared; and two distributions of fewer are told apart only when they are farther apart
# than a large drift (Kolmogorov-Smirnov: 0.30 at 5%, an effect of 0.8).
FEWEST = SMALLEST
# Where the words for a table's classes stand in the catalogues.
CLASS_WORDS = {"key_info_position": "key.class", "topic_switch": "talk.class", "system_effect": "system.class"}


def drift_name(of: str) -> str:
    """What a drift is about, in plain words."""
    table = of.removeprefix("table.")
    return t_or(f"drift.of.{table}", t_or(f"table.{table}", table.replace("_", " ")))


def drift_size(drift: Drift) -> str:
    """The size of a drift, but `unclear` also where so few rows could hardly show one: they prove no sameness."""
    few = drift.size == "none" and drift.changed and drift.sample_size is not None and drift.sample_size < FEWEST
    return "unclear" if few else str(drift.size)


def drift_figures(drift: Drift) -> str:
    """The distances that a drift was measured by, for who knows them: first the one that its effect is."""
    found = _values(drift)
    values = {name: f"{value:.4f}" if name == "mmd2" else f"{value:.3f}" for name, value in found.items()}
    values = {name: value.replace("-", "−") for name, value in values.items()}
    by_nearness = drift.kind == "meaning" and found["nearness_auc"] > found["auc"]
    return t("drift.figures.nearness" if by_nearness else f"drift.figures.{drift.kind}", **values)


def what_moved(drift: Drift) -> str:
    """What a drift consists of, in a sentence."""
    if drift.changed == 0:
        return t("drift.nothing_changed")
    values = _values(drift)
    if drift.kind == "meaning":
        return t("drift.said.meaning", auc=max(values["auc"], values["nearness_auc"]), changed=values["changed_auc"])
    if drift.kind == "lengths":
        return _lengths_moved(drift, times=f"{2 ** values['wasserstein_doublings']:.2f}")
    if not drift.info["moved"]:
        return t("drift.same_shares")
    moved = [_class_moved(drift, one) for one in drift.info["moved"][:MOVED]]
    return t("drift.said.classes", share=values["total_variation"], moved=t("versions.comma").join(moved))


def in_short(drift: Drift) -> str:
    """A drift by its name, its size and, where a few words say it, what moved most."""
    name, size = drift_name(drift.of), t(f"drift.size.{drift.size}")
    medians = _medians(drift)
    moved = drift.info.get("moved")
    if moved:
        return t("drift.short", name=name, size=size, moved=_class_moved(drift, moved[0]))
    if medians["before"] != medians["after"]:
        return t("drift.short", name=name, size=size, moved=t("drift.short_lengths", **medians))
    return t("drift.summary_one", name=name, size=size)


def _values(drift: Drift) -> dict[str, float]:
    return {figure.name: figure.value for figure in drift.figures}


def _class_moved(drift: Drift, moved: Any) -> str:
    name, before, after = moved
    return t("drift.class_moved", name=class_name(drift.of, name), before=before, after=after)


def _lengths_moved(drift: Drift, times: str) -> str:
    if times == "1.00":
        return t("drift.said.lengths_alike", **_medians(drift))
    return t("drift.said.lengths", times=times, **_medians(drift))


def _medians(drift: Drift) -> dict[str, float | None]:
    return {side: drift.info.get(f"median_{side}") for side in ("before", "after")}


def class_name(of: str, name: str) -> str:
    """A class in plain words: languages, numbers of turns and tables' classes are codes, task types the data's own."""
    if of.endswith("_language"):
        return t_or(f"chart.language.{name}", name)
    if of == "turn_count":
        return t("drift.turns", n=int(name))
    words = CLASS_WORDS.get(of.removeprefix("table."))
    return t_or(f"{words}.{name}", name) if words else one_line(name, 40)
