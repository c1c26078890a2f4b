"""Every metric that exists has its whole card in both languages, and thresholds are those of the settings."""

from __future__ import annotations

import pytest

from diversity.metrics import discover
from diversity.metrics.base import Metric
from diversity.ui.cards import PARTS, by_group, thresholds
from diversity.ui.i18n import LANGUAGES, catalogue

METRICS = discover()
SHORTEST = 12


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_has_its_whole_card(metric: Metric, language: str):
    strings = catalogue(language)
    for part in ("title", "asks", *PARTS):
        said = strings.get(f"card.{metric.name}.{part}", "")
        assert len(said) >= (2 if part == "title" else SHORTEST if language == "en" else SHORTEST // 2), part
        assert "{" not in said, part
    assert f"cards.field.{metric.field}" in strings
    assert f"cards.direction.{metric.direction}" in strings
    assert f"cards.unit.{metric.unit}" in strings


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_no_card_is_of_a_metric_that_does_not_exist(language: str):
    named = {key.split(".")[1] for key in catalogue(language) if key.startswith("card.")}
    assert named <= {metric.name for metric in METRICS}


def test_every_metric_stands_in_one_group():
    found = [metric.name for metrics in by_group(METRICS).values() for metric in metrics]
    assert sorted(found) == sorted(metric.name for metric in METRICS)


def test_thresholds_of_the_settings_replace_the_defaults():
    spec = next(spec for metric in METRICS for spec in metric.checks if spec.name == "answer_duplication")
    assert "≤ 2.0%" in thresholds(spec, None)
    assert "≤ 5.0%" in thresholds(spec, {"pass_at": 0.05, "warn_at": 0.2})
