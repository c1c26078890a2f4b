"""What drifted, in words of both languages."""

from __future__ import annotations

import pytest

from diversity.comparison.drift import Drift, DriftFigure
from diversity.ui.compare_drift import class_name, what_moved


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
