"""Drifts in words of both languages: classes, what moved, and what the effect is."""

from __future__ import annotations

import pytest

from diversity.comparison.drift import Drift, DriftFigure
from diversity.words.drift_words import class_name, drift_figures, what_moved


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("of", "name"),
    [
        ("table.system_effect", "effective"),
        ("table.system_effect", "decorative"),
        ("table.system_effect", "absent"),
        ("table.topic_switch", "unrelated"),
        ("table.key_info_position", "localised"),
        ("prompt_language", "zh"),
    ],
)
def test_classes_have_words(monkeypatch: pytest.MonkeyPatch, language: str, of: str, name: str) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", language)
    said = class_name(of, name)
    assert said != name
    assert (said.isascii()) == (language == "en")


@pytest.mark.parametrize(("doublings", "said"), [(0.2, "约 1.15 倍"), (2.0, "约 4.00 倍"), (0.004, "几乎没有差别")])
def test_lengths_differ_by_a_factor(monkeypatch: pytest.MonkeyPatch, doublings: float, said: str) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "zh")
    drift = Drift(
        of="prompt_length",
        kind="lengths",
        changed=9,
        figures=[DriftFigure(name="wasserstein_doublings", value=doublings)],
        info={"median_before": 26.0, "median_after": 25.0},
    )
    assert said in what_moved(drift)


@pytest.mark.parametrize(
    ("near", "far", "first"),
    [(0.597, 0.639, "Effect from the domain classifier's AUC 0.639"), (0.7, 0.639, "Effect from the AUC by nearness")],
)
def test_the_figure_that_the_effect_is_stands_first(
    monkeypatch: pytest.MonkeyPatch, near: float, far: float, first: str
) -> None:
    monkeypatch.setenv("DIVERSITY_LANGUAGE", "en")
    named = {"auc": far, "nearness_auc": near, "mmd2": -0.0003}
    drift = Drift(
        of="prompt_meaning",
        kind="meaning",
        figures=[DriftFigure(name=name, value=value) for name, value in named.items()],
    )
    assert drift_figures(drift).startswith(first)
    assert drift_figures(drift).endswith("MMD² −0.0003")
