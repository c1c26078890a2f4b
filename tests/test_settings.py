from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diversity.errors import UsageError
from diversity.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("DIVERSITY_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_the_caller_beats_the_environment_beats_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "diversity.toml").write_text("seed = 1\n[duplicates]\nnear_threshold = 0.1\nnarrow_shingle = 9\n")
    assert load_settings().seed == 1
    monkeypatch.setenv("DIVERSITY_SEED", "2")
    monkeypatch.setenv("DIVERSITY_DUPLICATES__NEAR_THRESHOLD", "0.2")
    assert load_settings().seed == 2
    assert load_settings().duplicates.near_threshold == 0.2
    found = load_settings({"seed": 3, "duplicates.near_threshold": 0.3})
    assert (found.seed, found.duplicates.near_threshold, found.duplicates.narrow_shingle) == (3, 0.3, 9)


def test_a_file_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "diversity.toml").write_text("seed = 11")
    assert load_settings(folder=tmp_path / "x").seed == 11
    assert load_settings().seed == Settings().seed


def test_dotted_and_nested_say_the_same() -> None:
    nested = load_settings({"lengths": {"long_prompt": 9}, "checks": {"x": {"pass_at": 1, "warn_at": 2}}})
    assert nested == load_settings({"lengths.long_prompt": 9, "checks.x.pass_at": 1, "checks.x.warn_at": 2})


def test_a_dotted_key_adds_to_a_nested_one_and_changes_nothing_of_the_callers() -> None:
    given: dict[str, Any] = {"lengths": {"long_prompt": 9}, "lengths.long_answer": 8}
    found = load_settings(given).lengths
    assert (found.long_prompt, found.long_answer) == (9, 8)
    assert given == {"lengths": {"long_prompt": 9}, "lengths.long_answer": 8}


def test_deep_environment_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_CHECKS__ANSWER_LENGTH__PASS_AT", "3")
    monkeypatch.setenv("DIVERSITY_CHECKS__ANSWER_LENGTH__WARN_AT", "2")
    monkeypatch.setenv("DIVERSITY_SKIP_CHECKS", "prompt_length, semantic_map")
    found = load_settings()
    assert (found.checks["answer_length"].pass_at, found.checks["answer_length"].warn_at) == (3, 2)
    assert found.skip_checks == ("prompt_length", "semantic_map")


def test_an_environment_variable_may_part_levels_by_one_underscore(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_DUPLICATES_NEAR_THRESHOLD", "0.5")
    monkeypatch.setenv("DIVERSITY_LENGTHS__LONG_PROMPT", "77")
    found = load_settings()
    assert (found.duplicates.near_threshold, found.lengths.long_prompt) == (0.5, 77)


def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSITY_STORE", "/somewhere")
    monkeypatch.setenv("DIVERSITY_SHARED_DATA", "/elsewhere")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        ({"nope": 1}, "nope"),
        ({"lengths.nope": 1}, "lengths.nope"),
        ({"duplicates.nope": 1}, "duplicates.nope"),
        ({"key_info.nope": 1}, "key_info.nope"),
        ({"seed": "many"}, "seed"),
        ({"lengths": 5}, "lengths"),
        ({"lengths.long_prompt.deeper": 5}, "lengths.long_prompt"),
        ({"duplicates.folding": "wild"}, "duplicates.folding"),
        ({"checks.x.pass_at": "much"}, "checks.x.pass_at"),
        ({"semantic_map.sample": 3}, "semantic_map.sample"),
        ({"semantic_map.minimum_points": 1}, "semantic_map.minimum_points"),
        ({"": 1}, "no setting"),
    ],
)
def test_a_bad_setting_is_named(overrides: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        load_settings(overrides)


def test_a_value_and_a_field_of_it_do_not_crash() -> None:
    with pytest.raises(UsageError, match="seed"):
        load_settings({"seed": 5, "seed.deeper": 4})


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    for content in (b"seed = ", b"\xff\xfe"):
        (tmp_path / "diversity.toml").write_bytes(content)
        with pytest.raises(UsageError, match=r"diversity\.toml"):
            load_settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().seed = 3  # type: ignore[misc]


def test_every_default_survives_json() -> None:
    assert Settings.model_validate_json(Settings().model_dump_json()) == Settings()


@pytest.mark.parametrize(
    "setting",
    [
        "duplicates.near_threshold=7",
        "duplicates.wide_shingle=0",
        "key_info.min_tokens=-5",
        "lengths.long_prompt=0",
        "seed=-1",
        "set_diversity.seed=4294967296",
    ],
)
def test_nonsense_is_refused_by_name(setting: str) -> None:
    name, value = setting.split("=")
    with pytest.raises(UsageError, match=name.replace(".", r"\.")):
        load_settings({name: value})


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(UsageError, match=r"did you mean duplicates\.near_threshold\?") as found:
        load_settings({"duplicates.near_treshold": "0.7"})
    assert found.value.code == "no_setting_near"
    with pytest.raises(UsageError, match="There is no setting xyzzy") as found:
        load_settings({"xyzzy": "0.7"})
    assert found.value.code == "no_setting"


def test_a_value_of_the_wrong_kind_names_its_setting() -> None:
    with pytest.raises(UsageError, match=r"Setting duplicates\.near_threshold: ") as found:
        load_settings({"duplicates.near_threshold": "much"})
    assert found.value.code == "setting"
