"""What drifted, in words of both languages."""

from __future__ import annotations

import pytest

from diversity.ui.compare_drift import class_name


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
